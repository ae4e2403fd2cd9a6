import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/** The measurements. Each is called in a task, and its tasks are threads of the same factory. */
final class Tasks {
    private final ThreadFactory threads;
    private Thread[] parked = {};
    private long[] delays;
    private long wokenAt;
    /** Written after `delays` and `wokenAt`, which it publishes; park() may also return by itself. */
    private volatile boolean awake;

    Tasks(ThreadFactory threads) {
        this.threads = threads;
    }

    Answer pingPong(int handOvers) throws InterruptedException {
        return new PingPong(threads, Thread.currentThread(), handOvers / 2).run();
    }

    Answer spawnJoin(int count) throws InterruptedException {
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Thread task = threads.newThread(() -> {});
            task.start();
            task.join();
        }
        return new Answer(count, System.nanoTime() - start);
    }

    Answer timer(int askedMicros, int times) throws InterruptedException {
        Duration asked = Duration.ofNanos(askedMicros * 1000L);
        long[] lateness = new long[times];
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            long before = System.nanoTime();
            Thread.sleep(asked);
            lateness[i] = System.nanoTime() - before - asked.toNanos();
        }
        return new Answer(times, System.nanoTime() - start, lateness);
    }

    Answer park(int count) throws InterruptedException {
        long start = System.nanoTime();
        awake = false;
        parked = new Thread[count];
        for (int i = 0; i < count; i++) {
            int index = i;
            parked[i] = threads.newThread(() -> {
                while (!awake) LockSupport.park();
                delays[index] = System.nanoTime() - wokenAt;
            });
            parked[i].start();
        }
        for (Thread thread : parked) {
            while (thread.getState() != Thread.State.WAITING) Thread.sleep(1);
        }
        return new Answer(count, System.nanoTime() - start);
    }

    Answer wakeAll() throws InterruptedException {
        // Here, so that it is no part of what a parked task takes.
        delays = new long[parked.length];
        wokenAt = System.nanoTime();
        awake = true;
        for (Thread thread : parked) LockSupport.unpark(thread);
        for (Thread thread : parked) thread.join();
        parked = new Thread[0];
        return new Answer(delays.length, Arrays.stream(delays).max().orElse(0), delays);
    }
}
