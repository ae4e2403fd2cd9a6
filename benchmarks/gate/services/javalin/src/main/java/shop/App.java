package shop;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A list as JSON, made anew for each request, which has a virtual thread of its own. */
public class App {
  record Item(int id, String name, double price, List<String> tags) {}

  static byte[] kept;

  private static int number(String name) {
    return Integer.parseInt(System.getenv().getOrDefault(name, "0"));
  }

  public static void main(String[] args) {
    int extraRounds = number("EXTRA_CPU");
    kept = new byte[number("KEEP_KB") * 1024];
    Arrays.fill(kept, (byte) 1);
    ObjectMapper json = new ObjectMapper();
    Javalin.create(
            config -> {
              config.concurrency.useVirtualThreads = true;
              config.startup.showJavalinBanner = false;
              config.routes.get(
                  "/",
                  request -> {
                    List<Item> items = new ArrayList<>();
                    for (int i = 0; i < 20; i++) {
                      items.add(new Item(i, "item " + i, i * 1.5, List.of("small", "blue")));
                    }
                    for (int i = 0; i < extraRounds; i++) {
                      json.readValue(json.writeValueAsString(items.get(i % 20)), Item.class);
                    }
                    request.json(items);
                  });
            })
        .start("127.0.0.1", number("PORT"));
  }
}
