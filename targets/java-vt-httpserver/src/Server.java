import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Starts the JDK's HTTP server, with a virtual thread for each request. */
public final class Server {
    /** The kernel lowers it to somaxconn. */
    private static final int BACKLOG = 65_535;

    private Server() {}

    public static void main(String[] args) {
        String host = System.getenv().getOrDefault("HOST", "127.0.0.1");
        String port = System.getenv().getOrDefault("PORT", "8080");
        try {
            HttpServer server =
                    HttpServer.create(new InetSocketAddress(host, Integer.parseInt(port)), BACKLOG);
            server.setExecutor(executor(host));
            addEndpoints(server);
            server.start();
        } catch (NumberFormatException e) {
            fail("PORT is not a number: " + port);
        } catch (IOException | RuntimeException e) {
            // RuntimeException: a port out of range, a host that does not resolve.
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            fail("cannot listen on " + host + ":" + port + ": " + reason);
        }
    }

    private static Executor executor(String host) throws IOException {
        Executor executor = Executors.newVirtualThreadPerTaskExecutor();
        Probe probe = Probe.startIfWanted(host);
        return probe == null ? executor : task -> executor.execute(probe.counted(task));
    }

    private static void addEndpoints(HttpServer server) {
        add(server, "/", Endpoints::notFound);
        add(server, "/plaintext", Endpoints::plaintext);
        add(server, "/json", Endpoints::json);
        add(server, "/echo", Endpoints::echo);
        add(server, "/sleep/", Endpoints::sleep);
        add(server, "/cpu/", Endpoints::cpu);
        add(server, "/users/", Endpoints::user);
        add(server, "/health", Endpoints::health);
        add(server, "/events/", Endpoints::events);
    }

    private static void add(HttpServer server, String path, HttpHandler handler) {
        HttpContext context = server.createContext(path, handler);
        context.getFilters().add(new RequestGuard());
    }

    private static void fail(String message) {
        System.err.println("java-vt-httpserver: " + message);
        System.exit(1);
    }
}
