/** The arithmetic of /cpu/:n. */
final class CpuWork {
    private CpuWork() {}

    /** An int wraps modulo 2^32 by itself; the result is to be read as unsigned. */
    static int run(int rounds) {
        int x = 1;
        for (int i = 0; i < rounds; i++) {
            x = x * 1_664_525 + 1_013_904_223;
        }
        return x;
    }
}
