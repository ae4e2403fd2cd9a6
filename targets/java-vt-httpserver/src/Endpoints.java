import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/** The handlers, one for each endpoint of the contract. */
final class Endpoints {
    private static final int MAX_SLEEP_MILLIS = 60_000;
    private static final int MAX_CPU_ROUNDS = 10_000_000;
    private static final int MAX_BODY_BYTES = 4 * 1024 * 1024;

    private static final String TEXT = "text/plain";
    private static final String JSON = "application/json";
    private static final byte[] HELLO = "Hello, World!".getBytes(US_ASCII);
    private static final byte[] SLEPT = "slept".getBytes(US_ASCII);
    private static final byte[] HEALTHY = "ok".getBytes(US_ASCII);

    private Endpoints() {}

    static void plaintext(HttpExchange exchange) throws IOException {
        if (isExactly(exchange, "GET")) {
            Reply.ok(exchange, TEXT, HELLO);
        }
    }

    static void json(HttpExchange exchange) throws IOException {
        if (isExactly(exchange, "GET")) {
            Reply.ok(exchange, JSON, new Message("Hello, World!").toJson().getBytes(UTF_8));
        }
    }

    static void health(HttpExchange exchange) throws IOException {
        if (isExactly(exchange, "GET")) {
            Reply.ok(exchange, TEXT, HEALTHY);
        }
    }

    static void echo(HttpExchange exchange) throws IOException {
        if (!isExactly(exchange, "POST")) {
            return;
        }
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        if (length != null && Long.parseLong(length) > MAX_BODY_BYTES) {
            Reply.emptyAndClose(exchange, 413);
            return;
        }
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            Reply.emptyAndClose(exchange, 413);
        } else if (length != null && body.length != Long.parseLong(length)) {
            // The client has left in the middle of its body.
            exchange.close();
        } else {
            String type = exchange.getRequestHeaders().getFirst("Content-Type");
            Reply.ok(exchange, type == null ? "application/octet-stream" : type, body);
        }
    }

    static void sleep(HttpExchange exchange) throws IOException {
        if (!hasMethod(exchange, "GET")) {
            return;
        }
        int millis = number(parameter(exchange), MAX_SLEEP_MILLIS);
        if (millis < 0) {
            Reply.empty(exchange, 400);
            return;
        }
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        Reply.ok(exchange, TEXT, SLEPT);
    }

    static void cpu(HttpExchange exchange) throws IOException {
        if (!hasMethod(exchange, "GET")) {
            return;
        }
        int rounds = number(parameter(exchange), MAX_CPU_ROUNDS);
        if (rounds < 0) {
            Reply.empty(exchange, 400);
            return;
        }
        String result = Integer.toUnsignedString(CpuWork.run(rounds));
        Reply.ok(exchange, TEXT, result.getBytes(US_ASCII));
    }

    static void user(HttpExchange exchange) throws IOException {
        if (!hasMethod(exchange, "GET")) {
            return;
        }
        String id = parameter(exchange);
        if (id.isEmpty()) {
            Reply.empty(exchange, 404);
            return;
        }
        Reply.ok(exchange, JSON, new User(id, "user " + id).toJson().getBytes(UTF_8));
    }

    static void events(HttpExchange exchange) throws IOException {
        if (!hasMethod(exchange, "GET")) {
            return;
        }
        String[] parameters = parameter(exchange).split("/", -1);
        int count = number(parameters[0], EventStream.MAX_EVENTS);
        int pace = parameters.length == 1 ? 0 : number(parameters[1], EventStream.MAX_PACE_MILLIS);
        if (count < 1 || pace < 0 || parameters.length > 2) {
            Reply.empty(exchange, 400);
            return;
        }
        new EventStream(count, pace).send(exchange);
    }

    static void notFound(HttpExchange exchange) throws IOException {
        Reply.empty(exchange, 404);
    }

    /** A context is chosen by the beginning of the path alone, so that its end is to be checked. */
    private static boolean isExactly(HttpExchange exchange, String method) throws IOException {
        if (!parameter(exchange).isEmpty()) {
            notFound(exchange);
            return false;
        }
        return hasMethod(exchange, method);
    }

    private static boolean hasMethod(HttpExchange exchange, String method) throws IOException {
        if (!exchange.getRequestMethod().equals(method)) {
            Reply.empty(exchange, 405);
            return false;
        }
        return true;
    }

    /** What follows the context's own path. */
    private static String parameter(HttpExchange exchange) {
        return exchange.getRequestURI().getPath().substring(exchange.getHttpContext().getPath().length());
    }

    /** The number that the decimal digits stand for; -1 for anything else, or above the maximum. */
    private static int number(String digits, int max) {
        if (digits.isEmpty()) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
            if (number > max) {
                return -1;
            }
        }
        return (int) number;
    }
}
