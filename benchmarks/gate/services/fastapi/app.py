"""A list as JSON, validated and serialised by the response's pydantic model."""

import os

from fastapi import FastAPI
from pydantic import BaseModel


class Item(BaseModel):
    id: int
    name: str
    price: float
    tags: list[str]


extra_rounds = int(os.environ.get("EXTRA_CPU", "0"))
kept = b"\1" * (int(os.environ.get("KEEP_KB", "0")) * 1024)
items = [Item(id=i, name=f"item {i}", price=i * 1.5, tags=["small", "blue"]) for i in range(20)]

app = FastAPI()


@app.get("/")
async def list_items() -> list[Item]:
    for i in range(extra_rounds):
        Item.model_validate_json(items[i % len(items)].model_dump_json())
    return items
