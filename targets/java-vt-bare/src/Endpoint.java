/** The endpoints of the contract, with the path and the method that choose each. */
enum Endpoint {
    PLAINTEXT("/plaintext", RequestHead.Method.GET),
    JSON("/json", RequestHead.Method.GET),
    ECHO("/echo", RequestHead.Method.POST),
    SLEEP("/sleep/", RequestHead.Method.GET),
    CPU("/cpu/", RequestHead.Method.GET),
    USERS("/users/", RequestHead.Method.GET),
    HEALTH("/health", RequestHead.Method.GET);

    private static final Endpoint[] ALL = values();

    final RequestHead.Method method;

    /** The whole path, or what comes before the parameter. */
    final byte[] path;

    private final boolean hasParameter;

    Endpoint(String path, RequestHead.Method method) {
        this.path = Ascii.bytes(path);
        this.method = method;
        this.hasParameter = path.endsWith("/");
    }

    /** The endpoint that the request asks for, whatever its method; null where there is none. */
    static Endpoint of(RequestHead head) {
        for (Endpoint endpoint : ALL) {
            if (endpoint.hasParameter ? head.pathStartsWith(endpoint.path) : head.pathIs(endpoint.path)) {
                return endpoint;
            }
        }
        return null;
    }
}
