import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;

/** Answers the requests of one connection. */
final class Routes {
    private static final int MAX_SLEEP_MILLIS = 60_000;
    private static final int MAX_CPU_ROUNDS = 10_000_000;

    private static final byte[] HELLO = Ascii.bytes("Hello, World!");
    private static final byte[] SLEPT = Ascii.bytes("slept");
    private static final byte[] HEALTHY = Ascii.bytes("ok");
    private static final byte[] OCTET_STREAM = Ascii.bytes("application/octet-stream");

    private final Responses responses;

    Routes(Responses responses) {
        this.responses = responses;
    }

    /** Answers a request whose body is the {@code length} bytes of {@code body} from {@code from}. */
    void answer(RequestHead head, byte[] body, int from, int length)
            throws IOException, InterruptedException {
        boolean close = !head.keepAlive();
        Endpoint endpoint = Endpoint.of(head);
        if (endpoint == null) {
            empty(Status.NOT_FOUND, close);
        } else if (head.method() != endpoint.method) {
            empty(Status.METHOD_NOT_ALLOWED, close);
        } else {
            switch (endpoint) {
                case PLAINTEXT -> responses.add(Status.OK, Responses.TEXT, HELLO, close);
                case JSON -> json(new Message("Hello, World!").toJson(), close);
                case ECHO -> responses.add(Status.OK, typeOf(head), body, from, length, close);
                case SLEEP -> sleep(head.numberAfter(endpoint.path, MAX_SLEEP_MILLIS), close);
                case CPU -> cpu(head.numberAfter(endpoint.path, MAX_CPU_ROUNDS), close);
                case USERS -> user(head.pathAfter(endpoint.path), close);
                case HEALTH -> responses.add(Status.OK, Responses.TEXT, HEALTHY, close);
            }
        }
    }

    private void sleep(int millis, boolean close) throws IOException, InterruptedException {
        if (millis < 0) {
            empty(Status.BAD_REQUEST, close);
            return;
        }
        responses.flush();
        Thread.sleep(millis);
        responses.add(Status.OK, Responses.TEXT, SLEPT, close);
    }

    private void cpu(int rounds, boolean close) throws IOException {
        if (rounds < 0) {
            empty(Status.BAD_REQUEST, close);
            return;
        }
        responses.flush();
        String result = Integer.toUnsignedString(CpuWork.run(rounds));
        responses.add(Status.OK, Responses.TEXT, Ascii.bytes(result), close);
    }

    private void user(String id, boolean close) throws IOException {
        if (id.isEmpty()) {
            empty(Status.NOT_FOUND, close);
            return;
        }
        json(new User(id, "user " + id).toJson(), close);
    }

    private void json(String text, boolean close) throws IOException {
        responses.add(Status.OK, Responses.JSON, text.getBytes(UTF_8), close);
    }

    private void empty(Status status, boolean close) throws IOException {
        responses.add(status, Responses.TEXT, Responses.NO_BODY, close);
    }

    private static byte[] typeOf(RequestHead head) {
        String type = head.contentType();
        return type.isEmpty() ? OCTET_STREAM : type.getBytes(ISO_8859_1);
    }
}
