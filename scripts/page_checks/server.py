"""A running `charlm serve`, and the models that it serves."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request


class Server:
    """`charlm serve` over a folder of models, on one port from start to start."""

    def __init__(self, charlm, folder, *options):
        self.charlm, self.folder, self.options = charlm, folder, options
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        options = ["--models", self.folder, "--port", str(self.port), *self.options]
        self.process = subprocess.Popen([self.charlm, "serve", *options])
        for _ in range(200):
            try:
                return self.get("/health")
            except OSError:
                time.sleep(0.05)
        raise AssertionError("charlm serve does not answer")

    def kill(self):
        """Ends the server as a crash of the machine would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(40)

    def get(self, path):
        with urllib.request.urlopen(self.address + path, timeout=30) as answer:
            body = answer.read().decode()
        return json.loads(body) if body.startswith("{") else body

    def post(self, path, value):
        request = urllib.request.Request(
            self.address + path, json.dumps(value).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def run(self, *arguments):
        """What another command of charlm prints."""
        command = [self.charlm, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def evaluate(self, model, text):
        """The figures of `charlm evaluate --json` of a text."""
        path = f"{self.folder}/measured.txt"
        with open(path, "w", newline="") as file:
            file.write(text)
        figures = json.loads(self.run("evaluate", f"{self.folder}/{model}.safetensors", path, "--json"))
        os.remove(path)
        return figures

    def log(self, run):
        """The events of a training run, from its file."""
        with open(f"{self.folder}/{run}.training/log.jsonl") as file:
            return [json.loads(line) for line in file.read().splitlines()]

    def run_process(self, run):
        with open(f"{self.folder}/{run}.training/process") as file:
            return int(file.read())


def train(charlm, texts, output, *options):
    subprocess.run([charlm, "train", *texts, "--output", output, "--quiet", "--seed", "1", *options], check=True)
