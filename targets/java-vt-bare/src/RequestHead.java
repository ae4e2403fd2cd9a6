import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * The request line and header fields of one request, parsed line by line as the bytes come in.
 *
 * <p>One object serves all requests of a connection, and what it knows are offsets into the
 * connection's input: a request without a variable part allocates nothing.
 */
final class RequestHead {
    /** Above this a head is refused, whether or not its end is in sight. */
    static final int MAX_BYTES = 16 * 1024;

    enum Method { GET, POST, OTHER }

    private static final byte[] GET = Ascii.bytes("GET");
    private static final byte[] POST = Ascii.bytes("POST");
    private static final byte[] HTTP_1 = Ascii.bytes("HTTP/1.");
    private static final byte[] CONNECTION = Ascii.bytes("connection");
    private static final byte[] CONTENT_LENGTH = Ascii.bytes("content-length");
    private static final byte[] CONTENT_TYPE = Ascii.bytes("content-type");
    private static final byte[] EXPECT = Ascii.bytes("expect");
    private static final byte[] TRANSFER_ENCODING = Ascii.bytes("transfer-encoding");
    private static final byte[] CLOSE = Ascii.bytes("close");
    private static final byte[] CONTINUE = Ascii.bytes("100-continue");

    /** More digits than this may overflow a long, and no body of that size is taken anyway. */
    private static final int MAX_LENGTH_DIGITS = 18;

    private byte[] bytes;
    private int start;
    private int line;
    private int scanned;
    private boolean requestLineSeen;

    private Method method;
    private int pathStart;
    private int pathEnd;
    private int typeStart;
    private int typeEnd;
    private long contentLength;
    private boolean hasTransferEncoding;
    private boolean keepAlive;
    private boolean expectsContinue;

    /** Begins a request whose first byte is, or will be, at offset {@code at} of {@code input}. */
    void begin(byte[] input, int at) {
        bytes = input;
        start = line = scanned = at;
        requestLineSeen = false;
        method = Method.OTHER;
        // An empty range that moves along with the head, as every offset does.
        typeStart = typeEnd = at;
        contentLength = -1;
        hasTransferEncoding = expectsContinue = false;
        keepAlive = true;
    }

    /** Follows the unfinished head to the front of another array, or of the same one. */
    void moveToFront(byte[] input) {
        bytes = input;
        line -= start;
        scanned -= start;
        pathStart -= start;
        pathEnd -= start;
        typeStart -= start;
        typeEnd -= start;
        start = 0;
    }

    /** Takes in what lies before {@code limit}; true once the head is complete. */
    boolean parse(int limit) throws HttpError {
        byte[] b = bytes;
        while (scanned < limit) {
            if (b[scanned++] != '\n') {
                continue;
            }
            int end = scanned - 1;
            if (end > line && b[end - 1] == '\r') {
                end--;
            }
            if (scanned - start > MAX_BYTES) {
                throw new HttpError(Status.HEAD_TOO_LARGE);
            }
            if (!requestLineSeen) {
                // Empty lines before a request are skipped, as RFC 9112 asks for.
                if (end > line) {
                    parseRequestLine(end);
                    requestLineSeen = true;
                }
            } else if (end == line) {
                finish();
                return true;
            } else {
                parseField(end);
            }
            line = scanned;
        }
        if (scanned - start > MAX_BYTES) {
            throw new HttpError(Status.HEAD_TOO_LARGE);
        }
        return false;
    }

    /** Where the body, or the next request, begins. */
    int end() {
        return scanned;
    }

    Method method() {
        return method;
    }

    /** The length of the body in bytes; 0 where the request names none. */
    long contentLength() {
        return Math.max(contentLength, 0);
    }

    boolean keepAlive() {
        return keepAlive;
    }

    boolean expectsContinue() {
        return expectsContinue;
    }

    boolean pathIs(byte[] expected) {
        return Ascii.equal(bytes, pathStart, pathEnd, expected);
    }

    boolean pathStartsWith(byte[] prefix) {
        return pathEnd - pathStart >= prefix.length && Ascii.equal(bytes, pathStart, pathStart + prefix.length, prefix);
    }

