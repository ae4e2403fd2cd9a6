import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;

/**
 * What the JVM knows of its virtual threads and its collector. Watching for pinned threads begins
 * with the first instance and costs a recording of the Flight Recorder from then on.
 */
final class ProbeFigures {
    private static final String PINNED = "jdk.VirtualThreadPinned";

    /** From JDK 24 on; by its name, so that JDK 21 compiles and runs this too. */
    private static final String SCHEDULER = "jdk.management:type=VirtualThreadScheduler";

    private static final Map<String, String> SCHEDULER_GAUGES = Map.of(
            "MountedVirtualThreadCount", "virtualThreadsMounted",
            "QueuedVirtualThreadCount", "virtualThreadsQueued",
            "Parallelism", "schedulerParallelism",
            "PoolSize", "schedulerPoolSize");

    private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    private final AtomicLong pinned = new AtomicLong();
    private final AtomicLong pinnedNanos = new AtomicLong();
    private final boolean watchesPinned = watchPinned();

    /** Leaves out what this JVM does not measure. */
    String toJson(long tasks) {
        return "{\"runtime\":\"java\",\"version\":\"" + Runtime.version() + "\""
                + ",\"tasks\":{\"kind\":\"virtual threads\",\"count\":" + tasks + "}"
                + ",\"gauges\":" + json(gauges())
                + ",\"counters\":" + json(counters())
                + ",\"histograms\":{}}";
    }

    private Map<String, Number> gauges() {
        Map<String, Number> gauges = new TreeMap<>();
        gauges.put("platformThreads", ManagementFactory.getThreadMXBean().getThreadCount());
        SCHEDULER_GAUGES.forEach((attribute, gauge) -> {
            try {
                Number value = (Number) beans.getAttribute(new ObjectName(SCHEDULER), attribute);
                // -1 where the JVM cannot tell.
                if (value.longValue() >= 0) {
                    gauges.put(gauge, value);
                }
            } catch (JMException e) {
                // Before JDK 24 there is no such bean.
            }
        });
        return gauges;
    }

    private Map<String, Number> counters() {
        Map<String, Number> counters = new TreeMap<>();
        long pauses = 0;
        long pauseMillis = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            // Of ZGC and Shenandoah these are whole cycles, beside which the program runs.
            if (!collector.getName().endsWith("Cycles")) {
                pauses += Math.max(collector.getCollectionCount(), 0);
                pauseMillis += Math.max(collector.getCollectionTime(), 0);
            }
        }
        counters.put("gcPauses", pauses);
        counters.put("gcPauseSeconds", pauseMillis / 1e3);
        if (watchesPinned) {
            counters.put("pinnedEvents", pinned.get());
            counters.put("pinnedSeconds", pinnedNanos.get() / 1e9);
        }
        return counters;
    }

    /** False where there is no Flight Recorder, or no disk for it. */
    private boolean watchPinned() {
        try {
            @SuppressWarnings("resource") // it ends with the process
            RecordingStream stream = new RecordingStream();
            stream.enable(PINNED).withoutThreshold().withoutStackTrace();
            stream.onEvent(PINNED, this::countPinned);
            stream.startAsync();
            return true;
        } catch (RuntimeException | LinkageError e) {
            return false;
        }
    }

    private void countPinned(RecordedEvent event) {
        pinned.incrementAndGet();
        pinnedNanos.addAndGet(event.getDuration().toNanos());
    }

    private static String json(Map<String, Number> figures) {
        StringJoiner members = new StringJoiner(",", "{", "}");
        figures.forEach((name, value) -> members.add("\"" + name + "\":" + value));
        return members.toString();
    }
}
