import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;

/** Sends one answer and ends its exchange. */
final class Reply {
    /** What sendResponseHeaders takes for no body; its 0 means a chunked one. */
    private static final int NO_BODY = -1;

    private static final int LINGER_MILLIS = 1_000;

    private Reply() {}

    static void ok(HttpExchange exchange, String contentType, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        if (body.length == 0) {
            exchange.sendResponseHeaders(200, NO_BODY);
            return;
        }
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    static void empty(HttpExchange exchange, int status) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            // To HEAD the server adds no length by itself.
            exchange.getResponseHeaders().set("Content-Length", "0");
        }
        exchange.sendResponseHeaders(status, NO_BODY);
    }

    static void emptyAndClose(HttpExchange exchange, int status) throws IOException {
        endSoon(Thread.currentThread());
        exchange.getResponseHeaders().set("Connection", "close");
        empty(exchange, status);
    }

    /**
     * Before it closes, the server reads away some of the body, and would wait for it without limit.
     * An interrupt ends that read; it is lost on a request that is over, whose thread is no other's.
     */
    private static void endSoon(Thread request) {
        Thread.startVirtualThread(() -> {
            try {
                Thread.sleep(LINGER_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            request.interrupt();
        });
    }
}
