"""The HTTP API under load, against the library called directly, as ratios.

    python benchmarks/server.py [--seconds 60] [--clients 32] [--rounds 20] [--memory 2000]
    python benchmarks/server.py --seconds 5 --rounds 5 --memory 0       (while the machine is busy)

- throughput: pictures a second of 32 clients that each send a 1-megapixel grey JPEG, get the answer
  and send the next, times what one direct call takes on one core (encoding included).
  The processor time of the load generator, a process of its own, is taken off the elapsed time,
  spread over the cores.
- idle: one POST while nothing else runs, against a direct call with all cores, in turns.
- p99 / median of the 32 clients' waiting times; answers that are errors, 429, or no picture.
- memory of the server after 2,000 requests against after 200.

All with the options of the API's defaults: `jpeg=ordinary`. Leaves with 1 where a figure is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from statistics import median

from serving import Serving, encoded, grey_picture, picture_in, served

WIDTH, HEIGHT = 1224, 816  # one megapixel
CORES = len(os.sched_getaffinity(0))
WANTED = {"throughput": 1.6, "idle": 1.2, "p99": 4.0, "memory": 1.1}
FEW, MANY = 200, 2000

DIRECT = """
import os, sys, time
os.sched_setaffinity(0, {0})
from photochrom import Colorizer
jpeg = sys.stdin.buffer.read()
colorizer = Colorizer(threads=1)
times = []
for _ in range(int(sys.argv[1])):
    begun = time.perf_counter(), time.process_time()
    colorizer.colorize(jpeg).encode(jpeg="ordinary")
    times.append((time.perf_counter() - begun[0], time.process_time() - begun[1]))
print(*min(times[1:]))
"""


@dataclass
class Load:
    """What the clients saw."""

    answered: int
    failed: int  # errors, 429s, and answers that never came
    wall_s: float
    own_cpu_s: float
    waits_s: list[float]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--memory", type=int, default=MANY, help="requests; 0 leaves it out")
    parser.add_argument("--generate", nargs=4, help=argparse.SUPPRESS)  # HOST PORT CLIENTS SECONDS
    options = parser.parse_args()
    if options.generate:
        return generate(*options.generate)
    jpeg = photo()
    print(f"{CORES} cores, load {os.getloadavg()[0]:.1f}, {len(jpeg) / 1e3:.0f} kB a picture")
    with served() as server:
        passed = report_idle(server, jpeg, options.rounds)
        direct_s, direct_cpu_s = direct_on_one_core(jpeg, options.rounds)
        before_s = processor_s(server)
        load = run_load(server, jpeg, options.clients, options.seconds)
        passed &= report_load(load, direct_s)
        cpu_s = processor_s(server) - before_s
        print(
            f"processor  {cpu_s / load.answered * 1e3:.1f} ms a picture in the server, "
            f"{direct_cpu_s * 1e3:.1f} ms a direct call"
        )
        passed &= server.post("/v1/colorize", jpeg).status == 200
    if options.memory:
        passed &= report_memory(jpeg, options.clients, options.memory)
    print("as wanted" if passed else "NOT as wanted")
    return 0 if passed else 1


def photo() -> bytes:
    """A grey JPEG of one megapixel, smooth and busy."""
    return encoded(grey_picture(WIDTH, HEIGHT), quality=90)


def report_idle(server: Serving, jpeg: bytes, rounds: int) -> bool:
    """One POST against one direct call, in turns."""
    from photochrom import Colorizer

    colorizer = Colorizer()
    posts, calls = [], []
    for _ in range(rounds + 2):
        begun = time.perf_counter()
        answer = server.post("/v1/colorize", jpeg)
        between = time.perf_counter()
        direct, _ = colorizer.colorize(jpeg).encode(jpeg="ordinary")
        calls.append(time.perf_counter() - between)
        posts.append(between - begun)
        if answer.body != direct:
            raise AssertionError("the answer is not what the direct call gives")
    post, call = median(posts[2:]), median(calls[2:])
    print(f"idle       POST {post * 1e3:.1f} ms, direct call {call * 1e3:.1f} ms")
    print(f"           {answer.headers['server-timing']}")
    return compared("idle", post / call)


def direct_on_one_core(jpeg: bytes, rounds: int) -> tuple[float, float]:
    """What a direct call takes on one core, the fastest: elapsed and processor time [s]."""
    command = [sys.executable, "-c", DIRECT, str(rounds + 1)]
    ran = subprocess.run(command, input=jpeg, capture_output=True, check=True)
    elapsed_s, cpu_s = map(float, ran.stdout.split())
    return elapsed_s, cpu_s


def run_load(server: Serving, jpeg: bytes, clients: int, seconds: float) -> Load:
    """The load, from a process of its own."""
    arguments = [server.host, str(server.port), str(clients), str(seconds)]
    ran = subprocess.run(
        [sys.executable, __file__, "--generate", *arguments],
        input=jpeg,
        stdout=subprocess.PIPE,
        check=True,
    )
    return Load(**json.loads(ran.stdout))


def report_load(load: Load, direct_s: float) -> bool:
    """Throughput, lost answers, and how evenly clients wait."""
    wall_s = load.wall_s - load.own_cpu_s / CORES
    rate = load.answered / wall_s
    waits = sorted(load.waits_s)
    p99 = waits[min(len(waits) - 1, int(len(waits) * 0.99))]
    print(f"direct     {direct_s * 1e3:.1f} ms on one core")
    print(
        f"load       {load.answered} answers in {load.wall_s:.1f} s, the generator itself "
        f"{load.own_cpu_s:.1f} s: {rate:.1f} a second; failed {load.failed}"
    )
    print(f"           median {median(waits):.3f} s, p99 {p99:.3f} s, longest {waits[-1]:.3f} s")
    passed = compared("throughput", rate * direct_s, at_least=True)
    passed &= compared("p99", p99 / median(waits))
    return passed and load.failed == 0


def report_memory(jpeg: bytes, clients: int, requests: int) -> bool:
    """The server's memory after many requests against after few."""
    few = requests * FEW // MANY
    with served() as server:
        run_load(server, jpeg, clients, -few)
        after_few = server.resident_mb()
        run_load(server, jpeg, clients, few - requests)
        after_many = server.resident_mb()
    print(f"memory     {after_few:.0f} MB after {few}, {after_many:.0f} MB after {requests}")
    return compared("memory", after_many / after_few)


