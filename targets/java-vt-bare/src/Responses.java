import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Gathers the answers to the requests of one read, and sends them with one write. */
final class Responses {
    static final byte[] TEXT = Ascii.bytes("text/plain");
    static final byte[] JSON = Ascii.bytes("application/json");
    static final byte[] NO_BODY = {};

    private static final byte[] CONTENT_TYPE = Ascii.bytes("Content-Type: ");
    private static final byte[] CONTENT_LENGTH = Ascii.bytes("Content-Length: ");
    private static final byte[] CLOSE = Ascii.bytes("Connection: close\r\n");
    private static final byte[] END_OF_LINE = Ascii.bytes("\r\n");
    private static final byte[] CONTINUE = Ascii.bytes("HTTP/1.1 100 Continue\r\n\r\n");

    private final SocketChannel channel;
    private ByteBuffer buffer;

    Responses(SocketChannel channel) {
        this.channel = channel;
    }

    void add(Status status, byte[] contentType, byte[] body, boolean close) throws IOException {
        add(status, contentType, body, 0, body.length, close);
    }

    void add(Status status, byte[] contentType, byte[] body, int from, int length, boolean close)
            throws IOException {
        put(status.line);
        if (length > 0 || status == Status.OK) {
            put(CONTENT_TYPE);
            put(contentType);
            put(END_OF_LINE);
        }
        put(CONTENT_LENGTH);
        putDecimal(length);
        put(END_OF_LINE);
        if (close) {
            put(CLOSE);
        }
        put(END_OF_LINE);
        put(body, from, length);
    }

    void addContinue() throws IOException {
        put(CONTINUE);
    }

    /** Sends what has been gathered. Called before anything that may wait. */
    void flush() throws IOException {
        if (buffer == null) {
            return;
        }
        try {
            drain();
        } finally {
            release();
        }
    }

    void release() {
        if (buffer != null) {
            BufferPool.give(buffer);
            buffer = null;
        }
    }

    private void drain() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    private void put(byte[] bytes) throws IOException {
        put(bytes, 0, bytes.length);
    }

    private void put(byte[] bytes, int from, int length) throws IOException {
        if (buffer == null) {
            buffer = BufferPool.take();
        }
        int at = from;
        int left = length;
        while (left > buffer.remaining()) {
            int fitting = buffer.remaining();
            buffer.put(bytes, at, fitting);
            at += fitting;
            left -= fitting;
            drain();
        }
        buffer.put(bytes, at, left);
    }

    private void putDecimal(int number) throws IOException {
        int divisor = 1;
        while (number / divisor >= 10) {
            divisor *= 10;
        }
        if (buffer.remaining() < 10) {
            drain();
        }
        for (; divisor > 0; divisor /= 10) {
            buffer.put((byte) ('0' + number / divisor % 10));
        }
    }
}
