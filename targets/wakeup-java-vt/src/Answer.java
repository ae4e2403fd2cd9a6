/** What a command took; samples only where each operation has a time of its own, else null. */
record Answer(int operations, long elapsedNs, long[] samplesNs) {
    Answer(int operations, long elapsedNs) {
        this(operations, elapsedNs, null);
    }
}
