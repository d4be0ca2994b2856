#!/usr/bin/env python3
"""Measures a charlm server under load on this machine: throughput beside `charlm generate`, latency, slow and leaving
clients, malformed requests, SIGTERM, memory. Needs Python 3.10 and nothing else; sends only to 127.0.0.1.

    scripts/load-server.py CHARLM MODEL [throughput latency slow malformed leaving sigterm soak] [--minutes 60]
"""

import argparse
import asyncio
import concurrent.futures
import functools
import json
import multiprocessing
import os
import random
import re
import signal
import statistics
import subprocess
import time
import types


class Server:
    def __init__(self, charlm, model, *options):
        self.process = subprocess.Popen(
            [charlm, "serve", model, "--port", "0", *options], stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        self.port = int(re.search(r":(\d+)/", line).group(1))

    def memory(self):
        """Resident kilobytes."""
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(r"VmRSS:\s*(\d+)", file.read()).group(1))

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait()


def head(server, body, close=True, path="/v1/completions"):
    return (f"POST {path} HTTP/1.1\r\nHost: localhost:{server.port}\r\nContent-Length: {len(body)}\r\n"
            + ("Connection: close\r\n" if close else "") + "\r\n").encode()


async def complete(server, path="/v1/completions", **fields):
    """Sends a request; returns the seconds of each part and the whole answer."""
    body = json.dumps(fields).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    begin = time.perf_counter()
    writer.write(head(server, body, path=path) + body)
    times, answer = [], b""
    while data := await reader.read(1 << 16):
        answer += data
        if b"data: " in data:
            times.append(time.perf_counter() - begin)
    writer.close()
    return times, answer


def characters(answer):
    return sum(len(json.loads(line[6:])["choices"][0]["text"])
               for line in answer.decode().splitlines() if line.startswith("data: {"))


async def throughput(server, charlm, model):
    """64 streams beside generate --count 64, three pairs."""
    length = 2_000
    ratios = []
    for _ in range(3):
        result = subprocess.run(
            [charlm, "generate", model, "--count", "64", "--length", str(length), "--prompt", "The", "--seed", "1",
             "--json"], capture_output=True, text=True, check=True).stdout.splitlines()
        alone = json.loads(result[0])["characters_per_second"]
        begin = time.perf_counter()
        answers = await asyncio.gather(*(
            complete(server, prompt="The", max_tokens=length, seed=1 + k, temperature=0.8, stream=True)
            for k in range(64)))
        seconds = time.perf_counter() - begin
        served = sum(characters(answer) for _, answer in answers) / seconds
        gaps = sorted(b - a for times, _ in answers for a, b in zip(times, times[1:]))
        ratios.append(served / alone)
        texts = [json.loads(line)["text"] for line in result]
        same = all(
            "".join(json.loads(line[6:])["choices"][0]["text"] for line in answer.decode().splitlines()
                    if line.startswith("data: {")) == text for (_, answer), text in zip(answers, texts))
        print(f"  generate {alone:,.0f} characters/s, 64 streams {served:,.0f} ({served / alone:.0%}); "
              f"p99 between parts {gaps[int(0.99 * len(gaps))] * 1e3:.0f} ms; same texts: {same}")
    print(f"throughput: median {statistics.median(ratios):.0%} of generate --count 64")


async def latency(server, *_):
    """The first character of one request after another."""
    first = [(await complete(server, prompt="The", max_tokens=20, stream=True))[0][0] for _ in range(200)]
    first.sort()
    print(f"latency: first character after {statistics.median(first) * 1e3:.1f} ms, "
          f"p99 {first[197] * 1e3:.1f} ms")


def good_p99(port):
    """Seconds of all but the slowest of 100 requests."""
    async def measure():
        server, times = types.SimpleNamespace(port=port), []
        for _ in range(100):
            begin = time.perf_counter()
            await complete(server, prompt="The", max_tokens=20)
            times.append(time.perf_counter() - begin)
        return sorted(times)[98]
    return asyncio.run(measure())


