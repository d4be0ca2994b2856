#!/usr/bin/env python3
"""Tries what a loss of power may leave of the files that charlm was writing; part of scripts/torture.sh.

  crash_states.py CHARLM [--steps 5]

strace records the calls of a command. The record is cut after every call, and for each cut every state is made that
POSIX allows, as ALICE does (Pillai et al. 2014, "All File Systems Are Not Created Equal"): of the changes to a folder
that no fsync of the folder followed, any subset; of the writes to a file that no fsync of the file followed, a
beginning, all but one, half of the last, or zeros in their place. A file's fsync does not keep its name.

In each state:
- the checkpoint that was announced last, or a later one, loads and resumes, and the weights at the end are those of
  the undisturbed run, as is the log; if the end of the run was announced, the model is there;
- a file that the command replaces is whole, at its path or under its second name.
"""

import argparse
import concurrent.futures
import hashlib
import itertools
import json
import os
import re
import shutil
import subprocess
import tempfile

CALLS = "openat,creat,write,pwrite64,writev,close,fsync,fdatasync,ftruncate,rename,renameat,renameat2,link,linkat,unlink,unlinkat"
LINE = re.compile(r"(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)")
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


class File:
    """The contents of a file: what an fsync has kept, and the writes since."""

    def __init__(self, content=b""):
        self.kept, self.pending, self.end = content, [], len(content)

    def write(self, data, position=None):
        self.pending.append((self.end if position is None else position, data))
        self.end = max(self.end, self.pending[-1][0] + len(data))

    def truncate(self, size):
        self.pending.append((size, None))
        self.end = size

    def synchronize(self):
        self.kept, self.pending = self.content(self.pending), []

    def content(self, changes):
        data = bytearray(self.kept)
        for position, change in changes:
            if change is None:
                del data[position:]
            data.extend(bytes(max(0, position - len(data))))
            if change is not None:
                data[position:position + len(change)] = change
        return bytes(data)

    def variants(self):
        """All contents that a loss of power may leave, the complete one first."""
        changes = self.pending
        found = [changes]
        found += [changes[:count] for count in range(len(changes))]
        found += [changes[:left_out] + changes[left_out + 1:] for left_out in range(len(changes))]
        if changes and changes[-1][1]:
            position, data = changes[-1]
            found.append(changes[:-1] + [(position, data[:len(data) // 2])])
        found.append([(position, data and bytes(len(data))) for position, data in changes])
        return list(dict.fromkeys(self.content(changes) for changes in found))


class Recording:
    """A folder during the run of a command, call by call."""

    def __init__(self, files):
        self.kept = {name: File(content) for name, content in files.items()}
        self.names = dict(self.kept)
        self.pending = []
        self.open = {}
        self.output = b""

    def change(self, entries):
        """Changes names at once: to a file, or to None."""
        self.pending.append(entries)
        apply(self.names, entries)

    def states(self):
        """Every set of files that a loss of power may leave now."""
        for count in range(len(self.pending) + 1):
            for changes in itertools.combinations(self.pending, count):
                names = dict(self.kept)
                for entries in changes:
                    apply(names, entries)
                variants = {name: file.variants() for name, file in names.items()}
                for rest in (0, min(1, len(names))):  # the other files complete, or without what was not synced
                    others = {name: found[min(rest, len(found) - 1)] for name, found in variants.items()}
                    yield others
                    for name, found in variants.items():
                        for content in found:
                            yield {**others, name: content}


def apply(names, entries):
    for name, file in entries.items():
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file


def decoded(text):
    return bytes.fromhex(text.replace("\\x", ""))


def calls(trace):
    """Each completed call as its name, its arguments and its result, in the order of their ends."""
    begun = {}
    with open(trace, encoding="ascii") as lines:
        for line in lines:
            process = line.split(" ", 1)[0]
            if line.rstrip().endswith("<unfinished ...>"):
                begun[process] = line.rstrip()[:-len("<unfinished ...>")]
                continue
            if resumed := re.match(r"\d+ +<\.\.\. \w+ resumed>(.*)", line):
                line = begun.pop(process) + resumed.group(1)
            if match := LINE.match(line):
                yield match.group(1), match.group(2), int(match.group(3))


def record(command, files):
    """Runs a command in a folder with `files`, and yields the folder after each of its calls that changes files."""
    with tempfile.TemporaryDirectory() as folder:
        write_files(folder, files)
        trace = os.path.join(folder, "trace of the calls")
        subprocess.run(
            ["strace", "-f", "-o", trace, "-xx", "-s", "100000000", "-e", "trace=" + CALLS, *command], cwd=folder,
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        recording = Recording(files)

        def name(path):
            """The name of a file in the folder; None for all others."""
            path = os.path.join(folder, os.fsdecode(decoded(path)))
            return os.path.basename(path) if os.path.dirname(os.path.normpath(path)) == folder else None

        yield recording
        for call, arguments, result in calls(trace):
            if result < 0:
                continue
            paths = STRING.findall(arguments)
            number = re.match(r"\d+", arguments)
            descriptor = int(number.group()) if number else None
            file = recording.open.get(descriptor)
            if call == "openat":
                path = os.path.normpath(os.path.join(folder, os.fsdecode(decoded(paths[0]))))
                if path == folder:
                    recording.open[result] = recording
                    continue
                inside = name(paths[0])
                if inside is None:
                    recording.open.pop(result, None)
                    continue
                if inside not in recording.names and "O_CREAT" in arguments:
                    recording.change({inside: File()})
                recording.open[result] = recording.names[inside]
                if "O_TRUNC" in arguments:
                    recording.names[inside].truncate(0)
            elif call == "close":
                recording.open.pop(descriptor, None)
                continue
            elif call == "write" and descriptor == 1:
                recording.output += decoded(paths[0])[:result]
            elif file is None and descriptor is not None:
                continue
            elif call == "write":
                file.write(decoded(paths[0])[:result])
            elif call == "pwrite64":
                file.write(decoded(paths[0])[:result], int(arguments.rsplit(", ", 1)[1]))
            elif call == "ftruncate":
                file.truncate(int(arguments.rsplit(", ", 1)[1]))
            elif call in ("fsync", "fdatasync"):
                if file is recording:
                    recording.kept, recording.pending = dict(recording.names), []
                else:
                    file.synchronize()
            elif call.startswith("rename"):
                old, new = map(name, paths)
                recording.change({old: None, new: recording.names[old]})
            elif call.startswith("link"):
                old, new = map(name, paths)
                recording.change({new: recording.names[old]})
            elif call.startswith("unlink"):
                if name(paths[0]) in recording.names:
                    recording.change({name(paths[0]): None})
                else:
                    continue
            else:
                raise SystemExit(f"crash_states.py does not know what {call} does to a file.")
            yield recording
        found = {entry: open(os.path.join(folder, entry), "rb").read() for entry in os.listdir(folder)}
        found.pop(os.path.basename(trace))
        assert found == {key: file.content(file.pending) for key, file in recording.names.items()}, "The record is wrong."


def write_files(folder, files):
    for name, content in files.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)


def weights(model):
    """The digest of a model's tensors, without its metadata, which says how long the run took."""
    return hashlib.sha256(model[8 + int.from_bytes(model[:8], "little"):]).hexdigest()


def log_lines(log):
    """What is the same in every run's log."""
    lines = [json.loads(line) for line in log.splitlines()]
    differing = ("seconds", "characters_per_second", "run", "arguments", "peak_memory_bytes")
    return [{key: value for key, value in line.items() if key not in differing}
            for line in lines if line["event"] != "checkpoint"]


def events(output):
    return [json.loads(line) for line in output.decode().splitlines(keepends=True) if line.endswith("\n")]


def check_training(files, announced, is_finished, whole):
    """What is wrong with what a training run left, or None."""
    old = {weights(files[name]) for name in ("model", "model.previous") if name in files and files[name]}
    if whole["earlier"] not in old:
        return "the earlier model is gone"
    if "model.checkpoint" not in files:
        if weights(files.get("model", bytes(8))) == whole["weights"]:
            return None
        if is_finished:
            return "the finished model is gone"
        return None if announced is None else "the announced checkpoint is gone"
    with tempfile.TemporaryDirectory() as folder:
        write_files(folder, files)
        found = subprocess.run(
            [charlm, "inspect", "model.checkpoint", "--json"], cwd=folder, capture_output=True, check=False)
        if found.returncode != 0:
            return f"the checkpoint does not load: {found.stderr.decode()}"
        if json.loads(found.stdout)["step"] < (announced or 0):
            return f"the checkpoint is older than step {announced}, which was announced"
        resume = [charlm, "train", "--resume", "model.checkpoint", "--quiet"]
        found = subprocess.run(resume, cwd=folder, capture_output=True, check=False)
        # A log that is no log any more must be named again: it is kept under another name.
        has_log = b"--log 'log'" not in found.stderr
        if not has_log:
            found = subprocess.run([*resume, "--log", "log"], cwd=folder, capture_output=True, check=False)
        if found.returncode != 0:
            return f"the checkpoint does not resume: {found.stderr.decode()}"
        with open(os.path.join(folder, "model"), "rb") as model, open(os.path.join(folder, "log"), "rb") as log:
            if weights(model.read()) != whole["weights"]:
                return "the resumed run has other weights"
            lines = log_lines(log.read())
            if has_log and lines != whole["log"] or not has_log and lines[-1] != whole["log"][-1]:
                return "the resumed run has another log"
    return None


def check_replacement(files, name, old, new, is_finished):
    """What is wrong with what a command left that replaces a file, or None."""
    contents = [files.get(name), files.get(name + ".previous")]
    if old not in contents:
        return "the old file is gone"
    if contents[0] not in ((new,) if is_finished else (old, new)):
        return "the file is neither the old nor the new one"
    return None


def run_states(check, recordings):
    """Checks every different state; returns their number and that of the calls."""
    seen, cuts = set(), 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        def states():
            nonlocal cuts
            for recording in recordings:
                cuts += 1
                for files in recording.states():
                    digest = hashlib.sha256()
                    for name, content in sorted(files.items()):
                        digest.update(f"{name} {len(content)} ".encode() + content)
                    digest.update(recording.output)
                    if digest.digest() not in seen:
                        seen.add(digest.digest())
                        yield dict(files), recording.output

        for (files, output), wrong in pool.map(lambda state: (state, check(*state)), states()):
            if wrong:
                kept = tempfile.mkdtemp(prefix="crash-state-")
                write_files(kept, files)
                raise SystemExit(f"After a crash {wrong} (its files are in {kept}, its output was {output[-200:]})")
    return len(seen), cuts


def train(steps):
    text = b"the quick brown fox jumps over the lazy dog\n" * 60
    settings = ["--from", "none", "--hidden-size", "4", "--batch-size", "2", "--window", "8", "--validation-fraction",
                "0.1", "--evaluate-every", "2", "--quiet", "--json"]

    def command(output, count, *more):
        return [charlm, "train", "text", "--output", output, "--max-steps", str(count), *settings, *more]

    with tempfile.TemporaryDirectory() as folder:
        write_files(folder, {"text": text})
        logged = ["--log", "log", "--checkpoint-every", "0"]
        for arguments in (command("earlier", 1), command("model", steps, *logged)):
            subprocess.run(arguments, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        read = {name: open(os.path.join(folder, name), "rb").read() for name in ("earlier", "model", "log")}
    whole = {"earlier": weights(read["earlier"]), "weights": weights(read["model"]), "log": log_lines(read["log"])}

    def check(files, output):
        steps_announced = [event["step"] for event in events(output) if event["event"] == "checkpoint"]
        is_finished = any(event["event"] == "finished" for event in events(output))
        return check_training(files, max(steps_announced, default=None), is_finished, whole)

    files = {"text": text, "model": read["earlier"]}
    states, cuts = run_states(check, record(command("model", steps, *logged), files))
    print(f"torture: | a training run of {steps} steps over an earlier model, cut after each of {cuts} changes of its "
          f"files, and every loss of unsynced changes | {states} states: an announced checkpoint loads and resumes, or "
          "the model is there; same weights, same log |")


def compress():
    text, old = b"a text that is compressed\n" * 40, b"something else\n" * 20
    with tempfile.TemporaryDirectory() as folder:
        write_files(folder, {"text": text})
        subprocess.run(
            [charlm, "train", "text", "--output", "model", "--from", "none", "--hidden-size", "4", "--max-steps", "1",
             "--quiet"], cwd=folder, check=True)
        model = open(os.path.join(folder, "model"), "rb").read()
        command = [charlm, "compress", "model", "text", "--output", "compressed"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        new = open(os.path.join(folder, "compressed"), "rb").read()

    def check(files, output):
        # The figures are printed when the file is there.
        return check_replacement(files, "compressed", old, new, is_finished=output != b"")

    states, cuts = run_states(check, record(command, {"text": text, "model": model, "compressed": old}))
    print(f"torture: | a command that replaces a file, cut after each of {cuts} changes | {states} states: the old "
          "file is whole, at its path or as NAME.previous, and the new one is whole, and there once it was reported |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("charlm", type=os.path.abspath)
    parser.add_argument("--steps", type=int, default=5)
    options = parser.parse_args()
    charlm = options.charlm
    if not shutil.which("strace"):
        raise SystemExit("crash_states.py needs strace.")
    train(options.steps)
    compress()
