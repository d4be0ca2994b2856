"""Checks of charlm as several processes; scripts/check-processes.sh builds what they need and starts them."""

import argparse
import contextlib
import glob
import hashlib
import os
import random
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time

TEXT = os.path.join(os.path.dirname(__file__), "..", "corpora", "the-salt-road.txt")
NETWORKS = {
    "LSTM": ["--hidden-size", "48", "--layers", "2"],
    "normalized LSTM": ["--hidden-size", "48", "--layer-norm", "rms", "--tie-embeddings"],
    "GRU": ["--cell", "gru", "--hidden-size", "40", "--optimizer", "rmsprop"],
    "RNN": ["--cell", "rnn", "--hidden-size", "56", "--average-last", "0.3"],
}
DROPOUT = ["--dropout", "0.2", "--recurrent-dropout", "0.1", "--embedding-dropout", "0.05"]
EXIT_RESUMABLE = 75


class MPI:
    def __init__(self, name, launcher, library):
        self.name, self.launcher, self.library = name, launcher.split(), library

    def command(self, process_count, arguments):
        if process_count == 1:
            return [charlm, *arguments]
        options = ["--oversubscribe"] if self.name == "Open MPI" else []
        return [*self.launcher, "-n", str(process_count), *options, charlm, *arguments]

    @property
    def environment(self):
        # Root may start it, and on one machine it needs no ssh.
        settings = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
                    "OMPI_MCA_plm_rsh_agent": "/bin/sh"}
        return {**os.environ, **settings, "CHARLM_MPI_LIBRARY": self.library}

    def run(self, process_count, arguments, timeout=120):
        return subprocess.run(
            self.command(process_count, arguments), env=self.environment, cwd=folder, capture_output=True, text=True,
            timeout=timeout)


def weights(path):
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    return hashlib.sha256(data[8 + length:]).hexdigest()[:16]


