/** The body of /json. */
record Message(String message) {
    String toJson() {
        return new JsonObject().put("message", message).toString();
    }
}
