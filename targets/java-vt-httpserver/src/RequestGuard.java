import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Refuses what the JDK's parser lets pass and the contract does not. */
final class RequestGuard extends Filter {
    private static final int MAX_HEAD_BYTES = 16 * 1024;

    /** ": " and the end of the line; likewise two spaces and an end in the request line. */
    private static final int SEPARATOR_BYTES = 4;

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        if (headBytes(exchange) > MAX_HEAD_BYTES) {
            Reply.emptyAndClose(exchange, 431);
        } else if (!isHttp1(exchange.getProtocol()) || !isLength(contentLength(exchange))) {
            Reply.emptyAndClose(exchange, 400);
        } else {
            if (asksForClose(exchange.getRequestHeaders().getFirst("Connection"))) {
                exchange.getResponseHeaders().set("Connection", "close");
            }
            chain.doFilter(exchange);
        }
    }

    @Override
    public String description() {
        return "limits and syntax of the request head";
    }

    private static int headBytes(HttpExchange exchange) {
        int bytes = exchange.getRequestMethod().length()
                + exchange.getRequestURI().toString().length()
                + exchange.getProtocol().length()
                + SEPARATOR_BYTES;
        for (Map.Entry<String, List<String>> field : exchange.getRequestHeaders().entrySet()) {
            for (String value : field.getValue()) {
                bytes += field.getKey().length() + value.length() + SEPARATOR_BYTES;
            }
        }
        return bytes;
    }

    private static boolean isHttp1(String protocol) {
        return protocol.length() == "HTTP/1.1".length() && protocol.startsWith("HTTP/1.");
    }

    private static String contentLength(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        return headers.getFirst("Content-Length");
    }

    /** The server itself knows "close" only where it stands alone. */
    private static boolean asksForClose(String connection) {
        if (connection == null || connection.equalsIgnoreCase("keep-alive")) {
            return false;
        }
        for (String option : connection.split(",")) {
            if (option.strip().equalsIgnoreCase("close")) {
                return true;
            }
        }
        return false;
    }

    /** The parser has taken it for a number already, but a sign is a number's for Java alone. */
    private static boolean isLength(String value) {
        return value == null || Character.isDigit(value.charAt(0));
    }
}