async def slow(server, *_):
    """1,000 connections that send or read too slowly, beside good requests."""
    # In a process of its own: the slow clients of this one would hold up the good ones.
    pool = concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
    p99 = functools.partial(asyncio.get_running_loop().run_in_executor, pool, good_p99, server.port)
    before = await p99()
    closed = 0

    async def hold(kind):
        nonlocal closed
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            if kind == "head":
                parts = [b"GET / HTTP/1.1\r\n"] + [b"X: y\r\n"] * 1000
            elif kind == "body":
                parts = [head(server, b"x" * 1000, close=False)] + [b" "] * 1000
            else:
                body = json.dumps({"prompt": "The", "max_tokens": 16000, "stream": True, "logprobs": 20}).encode()
                parts = [head(server, body) + body] + [b""] * 1000
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(1)
                if kind != "reader" and reader.at_eof():
                    break
            writer.close()
        except OSError:
            pass
        closed += 1

    holders = [asyncio.create_task(hold(("head", "body", "reader")[k % 10 // 4 if k % 10 < 8 else 2]))
               for k in range(1000)]
    # The readers are streams like all others until their buffers are full.
    await asyncio.sleep(3)
    beginning = await p99()
    await asyncio.sleep(6)
    during = await p99()
    await asyncio.sleep(25)
    print(f"slow: p99 of good requests {before * 1e3:.1f} ms alone, {beginning * 1e3:.1f} ms while 1,000 slow connections "
          f"begin, {during * 1e3:.1f} ms beside them then; {closed} of them closed after 40 s")
    for holder in holders:
        holder.cancel()


async def malformed(server, *_):
    """Random damage of requests: no crash, no 5xx."""
    stream = random.Random(1)
    good = b'{"prompt":"The","max_tokens":1,"temperature":0.5,"seed":1}'
    statuses = {}
    count = 100_000
    limit = asyncio.Semaphore(32)

    async def send():
        body = bytearray(good)
        for _ in range(stream.randint(1, 6)):
            body[stream.randrange(len(body))] = stream.randrange(256)
        request = head(server, body, close=True) + bytes(body)
        if stream.random() < 0.2:
            damaged = bytearray(request)
            damaged[stream.randrange(40)] = stream.randrange(256)
            request = bytes(damaged)
        async with limit:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
                writer.write(request)
                writer.write_eof() if stream.random() < 0.01 else None
                line = await asyncio.wait_for(reader.readline(), 15)
                status = line.split(b" ")[1].decode() if line.startswith(b"HTTP") else "closed"
                writer.close()
            except (OSError, asyncio.TimeoutError) as error:
                status = type(error).__name__
        statuses[status] = statuses.get(status, 0) + 1

    for _ in range(count // 1000):
        await asyncio.gather(*(send() for _ in range(1000)))
    print(f"malformed: {count:,} requests: {dict(sorted(statuses.items()))}; running: {server.process.poll() is None}")


async def texts(server):
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    answer = (await reader.read()).decode()
    writer.close()
    return int(re.search(r"^charlm_prompts (\d+)", answer, re.M).group(1))


async def leaving(server, *_):
    """1,000 clients that leave: the seconds until their place is free."""
    delays = []
    for _ in range(1000):
        body = json.dumps({"prompt": "The", "max_tokens": 16000, "stream": True}).encode()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(head(server, body) + body)
        await reader.readuntil(b"data: ")
        writer.transport.abort()
        begin = time.perf_counter()
        while await texts(server):
            pass
        delays.append(time.perf_counter() - begin)
    delays.sort()
    print(f"leaving: places free after {statistics.median(delays) * 1e3:.1f} ms, at most {delays[-1] * 1e3:.1f} ms")


async def sigterm(server, charlm, model):
    """200 ends under load: every stream has its end."""
    cut = 0
    for round in range(200):
        server = Server(charlm, model)
        streams = [asyncio.create_task(complete(server, prompt="The", max_tokens=400, stream=True, seed=k))
                   for k in range(8)]
        await asyncio.sleep(random.Random(round).uniform(0.005, 0.05))
        server.process.send_signal(signal.SIGTERM)
        for stream in streams:
            try:
                _, answer = await stream
                # A connection that was refused was no stream.
                cut += b"text/event-stream" in answer and b"data: [DONE]" not in answer
            except OSError:
                pass
        assert server.process.wait() == 0
    print(f"sigterm: 200 ends, {cut} streams cut")


async def soak(server, minutes, rest):
    """Mixed load: memory at the beginning, in between and at the end."""
    end = time.time() + minutes * 60
    stream, samples = random.Random(2), []
    requests = 0

    async def succeed(*path, **fields):
        _, answer = await complete(server, *path, **fields)
        assert answer.startswith(b"HTTP/1.1 200 "), answer[:500]

    async def leave(**fields):
        body = json.dumps(fields | {"stream": True}).encode()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(head(server, body) + body)
        await reader.readuntil(b"data: ")
        writer.transport.abort()

    async def client():
        nonlocal requests
        while time.time() < end:
            length = stream.choice([1, 20, 200, 2000])
            prompt = "".join(stream.choice("The river ran down.\n") for _ in range(stream.choice([0, 3, 300])))
            kind = stream.random()
            if kind < 0.1:
                await leave(prompt=prompt, max_tokens=length)
            elif kind < 0.2:
                await succeed("/v1/evaluate", text=prompt + "It was.", per_character=stream.random() < 0.5)
            elif kind < 0.25:
                await succeed("/v1/inspect", text=prompt + "It was.")
            elif kind < 0.3:
                await succeed("/tokenize", content=prompt)
            else:
                await succeed(prompt=prompt, max_tokens=length, stream=stream.random() < 0.5,
                              n=stream.choice([1, 1, 4]), logprobs=stream.choice([None, 3]))
            requests += 1
            await asyncio.sleep(rest)
    clients = [asyncio.create_task(client()) for _ in range(12)]
    while time.time() < end:
        samples.append(server.memory())
        await asyncio.sleep(min(10, minutes))
    await asyncio.gather(*clients)
    tenth = max(1, len(samples) // 10)
    means = [statistics.mean(samples[first:first + tenth]) / 1e3 for first in range(0, len(samples), tenth)]
    print(f"soak: {minutes} minutes, {requests} requests, megabytes in each tenth: "
          + " ".join(f"{mean:.1f}" for mean in means))


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("charlm")
    parser.add_argument("model")
    parser.add_argument("checks", nargs="*", default=[])
    parser.add_argument("--minutes", type=float, default=60, help="of soak")
    parser.add_argument("--rest", type=float, default=0, help="seconds of a client of soak between requests")
    options = parser.parse_args()
    charlm, model = os.path.realpath(options.charlm), os.path.realpath(options.model)
    kinds = {"throughput": throughput, "latency": latency, "slow": slow, "malformed": malformed, "leaving": leaving}
    for check in options.checks or [*kinds, "sigterm", "soak"]:
        if check == "sigterm":
            await sigterm(None, charlm, model)
            continue
        server = Server(charlm, model)
        start = server.memory()
        await (soak(server, options.minutes, options.rest) if check == "soak" else kinds[check](server, charlm, model))
        print(f"  memory {start / 1e3:.0f} MB, then {server.memory() / 1e3:.0f} MB; ended with {server.end()}")


if __name__ == "__main__":
    asyncio.run(main())
