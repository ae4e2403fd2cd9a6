import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/** Two tasks that wake each other in turn, each by unpark(), and wait by park(). */
final class PingPong {
    private final ThreadFactory threads;
    private final Thread ping;
    private final int rounds;
    /** Whose turn it is; park() may also return by itself. */
    private volatile boolean pongsTurn;

    PingPong(ThreadFactory threads, Thread ping, int rounds) {
        this.threads = threads;
        this.ping = ping;
        this.rounds = rounds;
    }

    Answer run() throws InterruptedException {
        Thread pong = threads.newThread(this::answerPings);
        pong.start();
        long start = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
            pongsTurn = true;
            LockSupport.unpark(pong);
            while (pongsTurn) LockSupport.park();
        }
        long elapsed = System.nanoTime() - start;
        pong.join();
        return new Answer(2 * rounds, elapsed);
    }

    private void answerPings() {
        for (int i = 0; i < rounds; i++) {
            while (!pongsTurn) LockSupport.park();
            pongsTurn = false;
            LockSupport.unpark(ping);
        }
    }
}
