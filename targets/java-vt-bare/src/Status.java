import static java.nio.charset.StandardCharsets.US_ASCII;

/** The status codes that this server sends. */
enum Status {
    OK("200 OK"),
    BAD_REQUEST("400 Bad Request"),
    NOT_FOUND("404 Not Found"),
    METHOD_NOT_ALLOWED("405 Method Not Allowed"),
    LENGTH_REQUIRED("411 Length Required"),
    CONTENT_TOO_LARGE("413 Content Too Large"),
    HEAD_TOO_LARGE("431 Request Header Fields Too Large");

    final byte[] line;

    Status(String codeAndReason) {
        line = ("HTTP/1.1 " + codeAndReason + "\r\n").getBytes(US_ASCII);
    }
}
