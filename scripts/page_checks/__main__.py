"""Checks the page of `charlm serve`, or takes its pictures.

    page_checks CHARLM FOLDER [--pictures FOLDER] [CHECK...]

FOLDER is an empty one for models, runs and downloads.
"""

import os
import sys
import tempfile
import time
import traceback

import checks
import writing, coloring, drafts, training, measuring, units, access, pictures  # in the order of the checks
from browser import Browser
from server import Server, train

sample = "Zoe\u0308 and Ame\u0301lie 👩‍👩‍👧 ate a cafe\u0301 glacé 🇫🇷 🇩🇪 नमस्ते, and the miller said 👋🏽 Grüße.\n"


def make_models(charlm, folder):
    """Five models, none of which is good."""
    with open("corpora/the-salt-road.txt") as file:
        road = file.read()
    with open("corpora/many-scripts.txt") as file:
        scripts = file.read() + sample * 30
    texts = {"train.txt": road[:60_000], "scripts.txt": scripts, "family.txt": road[:20_000] + sample * 100}
    for name, text in texts.items():
        with open(f"{folder}/{name}", "w") as file:
            file.write(text)
    models = f"{folder}/models"
    os.mkdir(models)
    novel = [f"{folder}/train.txt"]
    train(charlm, novel, f"{models}/novel.safetensors", "--hidden-size", "128", "--max-steps", "300")
    train(charlm, novel, f"{models}/early.safetensors", "--hidden-size", "48", "--max-steps", "60")
    # So large that one can watch it write.
    train(charlm, novel, f"{models}/slow.safetensors", "--hidden-size", "1024", "--layers", "2", "--max-steps", "1",
          "--batch-size", "1", "--window", "8", "--validation-fraction", "0.001")
    train(charlm, [f"{folder}/scripts.txt"], f"{models}/clusters.safetensors", "--hidden-size", "64",
          "--max-steps", "150", "--unit", "grapheme")
    train(charlm, [f"{folder}/family.txt"], f"{models}/bytes.safetensors", "--hidden-size", "128",
          "--max-steps", "300", "--unit", "byte")
    return models


def run(browser, server, wanted):
    """Runs the checks whose names have one of the wanted parts, and returns how many fail."""
    failures = tempfile.mkdtemp(prefix="charlm-page-")
    failed = 0
    chosen = [c for c in checks.checks if not wanted or any(part.replace("_", " ") in c[0] for part in wanted)]
    for name, function, allowed in chosen:
        begin = time.monotonic()
        try:
            browser.forget()
            function(browser, server)
            problems = [p for p in browser.problems() if not any(part in p for part in allowed)]
            assert not problems, problems
            verdict = "passed"
        except Exception as error:  # whatever it is, the other checks follow
            failed += 1
            verdict = "FAILED"
            picture = f"{failures}/{name.replace(' ', '-')}.png"
            frames = [f for f in traceback.extract_tb(error.__traceback__) if "page_checks" in f.filename]
            where = " < ".join(f"{os.path.basename(f.filename)}:{f.lineno}" for f in reversed(frames))
            try:
                with open(picture, "wb") as file:
                    file.write(browser.shot())
            except Exception:
                picture = "no picture"
            print(f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}\n  {where}\n  {picture}")
            end_runs(server)
        print(f"{verdict}  {name} ({time.monotonic() - begin:.1f} s)", flush=True)
    if not failed:
        os.rmdir(failures)
    print(f"{len(chosen) - failed} of {len(chosen)} checks passed.")
    return failed if chosen else 1


def end_runs(server):
    """Ends what a failed check left running."""
    if server.process.poll() is not None:
        server.start()
    for run in server.get("/v1/training")["data"]:
        if run["state"] == "running":
            server.post(f"/v1/training/{run['id']}/stop", {})


def main(charlm, folder, *wanted):
    downloads = f"{folder}/downloads"
    os.mkdir(downloads)
    browser = Browser(downloads)
    if wanted[:1] == ("--pictures",):
        try:
            pictures.take(browser, charlm, wanted[1])
            return 0
        finally:
            browser.quit()
    server = Server(charlm, make_models(charlm, folder), "--allow-training")
    server.start()
    browser.address = server.address
    try:
        return run(browser, server, wanted)
    finally:
        browser.quit()
        end_runs(server)
        server.stop()


if __name__ == "__main__":
    sys.exit(min(1, main(*sys.argv[1:])))
