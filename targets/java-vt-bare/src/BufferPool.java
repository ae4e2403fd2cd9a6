import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * The buffers that responses are gathered in.
 *
 * <p>A connection borrows one for as long as it has answers to send, and gives it back before it
 * waits for the next request: an idle connection holds none, so a handful serves them all. They are
 * direct, which spares the copy that a channel makes of a heap buffer.
 */
final class BufferPool {
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int KEPT = 64;

    private static final ArrayBlockingQueue<ByteBuffer> FREE = new ArrayBlockingQueue<>(KEPT);

    private BufferPool() {}

    static ByteBuffer take() {
        ByteBuffer buffer = FREE.poll();
        return buffer == null ? ByteBuffer.allocateDirect(BUFFER_BYTES) : buffer;
    }

    static void give(ByteBuffer buffer) {
        FREE.offer(buffer.clear());
    }
}
