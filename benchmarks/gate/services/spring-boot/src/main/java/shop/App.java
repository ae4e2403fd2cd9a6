package shop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A list as JSON, made anew for each request. */
@SpringBootApplication
@RestController
public class App {
  record Item(int id, String name, double price, List<String> tags) {}

  private final ObjectMapper json;
  private final int extraRounds;
  private final byte[] kept;

  App(
      ObjectMapper json,
      @Value("${EXTRA_CPU:0}") int extraRounds,
      @Value("${KEEP_KB:0}") int keepKb) {
    this.json = json;
    this.extraRounds = extraRounds;
    this.kept = new byte[keepKb * 1024];
    Arrays.fill(kept, (byte) 1);
  }

  public static void main(String[] args) {
    SpringApplication.run(App.class, args);
  }

  @GetMapping("/")
  public List<Item> list() throws JsonProcessingException {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      items.add(new Item(i, "item " + i, i * 1.5, List.of("small", "blue")));
    }
    for (int i = 0; i < extraRounds; i++) {
      json.readValue(json.writeValueAsString(items.get(i % 20)), Item.class);
    }
    return items;
  }
}