    String pathAfter(byte[] prefix) {
        int from = pathStart + prefix.length;
        return new String(bytes, from, pathEnd - from, ISO_8859_1);
    }

    /** The decimal number that follows {@code prefix} in the path; -1 if none, or above the maximum. */
    int numberAfter(byte[] prefix, int max) {
        int from = pathStart + prefix.length;
        if (from == pathEnd) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < pathEnd; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
            if (number > max) {
                return -1;
            }
        }
        return (int) number;
    }

    /** The value of Content-Type as it was sent; empty where there is none. */
    String contentType() {
        return new String(bytes, typeStart, typeEnd - typeStart, ISO_8859_1);
    }

    private void parseRequestLine(int end) throws HttpError {
        int methodEnd = Ascii.indexOf(bytes, ' ', line, end);
        int targetEnd = methodEnd < 0 ? -1 : Ascii.indexOf(bytes, ' ', methodEnd + 1, end);
        if (methodEnd <= line || targetEnd <= methodEnd + 1 || !Ascii.isToken(bytes, line, methodEnd)) {
            throw new HttpError(Status.BAD_REQUEST);
        }
        int version = targetEnd + 1;
        int minor = version + HTTP_1.length;
        if (end != minor + 1 || !Ascii.equal(bytes, version, minor, HTTP_1) || bytes[minor] < '0' || bytes[minor] > '9') {
            throw new HttpError(Status.BAD_REQUEST);
        }
        if (Ascii.equal(bytes, line, methodEnd, GET)) {
            method = Method.GET;
        } else if (Ascii.equal(bytes, line, methodEnd, POST)) {
            method = Method.POST;
        }
        keepAlive = bytes[minor] != '0';
        pathStart = methodEnd + 1;
        int query = Ascii.indexOf(bytes, '?', pathStart, targetEnd);
        pathEnd = query < 0 ? targetEnd : query;
    }

    private void parseField(int end) throws HttpError {
        int colon = Ascii.indexOf(bytes, ':', line, end);
        if (colon < 0 || !Ascii.isToken(bytes, line, colon)) {
            throw new HttpError(Status.BAD_REQUEST);
        }
        int from = colon + 1;
        int to = end;
        while (from < to && Ascii.isBlank(bytes[from])) {
            from++;
        }
        while (to > from && Ascii.isBlank(bytes[to - 1])) {
            to--;
        }
        // The length of the name rules out nearly every field without a comparison.
        switch (colon - line) {
            case 6 -> expectsContinue |= isNamed(EXPECT) && Ascii.equalIgnoringCase(bytes, from, to, CONTINUE);
            case 10 -> {
                if (isNamed(CONNECTION) && Ascii.hasElement(bytes, from, to, CLOSE)) {
                    keepAlive = false;
                }
            }
            case 12 -> {
                if (isNamed(CONTENT_TYPE)) {
                    if (Ascii.indexOf(bytes, '\r', from, to) >= 0) {
                        // It is sent back, and must not be able to end a line there.
                        throw new HttpError(Status.BAD_REQUEST);
                    }
                    typeStart = from;
                    typeEnd = to;
                }
            }
            case 14 -> {
                if (isNamed(CONTENT_LENGTH)) {
                    takeContentLength(from, to);
                }
            }
            case 17 -> hasTransferEncoding |= isNamed(TRANSFER_ENCODING);
            default -> { }
        }
    }

    private void takeContentLength(int from, int to) throws HttpError {
        if (from == to) {
            throw new HttpError(Status.BAD_REQUEST);
        }
        long length = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new HttpError(Status.BAD_REQUEST);
            }
            length = i - from < MAX_LENGTH_DIGITS ? length * 10 + digit : Long.MAX_VALUE;
        }
        if (contentLength >= 0 && contentLength != length) {
            throw new HttpError(Status.BAD_REQUEST);
        }
        contentLength = length;
    }

    private void finish() throws HttpError {
        if (hasTransferEncoding) {
            // Both framings at once are how requests are smuggled; one of them is merely unsupported.
            throw new HttpError(contentLength >= 0 ? Status.BAD_REQUEST : Status.LENGTH_REQUIRED);
        }
    }

    private boolean isNamed(byte[] name) {
        return Ascii.equalIgnoringCase(bytes, line, line + name.length, name);
    }
}
