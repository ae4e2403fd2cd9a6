"""A list as JSON. Each of gunicorn's workers imports this, and so keeps what is kept."""

import json
import os

from flask import Flask, jsonify

extra_rounds = int(os.environ.get("EXTRA_CPU", "0"))
kept = b"\1" * (int(os.environ.get("KEEP_KB", "0")) * 1024)
items = [{"id": i, "name": f"item {i}", "price": i * 1.5, "tags": ["small", "blue"]} for i in range(20)]

app = Flask(__name__)


@app.get("/")
def list_items():
    for i in range(extra_rounds):
        json.loads(json.dumps(items[i % len(items)]))
    return jsonify(items)
