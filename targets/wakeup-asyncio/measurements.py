"""The measurements of targets/PROGRAM.md. Each is a coroutine that returns its answer."""

import asyncio
from time import perf_counter_ns


async def ping_pong(hand_overs: int) -> dict:
    """Two tasks wake each other in turn, each by the result of the future that the other awaits."""
    loop = asyncio.get_running_loop()
    rounds = hand_overs // 2
    awaited = [loop.create_future(), loop.create_future()]

    async def answer_pings() -> None:
        for _ in range(rounds):
            await awaited[1]
            awaited[1] = loop.create_future()
            awaited[0].set_result(None)

    pong = loop.create_task(answer_pings())
    start = perf_counter_ns()
    for _ in range(rounds):
        awaited[1].set_result(None)
        await awaited[0]
        awaited[0] = loop.create_future()
    elapsed = perf_counter_ns() - start
    await pong
    return {"operations": 2 * rounds, "elapsedNs": elapsed}


async def spawn_join(count: int) -> dict:
    loop = asyncio.get_running_loop()
    start = perf_counter_ns()
    for _ in range(count):
        await loop.create_task(nothing())
    return {"operations": count, "elapsedNs": perf_counter_ns() - start}


async def nothing() -> None:
    pass


async def timer(asked_micros: int, times: int) -> dict:
    seconds = asked_micros / 1e6
    lateness = []
    start = perf_counter_ns()
    for _ in range(times):
        before = perf_counter_ns()
        await asyncio.sleep(seconds)
        lateness.append(perf_counter_ns() - before - asked_micros * 1000)
    elapsed = perf_counter_ns() - start
    return {"operations": times, "elapsedNs": elapsed, "samplesNs": lateness}


class ParkedTasks:
    """Tasks that each await a future of their own."""

    def __init__(self) -> None:
        self.futures: list[asyncio.Future] = []
        self.tasks: list[asyncio.Task] = []
        self.delays: list[int] = []
        self.woken_at = 0
        self.arrived = 0

    async def park(self, count: int) -> dict:
        start = perf_counter_ns()
        loop = asyncio.get_running_loop()
        self.arrived = 0
        for index in range(count):
            future = loop.create_future()
            self.futures.append(future)
            self.tasks.append(loop.create_task(self.wait(index, future)))
        while self.arrived < count:
            await asyncio.sleep(0)
        return {"operations": count, "elapsedNs": perf_counter_ns() - start}

    async def wait(self, index: int, future: asyncio.Future) -> None:
        self.arrived += 1
        await future
        self.delays[index] = perf_counter_ns() - self.woken_at

    async def wake_all(self) -> dict:
        # Here, so that it is no part of what a parked task takes.
        self.delays = [0] * len(self.futures)
        self.woken_at = perf_counter_ns()
        for future in self.futures:
            future.set_result(None)
        for task in self.tasks:
            await task
        delays, self.futures, self.tasks = self.delays, [], []
        return {"operations": len(delays), "elapsedNs": max(delays), "samplesNs": delays}