def arguments(output, network, steps, shards, *more):
    return ["train", TEXT, "--output", output, *NETWORKS[network], *DROPOUT, "--max-steps", str(steps), "--shards",
            str(shards), "--evaluate-every", str(max(1, steps // 3)), "--quiet", "--overwrite", *more]


def check(condition, message, result=None):
    if not condition:
        detail = f"\n{result.stdout}\n{result.stderr}" if result is not None else ""
        raise SystemExit(f"FAILED: {message}{detail}")


def train(mpi, process_count, output, *more):
    result = mpi.run(process_count, arguments(output, *more))
    check(result.returncode == 0, f"{mpi.name}, {process_count} processes: status {result.returncode}", result)
    return weights(os.path.join(folder, output))


def check_equal_weights(mpis, steps):
    """The number of processes and of threads, MPI, and a pause change no bit."""
    for network in NETWORKS:
        output = "equal.safetensors"
        expected = train(mpis[0], 1, output, network, steps, 8)
        count = 0
        for mpi in mpis:
            for process_count, threads in ((2, 1), (2, 2), (4, 1), (4, 2), (8, 1), (8, 2)):
                found = train(mpi, process_count, output, network, steps, 8, "--threads", str(threads))
                check(found == expected, f"{mpi.name}, {network}: {process_count} x {threads} gives other weights")
                count += 1
            for first, second in ((1, 4), (4, 2), (2, 1)):
                found = pause_and_resume(mpi, network, steps, first, second)
                check(found == expected, f"{mpi.name}, {network}: resumed with {second} after {first} differs")
                count += 1
        print(f"{network}: {expected} after {steps} steps, {count} times of {count}", flush=True)


def pause_and_resume(mpi, network, steps, first, second):
    """Stops a run at a step of its own after some time, and resumes it with another number of processes."""
    output = "paused.safetensors"
    remove(output)
    process = subprocess.Popen(
        mpi.command(first, arguments(output, network, steps, 8, "--checkpoint-every", "0")), env=mpi.environment,
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    path = os.path.join(folder, output)
    wait_until(lambda: os.path.exists(path + ".checkpoint") or process.poll() is not None, 30)
    time.sleep(random.random() * 0.2)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=30)
    return resume_if_needed(mpi, second, output, network, steps)


def resume_if_needed(mpi, process_count, output, network, steps):
    """Ends a run that may have been stopped, or may never have begun; its weights."""
    path = os.path.join(folder, output)
    if os.path.exists(path + ".checkpoint"):
        result = mpi.run(process_count, ["train", "--resume", output + ".checkpoint", "--quiet", "--overwrite"])
        check(result.returncode == 0, f"{mpi.name}: resuming fails with status {result.returncode}", result)
        return weights(path)
    return weights(path) if os.path.exists(path) else train(mpi, process_count, output, network, steps, 8)


def remove(output):
    for path in glob.glob(os.path.join(folder, output + "*")):
        os.remove(path)


def wait_until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        check(time.monotonic() < end, f"waited {seconds} s in vain")
        time.sleep(0.01)


def processes(output):
    """The process numbers of the charlm that write `output`, by rank."""
    found = {}
    for path in glob.glob("/proc/[0-9]*"):
        try:
            with open(path + "/cmdline", "rb") as file:
                command = file.read().split(b"\0")
            with open(path + "/stat") as file:
                state = file.read().rsplit(") ", 1)[1][0]
            with open(path + "/environ", "rb") as file:
                environment = file.read()
        except OSError:
            continue
        rank = re.search(rb"(?:OMPI_COMM_WORLD_RANK|PMI_RANK)=(\d+)", environment)
        if command[0] == charlm.encode() and output.encode() in command and rank and state != "Z":
            found[int(rank[1])] = int(path[6:])
    return found


def check_deaths(mpis, count, steps=1_200):
    """A process that dies, or hangs, ends all others soon; the resumed run ends with the same weights."""
    network, shards, output = "LSTM", 8, "killed.safetensors"
    expected = train(mpis[0], 1, output, network, steps, shards)
    slowest, resumed, starting = 0.0, 0, 0
    statuses = {}
    number, latest = 0, 3.0
    while number < count:
        mpi = mpis[number % len(mpis)]
        process_count = random.choice((2, 4))
        remove(output)
        # Half of them leave it to the launcher to notice, the others hang.
        is_killed = number % 2 == 0
        launcher = subprocess.Popen(
            mpi.command(process_count, arguments(output, network, steps, shards, "--checkpoint-every", "0.005")),
            env=mpi.environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        wait_until(lambda: len(processes(output)) == process_count or launcher.poll() is not None, 20)
        time.sleep(random.random() * latest)
        alive = processes(output)
        rank = random.randrange(process_count)
        try:
            os.kill(alive[rank], signal.SIGKILL if is_killed else signal.SIGSTOP)
        except (KeyError, ProcessLookupError):
            # The run was over before a process died.
            launcher.communicate(timeout=60)
            latest /= 2
            check(latest > 0.01, "the runs are too short")
            continue
        begin = time.monotonic()
        # One that hangs while MPI starts keeps the others waiting for a minute.
        wait_until(lambda: not set(processes(output)) - {rank}, 75)
        seconds = time.monotonic() - begin
        # The launcher must end the one that hangs: if this check did, the launcher might give another status.
        try:
            _, messages = launcher.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.kill(alive[rank], signal.SIGKILL)
            check(False, "the launcher does not end")
        check(launcher.returncode != 0, "the launcher says that all is well")
        was_starting = "before it has begun" in messages
        check(seconds < 10 or was_starting, f"the others were gone after {seconds:.1f} s: {messages}")
        if was_starting:
            starting += 1
        else:
            slowest = max(slowest, seconds)
        statuses[launcher.returncode] = statuses.get(launcher.returncode, 0) + 1
        if is_killed:
            check(launcher.returncode in (EXIT_RESUMABLE, 1, 137, 9), f"status {launcher.returncode}: {messages}")
        else:
            # MPICH's launcher gives the signal with which it ends the one that hangs.
            check(launcher.returncode in (EXIT_RESUMABLE, 9), f"status {launcher.returncode}: {messages}")
            check("no longer answers" in messages or was_starting, f"no sentence of a process: {messages}")
        resumed += os.path.exists(os.path.join(folder, output + ".checkpoint"))
        found = resume_if_needed(mpi, random.choice((1, 2, 4)), output, network, steps)
        check(found == expected, f"after death {number} of rank {rank} the weights differ")
        leftovers = [name for name in os.listdir(folder) if name.startswith(output) and name != output]
        check(all(".previous" in name for name in leftovers), f"left over: {leftovers}")
        number += 1
    print(f"{count} deaths: the others were gone after {slowest:.1f} s at most, {starting} while MPI started, {resumed} "
          f"runs were resumed, all ended with the same weights; statuses of the launcher: {statuses}", flush=True)


def check_refusals(mpis):
    result = mpis[0].run(3, arguments("refused.safetensors", "LSTM", 5, 4))
    check(result.returncode == 64 and "4 shards cannot be divided equally" in result.stderr, "indivisible", result)
    missing = MPI(mpis[0].name, " ".join(mpis[0].launcher), "/nowhere/library.so")
    result = missing.run(2, ["--version"])
    count = result.stderr.count("scripts/build-mpi.sh")
    check(result.returncode == 64 and count == 1, "without the library", result)
    result = mpis[0].run(2, ["generate", "nothing.safetensors"])
    check(result.returncode == 66 and result.stderr.count("There is no file") == 1, "no such model", result)
    if len(mpis) > 1:
        mixed = MPI(mpis[0].name, " ".join(mpis[0].launcher), mpis[1].library)
        result = mixed.run(2, ["--version"])
        count = result.stderr.count("MPI knows of one only")
        check(result.returncode == 64 and count == 1, "another MPI", result)
    result = mpis[0].run(2, ["--version"])
    check(result.returncode == 0 and result.stdout.count("charlm") == 1, "one version line", result)
    print("What cannot be done is said once, with status 64 or 66.", flush=True)


def check_not_finite(mpis):
    """Infinities end a run in the same steps, whichever process has them."""
    command = ["train", TEXT, "--output", "infinite.safetensors", "--cell", "rnn", "--activation", "relu", "--hidden-size",
               "24", "--learning-rate", "1e30", "--clip-norm", "0", "--max-steps", "40", "--shards", "4", "--evaluate-every",
               "5", "--overwrite"]
    def run(mpi, process_count):
        remove("infinite.safetensors")
        result = mpi.run(process_count, command)
        check(result.returncode == EXIT_RESUMABLE, f"{process_count} processes, infinities", result)
        return [line for line in result.stderr.splitlines() if "NaN" in line or "roll" in line]
    expected = run(mpis[0], 1)
    check(expected, "nothing is said of infinities")
    for mpi in mpis:
        for process_count in (2, 4):
            found = run(mpi, process_count)
            check(found == expected, f"{mpi.name}, {process_count} processes: {found} instead of {expected}")
    print(f"Infinities: the same {len(expected)} lines with 1, 2 and 4 processes", flush=True)


def check_shared_work(mpis):
    """Texts that are generated and scored by several processes are those of one, to the last digit."""
    train(mpis[0], 1, "shared.safetensors", "LSTM", 30, 1)
    with open(TEXT) as file:
        text = file.read()
    names = [f"part{number}.txt" for number in range(5)]
    for number, name in enumerate(names):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text[9_000 * number:9_000 * (number + 1) + 500 * number])
    # Of more than three of the blocks that processes share.
    with open(os.path.join(folder, "long.txt"), "w") as file:
        file.write(6 * text)
    train(mpis[0], 1, "other.safetensors", "GRU", 30, 1)
    commands = [
        ["evaluate", "shared.safetensors", "long.txt", "--json", "--quiet"],
        ["evaluate", "shared.safetensors", "long.txt", "--ensemble", "other.safetensors", "--json", "--quiet"],
        ["compare", "shared.safetensors", "other.safetensors", "--text", "long.txt", names[0], "--json", "--quiet"],
        ["generate", "shared.safetensors", "--count", "7", "--seed", "5", "--length", "80"],
        ["generate", "shared.safetensors", "--best-of", "5", "--seed", "9", "--length", "50", "--json"],
        ["evaluate", "shared.safetensors", *names, "--json", "--quiet"],
        ["evaluate", "shared.safetensors", *names[:3], "--json", "--quiet", "--dynamic"],
        ["diagnose", "memorization", "shared.safetensors", TEXT, "--count", "3", "--seed", "2", "--length", "400",
         "--json"],
    ]
    def without_times(text):
        return re.sub(r'"(seconds|characters_per_second|peak_memory_bytes)":[^,}]*', "", text)
    for command in commands:
        expected = mpis[0].run(1, command)
        check(expected.returncode == 0, f"{command}", expected)
        for mpi in mpis:
            for process_count in (2, 3, 8):
                result = mpi.run(process_count, command)
                check(result.returncode == 0, f"{mpi.name}, {process_count} processes: {command}", result)
                check(without_times(result.stdout) == without_times(expected.stdout), f"other output of {command}", result)
    def validations(mpi, process_count):
        remove("validated.safetensors")
        result = mpi.run(process_count, arguments("validated.safetensors", "LSTM", 6, 4, "--validation-file", "long.txt",
                                                  "--json"))
        check(result.returncode == 0, f"{mpi.name}, {process_count} processes: a long validation", result)
        return re.findall(r'"validation"[^}]*"nats_per_token":([^,}]*)', result.stdout)
    expected = validations(mpis[0], 1)
    check(len(expected) == 3, f"validations {expected}")
    for mpi in mpis:
        for process_count in (2, 4):
            found = validations(mpi, process_count)
            check(found == expected, f"{mpi.name}, {process_count} processes: validations {found}, not {expected}")
    # A text that only process 0 can read: what another process misses is said.
    unseen = mpis[0].run(2, ["evaluate", "shared.safetensors", names[0], "nothing.txt"])
    check(unseen.returncode == 66 and unseen.stderr.count("There is no file") == 1, "a missing text", unseen)
    print(f"{len(commands)} commands of other verbs print the same with 2, 3 and 8 processes", flush=True)


parser = argparse.ArgumentParser()
parser.add_argument("charlm")
parser.add_argument("mpi", nargs="+", help="NAME=LAUNCHER=LIBRARY")
parser.add_argument("--steps", type=int, default=30)
parser.add_argument("--deaths", type=int, default=4)
options = parser.parse_args()
charlm = os.path.realpath(options.charlm)
with tempfile.TemporaryDirectory() as folder:
    all_mpis = [MPI(*text.split("=")) for text in options.mpi]
    check_refusals(all_mpis)
    check_shared_work(all_mpis)
    check_not_finite(all_mpis)
    check_equal_weights(all_mpis, options.steps)
    if options.deaths > 0:
        check_deaths(all_mpis, options.deaths)
