/** Writes a flat JSON object of strings. The JDK has no JSON library, and this target no dependency. */
final class JsonObject {
    private final StringBuilder text = new StringBuilder(64).append('{');

    JsonObject put(String name, String value) {
        if (text.length() > 1) {
            text.append(',');
        }
        putString(name);
        text.append(':');
        putString(value);
        return this;
    }

    @Override
    public String toString() {
        return text.append('}').toString();
    }

    private void putString(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
