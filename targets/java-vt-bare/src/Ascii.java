import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/** Looks at protocol text in place, as bytes, so that parsing makes no strings. */
final class Ascii {
    private static final boolean[] IS_TOKEN = tokenCharacters();

    private Ascii() {}

    static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }

    static int indexOf(byte[] bytes, char wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    static boolean equal(byte[] bytes, int from, int to, byte[] expected) {
        return Arrays.equals(bytes, from, to, expected, 0, expected.length);
    }

    static boolean equalIgnoringCase(byte[] bytes, int from, int to, byte[] lowerCase) {
        if (to - from != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            int c = bytes[from + i];
            if (c >= 'A' && c <= 'Z') {
                c += 'a' - 'A';
            }
            if (c != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether a comma-separated list holds the element. */
    static boolean hasElement(byte[] bytes, int from, int to, byte[] lowerCase) {
        int next = from;
        while (next < to) {
            int comma = indexOf(bytes, ',', next, to);
            int last = comma < 0 ? to : comma;
            int first = next;
            next = last + 1;
            while (first < last && isBlank(bytes[first])) {
                first++;
            }
            while (last > first && isBlank(bytes[last - 1])) {
                last--;
            }
            if (equalIgnoringCase(bytes, first, last, lowerCase)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the range is a token of RFC 9110, as methods and field names are. */
    static boolean isToken(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0 || !IS_TOKEN[bytes[i]]) {
                return false;
            }
        }
        return from < to;
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean[] tokenCharacters() {
        boolean[] table = new boolean[128];
        for (char c = '!'; c < table.length - 1; c++) {
            table[c] = "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
        }
        return table;
    }
}
