/** A request that cannot be served; it is answered, and then the connection ends. */
final class HttpError extends Exception {
    private static final long serialVersionUID = 1L;

    final Status status;

    HttpError(Status status) {
        // Garbage from a client is no fault of the server's: no stack trace is worth its cost.
        super(status.name(), null, false, false);
        this.status = status;
    }
}
