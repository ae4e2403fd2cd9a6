import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Accepts connections on a platform thread and gives each a virtual thread of its own. */
public final class Server {
    /** The kernel lowers it to somaxconn. */
    private static final int BACKLOG = 65_535;

    /** How long to wait for a descriptor to become free when the process has no more. */
    private static final int ACCEPT_RETRY_MILLIS = 50;

    private Server() {}

    public static void main(String[] args) throws InterruptedException {
        String host = System.getenv().getOrDefault("HOST", "127.0.0.1");
        String port = System.getenv().getOrDefault("PORT", "8080");
        ServerSocketChannel listener;
        Probe probe;
        try {
            listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(host, Integer.parseInt(port)), BACKLOG);
            probe = Probe.startIfWanted(host);
        } catch (NumberFormatException e) {
            fail("PORT is not a number: " + port);
            return;
        } catch (IOException | RuntimeException e) {
            // RuntimeException: a port out of range, a host that does not resolve.
            fail("cannot listen on " + host + ":" + port + ": " + reason(e));
            return;
        }
        acceptForever(listener, probe);
    }

    private static void acceptForever(ServerSocketChannel listener, Probe probe)
            throws InterruptedException {
        while (true) {
            try {
                SocketChannel channel = listener.accept();
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                Connection connection = new Connection(channel);
                Thread.startVirtualThread(probe == null ? connection : probe.counted(connection));
            } catch (IOException e) {
                // Out of descriptors, or the client has already gone: neither may end the server.
                Thread.sleep(ACCEPT_RETRY_MILLIS);
            }
        }
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static void fail(String message) {
        System.err.println("java-vt-bare: " + message);
        System.exit(1);
    }
}
