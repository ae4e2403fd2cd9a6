import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/**
 * One client, served in blocking style from its first request to its last.
 *
 * <p>While it waits, a connection holds its virtual thread's small stack and this input: a heap
 * buffer, since the channel reads through a direct one that all virtual threads of a carrier share.
 */
final class Connection implements Runnable {
    /** Enough for an ordinary request, and small, since each idle connection holds one. */
    private static final int INITIAL_BYTES = 512;

    private static final int MAX_INPUT_BYTES = RequestHead.MAX_BYTES + 1;
    private static final int MAX_BODY_BYTES = 4 * 1024 * 1024;

    /** What one read of a large body asks for, which bounds the carrier's shared direct buffer. */
    private static final int BODY_READ_BYTES = 64 * 1024;

    private static final int LINGER_MILLIS = 1_000;

    private final SocketChannel channel;
    private final Responses responses;
    private final Routes routes;
    private final RequestHead head = new RequestHead();

    private ByteBuffer input = ByteBuffer.allocate(INITIAL_BYTES);

    /** Where the bytes that are not yet consumed begin; they end at the input's position. */
    private int consumed;

    Connection(SocketChannel channel) {
        this.channel = channel;
        this.responses = new Responses(channel);
        this.routes = new Routes(responses);
    }

    @Override
    public void run() {
        try (channel) {
            serve();
        } catch (IOException e) {
            // A client may leave, or reset, whenever it likes.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            responses.release();
        }
    }

    private void serve() throws IOException, InterruptedException {
        try {
            while (serveRequest()) { }
            responses.flush();
            if (consumed < input.position()) {
                linger();
            }
        } catch (HttpError e) {
            responses.add(e.status, Responses.TEXT, Responses.NO_BODY, true);
            responses.flush();
            linger();
        }
    }

    /** False once the connection has served its last request. */
    private boolean serveRequest() throws IOException, InterruptedException, HttpError {
        head.begin(input.array(), consumed);
        while (!head.parse(input.position())) {
            responses.flush();
            if (!readMore()) {
                return false;
            }
        }
        consumed = head.end();
        if (head.contentLength() > MAX_BODY_BYTES) {
            throw new HttpError(Status.CONTENT_TOO_LARGE);
        }
        int length = (int) head.contentLength();
        if (length <= input.position() - consumed) {
            int from = consumed;
            consumed += length;
            routes.answer(head, input.array(), from, length);
        } else {
            byte[] body = readBody(length);
            if (body == null) {
                return false;
            }
            routes.answer(head, body, 0, length);
        }
        return head.keepAlive();
    }

    /** Waits for bytes of the request head; false at the end of the stream. */
    private boolean readMore() throws IOException {
        int pending = input.position() - consumed;
        if (pending == 0 && input.capacity() > INITIAL_BYTES && input.position() < input.capacity() / 4) {
            // A burst has passed; an idle connection shall not keep what it needed.
            input = ByteBuffer.allocate(INITIAL_BYTES);
        } else if (pending == input.capacity()) {
            int larger = Math.min(2 * pending, MAX_INPUT_BYTES);
            input = ByteBuffer.wrap(Arrays.copyOf(input.array(), larger)).position(pending);
        } else {
            System.arraycopy(input.array(), consumed, input.array(), 0, pending);
            input.position(pending);
        }
        consumed = 0;
        head.moveToFront(input.array());
        return channel.read(input) >= 0;
    }

    /** The body that has not come in whole with its head; null if the client left in the middle. */
    private byte[] readBody(int length) throws IOException {
        if (head.expectsContinue()) {
            responses.addContinue();
        }
        responses.flush();
        int pending = input.position() - consumed;
        byte[] body = Arrays.copyOfRange(input.array(), consumed, consumed + length);
        consumed = input.position();
        ByteBuffer rest = ByteBuffer.wrap(body).position(pending);
        while (rest.position() < length) {
            rest.limit(Math.min(length, rest.position() + BODY_READ_BYTES));
            if (channel.read(rest) < 0) {
                return null;
            }
        }
        return body;
    }

    /** Closing on unread bytes would reset the connection, and the answer might never be seen. */
    private void linger() throws IOException {
        channel.shutdownOutput();
        channel.socket().setSoTimeout(LINGER_MILLIS);
        InputStream rest = channel.socket().getInputStream();
        long deadline = System.nanoTime() + LINGER_MILLIS * 1_000_000L;
        byte[] scrap = input.array();
        while (rest.read(scrap) >= 0 && System.nanoTime() < deadline) { }
    }
}
