/** The body of /users/:id. */
record User(String id, String name) {
    String toJson() {
        return new JsonObject().put("id", id).put("name", name).toString();
    }
}
