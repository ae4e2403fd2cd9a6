import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers GET /probe on a port of its own, from a platform thread, so that the question does not
 * queue behind the virtual threads. It waits in accept() until somebody asks.
 */
final class Probe implements Runnable {
    private static final int BACKLOG = 16;
    private static final int CLIENT_TIMEOUT_MILLIS = 5_000;
    private static final int MAX_HEAD_LINES = 100;
    private static final int ACCEPT_RETRY_MILLIS = 50;

    private final ServerSocket listener;
    private final AtomicLong alive = new AtomicLong();

    /** Made by the first question. */
    private ProbeFigures figures;

    private Probe(ServerSocket listener) {
        this.listener = listener;
    }

    /** Null without PROBE_PORT. */
    static Probe startIfWanted(String host) throws IOException {
        String port = System.getenv().getOrDefault("PROBE_PORT", "");
        if (port.isEmpty()) {
            return null;
        }
        try {
            Probe probe = new Probe(
                    new ServerSocket(Integer.parseInt(port), BACKLOG, InetAddress.getByName(host)));
            Thread.ofPlatform().daemon().name("probe").start(probe);
            return probe;
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException("PROBE_PORT " + port + ": " + e.getMessage(), e);
        }
    }

    /**
     * Counts a task from now until it ends: the JDK has no figure for virtual threads that are
     * parked.
     */
    Runnable counted(Runnable task) {
        alive.incrementAndGet();
        return () -> {
            try {
                task.run();
            } finally {
                alive.decrementAndGet();
            }
        };
    }

    @Override
    public void run() {
        while (true) {
            try (Socket client = listener.accept()) {
                client.setSoTimeout(CLIENT_TIMEOUT_MILLIS);
                answer(client);
            } catch (IOException e) {
                // A client may leave; without descriptors, they come back as clients leave.
                pause();
            }
        }
    }

    private void answer(Socket client) throws IOException {
        BufferedReader request =
                new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
        String requestLine = request.readLine();
        String line = requestLine;
        // To the end of the head, since closing on unread bytes would reset the connection.
        for (int lines = 0; line != null && !line.isEmpty() && lines < MAX_HEAD_LINES; lines++) {
            line = request.readLine();
        }
        if (requestLine == null) {
            return;
        }
        if (!requestLine.startsWith("GET /probe HTTP/1.")) {
            send(client, "404 Not Found", new byte[0]);
            return;
        }
        if (figures == null) {
            figures = new ProbeFigures();
        }
        send(client, "200 OK", figures.toJson(alive.get()).getBytes(UTF_8));
    }

    private static void send(Socket client, String status, byte[] body) throws IOException {
        String head = "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nConnection: close\r\n"
                + "Content-Length: " + body.length + "\r\n\r\n";
        byte[] answer = new byte[head.length() + body.length];
        System.arraycopy(head.getBytes(US_ASCII), 0, answer, 0, head.length());
        System.arraycopy(body, 0, answer, head.length(), body.length);
        client.getOutputStream().write(answer);
    }

    private static void pause() {
        try {
            Thread.sleep(ACCEPT_RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
