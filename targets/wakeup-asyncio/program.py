"""Answers targets/PROGRAM.md with asyncio tasks: a command a line on standard input, a line of JSON
for each on standard output. The argument names the event loop: asyncio or uvloop."""

import asyncio
import json
import os
import sys

import measurements


def new_loop(name: str) -> asyncio.AbstractEventLoop:
    if name == "uvloop":
        import uvloop

        return uvloop.new_event_loop()
    return asyncio.new_event_loop()


def main() -> None:
    loop = new_loop(sys.argv[1])
    tasks = measurements.ParkedTasks()
    commands = {
        ("ping-pong", 1): measurements.ping_pong,
        ("spawn-join", 1): measurements.spawn_join,
        ("park", 1): tasks.park,
        ("wake", 0): tasks.wake_all,
        ("timer", 2): measurements.timer,
    }
    for line in iter(sys.stdin.readline, ""):
        name, *numbers = line.split()
        if name == "exit":
            break
        command = commands.get((name, len(numbers)))
        if command is None:
            sys.exit(f"wakeup: there is no command {line.strip()}")
        answer = loop.run_until_complete(command(*map(int, numbers)))
        print(json.dumps(answer, separators=(",", ":")), flush=True)
    # Tasks still parked would each be complained about, were they collected.
    os._exit(0)


if __name__ == "__main__":
    main()
