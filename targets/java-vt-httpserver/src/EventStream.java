import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;

/** Numbered events, each sent by itself, so many milliseconds after the one before. */
record EventStream(int count, int paceMillis) {
    static final int MAX_EVENTS = 10_000;
    static final int MAX_PACE_MILLIS = 60_000;

    private static final int NANOS_PER_MILLI = 1_000_000;

    /** What sendResponseHeaders takes for a body whose length is not known. */
    private static final int CHUNKED = 0;

    /** A client that leaves ends it with the next event, which cannot be written. */
    void send(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(200, CHUNKED);
        long start = System.nanoTime();
        try (OutputStream out = exchange.getResponseBody()) {
            for (int k = 0; k < count; k++) {
                if (!isSleptUntil(start + (long) k * paceMillis * NANOS_PER_MILLI)) {
                    return;
                }
                out.write(("id: " + (k + 1) + "\ndata: Hello, World!\n\n").getBytes(US_ASCII));
                out.flush();
            }
        }
    }

    private static boolean isSleptUntil(long due) {
        try {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                Thread.sleep(left / NANOS_PER_MILLI, (int) (left % NANOS_PER_MILLI));
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