def processor_s(server: Serving) -> float:
    """Processor time of the server's processes so far [s]."""
    lines = [(each / "stat").read_text().rpartition(")")[2].split() for each in server.processes()]
    return sum(int(line[11]) + int(line[12]) for line in lines) / os.sysconf("SC_CLK_TCK")


def compared(name: str, value: float, *, at_least: bool = False) -> bool:
    """Print a figure beside what is wanted."""
    wanted = WANTED[name]
    passed = value >= wanted if at_least else value <= wanted
    sign = "≥" if at_least else "≤"
    print(f"{name:10} {value:.2f}  (wanted {sign} {wanted:g}){'' if passed else '  MISSED'}")
    return passed


def generate(host: str, port: str, clients: str, seconds: str) -> int:
    """The load generator: for so many seconds, or where negative for so many requests."""
    jpeg = sys.stdin.buffer.read()
    head = (
        f"POST /v1/colorize HTTP/1.1\r\nHost: {host}\r\nContent-Type: image/jpeg\r\n"
        f"Content-Length: {len(jpeg)}\r\n\r\n"
    ).encode()
    before_s = own_cpu_s()
    load = asyncio.run(_generate((host, int(port)), head + jpeg, int(clients), float(seconds)))
    load.own_cpu_s = own_cpu_s() - before_s
    print(json.dumps(asdict(load)))
    return 0


def own_cpu_s() -> float:
    """Processor time of this process [s]."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def _generate(at: tuple[str, int], request: bytes, clients: int, seconds: float) -> Load:
    load = Load(0, 0, 0.0, 0.0, [])
    begun = time.perf_counter()
    left = iter(range(int(-seconds))) if seconds < 0 else None

    def goes_on() -> bool:
        if left is not None:
            return next(left, None) is not None
        return time.perf_counter() - begun < seconds

    await asyncio.gather(*(_client(at, request, load, goes_on) for _ in range(clients)))
    load.wall_s = time.perf_counter() - begun
    return load


async def _client(at, request, load, goes_on) -> None:  # type: ignore[no-untyped-def]
    """One client: sends, waits for the whole answer, sends again, on one connection."""
    reader, writer = await asyncio.open_connection(*at)
    looked_at = False
    while goes_on():
        begun = time.perf_counter()
        writer.write(request)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            body = await reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            load.failed += 1
            return
        load.waits_s.append(time.perf_counter() - begun)
        whole = b" 200 " in head[:20] and body[:2] == b"\xff\xd8" and body[-2:] == b"\xff\xd9"
        if whole and not looked_at:
            looked_at = picture_in(body).size == (WIDTH, HEIGHT)
            whole = looked_at
        load.answered += whole
        load.failed += not whole
    writer.close()


if __name__ == "__main__":
    sys.exit(main())
