import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;

/**
 * Answers targets/PROGRAM.md with threads, virtual or the platform's: a command a line on standard
 * input, a line of JSON for each on standard output.
 */
public final class Program {
    private final ThreadFactory threads;
    private final Tasks tasks;

    private Program(ThreadFactory threads) {
        this.threads = threads;
        this.tasks = new Tasks(threads);
    }

    public static void main(String[] arguments) throws IOException {
        boolean virtual = arguments.length == 1 && arguments[0].equals("virtual");
        Program program = new Program(
            virtual ? Thread.ofVirtual().factory() : Thread.ofPlatform().daemon().factory());
        BufferedReader input = new BufferedReader(
            new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            if (line.strip().equals("exit")) break;
            try {
                System.out.println(json(program.obey(line.strip().split("\\s+"))));
            } catch (IllegalArgumentException | InterruptedException problem) {
                System.err.println("wakeup-java: " + problem.getMessage());
                System.exit(1);
            }
        }
        System.exit(0);
    }

    /** Runs the command in a task: the one that wakes and awaits others is of their kind. */
    private Answer obey(String[] words) throws InterruptedException {
        Measurement measurement = measurementOf(words);
        Answer[] answer = new Answer[1];
        Throwable[] problem = new Throwable[1];
        Thread task = threads.newThread(() -> {
            try {
                answer[0] = measurement.run();
            } catch (InterruptedException | RuntimeException | Error thrown) {
                problem[0] = thrown;
            }
        });
        task.start();
        task.join();
        if (problem[0] != null) throw new IllegalArgumentException(problem[0]);
        return answer[0];
    }

    private Measurement measurementOf(String[] words) {
        int[] numbers = Arrays.stream(words).skip(1).mapToInt(Integer::parseInt).toArray();
        return switch (words[0] + " " + numbers.length) {
            case "ping-pong 1" -> () -> tasks.pingPong(numbers[0]);
            case "spawn-join 1" -> () -> tasks.spawnJoin(numbers[0]);
            case "park 1" -> () -> tasks.park(numbers[0]);
            case "wake 0" -> tasks::wakeAll;
            case "timer 2" -> () -> tasks.timer(numbers[0], numbers[1]);
            default -> throw new IllegalArgumentException(
                "there is no command " + String.join(" ", words));
        };
    }

    private static String json(Answer answer) {
        String head = "{\"operations\":" + answer.operations() + ",\"elapsedNs\":" + answer.elapsedNs();
        if (answer.samplesNs() == null) return head + "}";
        return head + Arrays.stream(answer.samplesNs())
            .mapToObj(Long::toString)
            .collect(Collectors.joining(",", ",\"samplesNs\":[", "]}"));
    }

    private interface Measurement {
        Answer run() throws InterruptedException;
    }
}
