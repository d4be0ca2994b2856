"""Checks of the view that trains models."""

import codecs
import os
import signal
import time

from checks import answer_dialog, begin, check, equal, is_idle

with open("corpora/the-salt-road.txt") as file:
    road = file.read()
# With other letters than English: training starts from nothing and takes all of its time.
foreign = codecs.encode(road, "rot13")


def open_form(browser, text=None, name=None, minutes=None):
    begin(browser, view="train")
    browser.until(lambda: browser.is_shown("train-form"), "the form is shown")
    if text:
        browser.fill("train-paste", text)
    if name:
        browser.fill("train-name", name)
    if minutes:
        browser.fill("train-minutes", str(minutes))


def start(browser, name, minutes):
    open_form(browser, foreign, name, minutes)
    browser.click("train-start")
    browser.until(lambda: browser.is_shown("run") and browser.text("run-state") == "running", "it trains")


def figures(browser):
    return browser.js("""
        return Object.fromEntries([...document.querySelectorAll("#run-figures > div")].map(
          (row) => [row.querySelector("dt").textContent, row.querySelector("dd").textContent]));
        """)


def points(browser):
    """The points of the chart: how many of the line, and where those of the held-back text are."""
    return browser.js("""
        const line = document.querySelector("#loss-chart polyline")?.getAttribute("points").trim() ?? "";
        return [line === "" ? 0 : line.split(" ").length,
          [...document.querySelectorAll("#loss-chart circle")].map((c) => Number(c.getAttribute("cx")))];
        """)


def state(browser, name, seconds=60):
    browser.until(lambda: browser.text("run-state") == name, f"the run is {name}", seconds)


def listed(browser):
    return browser.js("return [...document.getElementById('model').options].map((option) => option.value)")


def steps(server, run):
    return [event["step"] for event in server.log(run) if event["event"] == "step"]


def best(server, run):
    return min(event["bits_per_character"] for event in server.log(run) if event["event"] == "validation")


def stop(browser):
    browser.click("run-stop")
    answer_dialog(browser, "question", "Stop and keep the best")
    said = set()
    has_stopped = lambda: said.add(browser.text("run-status")) or browser.text("run-state") == "finished"
    browser.until(has_stopped, "it stops", 60)
    equal(said, {""}, "what is said meanwhile")


def check_result(browser, server, run):
    """The run is over, and the page, the log and the model agree."""
    browser.until(lambda: run in listed(browser), "the model is in the picker")
    browser.until(lambda: figures(browser)["Bits per character"] == f"{best(server, run):.2f}", "its best is shown")
    found = server.get(f"/v1/models/{run}")["charlm"]["validation_bits_per_character"]
    assert abs(found - best(server, run)) < 1e-6, (found, best(server, run))
    browser.click("run-write")
    browser.until(lambda: browser.is_shown("write-view") and browser.value("model") == run, "it writes with it")
    browser.click("continue")
    browser.until(lambda: is_idle(browser) and browser.value("text"), "it has written")
    equal(browser.bodies("/v1/completions")[-1]["model"], run)


odd = "one\u00a0two\u00a0three\ufeff \u200bfour\u00ad " + "The miller went to the mill. " * 40


@check()
def text_files_are_chosen_dropped_and_removed(browser, server):
    open_form(browser)
    paths = []
    for name, text in (("first part.txt", "The first part.\n" * 30), ("second.txt", "The second part.\n" * 30)):
        paths.append(os.path.join(browser.downloads, name))
        with open(paths[-1], "w") as file:
            file.write(text)
    browser.part("train-files").send_keys("\n".join(paths))
    files = lambda: browser.text("train-file-list")
    browser.until(lambda: "second.txt" in files(), "both are listed")
    assert "first part.txt480 characters" in files(), files()
    equal(browser.value("train-name"), "first-part", "the proposed name")
    browser.drop("train-form", "dropped.txt", odd)
    browser.until(lambda: "dropped.txt" in files(), "the dropped file is listed")
    browser.until(lambda: "Unusual" in browser.text("train-survey"), "it was surveyed")
    survey = browser.text("train-survey")
    for name in ("no-break space, U+00A0 × 2", "byte order mark, U+FEFF × 1", "zero-width space, U+200B × 1",
                 "soft hyphen, U+00AD × 1"):
        assert name in survey, survey
    count = 480 + 510 + len(odd)
    assert f"{count:,} characters" in survey and "This is short." in survey, survey
    browser.driver.find_element("css selector", "[aria-label='Remove dropped.txt']").click()
    browser.until(lambda: "990 characters" in browser.text("train-survey"), "it was surveyed again")
    assert "dropped.txt" not in files() and "Unusual" not in browser.text("train-survey")


@check(allowed=["400"])
def what_is_wrong_with_a_run_is_said(browser, server):
    open_form(browser)
    said = lambda: browser.text("train-status")
    browser.click("train-start")
    equal(said(), "There is no text yet.")
    with open(os.path.join(browser.downloads, "latin.txt"), "wb") as file:
        file.write("Gr\u00fc\u00dfe".encode("latin-1"))
    browser.part("train-files").send_keys(file.name)
    browser.until(lambda: said() == "latin.txt is not a text in UTF-8.", "it is said")
    browser.fill("train-paste", road[:3000])
    browser.fill("train-name", "a name")
    browser.click("train-start")
    equal(said(), "The name may have letters, digits, - and _.")
    browser.fill("train-name", "novel")
    browser.fill("train-minutes", "0")
    browser.click("train-start")
    equal(said(), "The time is a number of minutes.")
    browser.fill("train-minutes", "1")
    browser.click("train-start")
    browser.until(lambda: "There is a model 'novel' already" in said(), "it is said")


@check()
def a_run_is_started_and_watched_to_its_end(browser, server):
    start(browser, "watched", 0.25)
    seen = set()
    browser.until(lambda: seen.add(figures(browser)["Bits per character"]) or len(seen) > 2, "its figures change", 40)
    assert figures(browser)["Time left"].endswith(" s") and browser.is_shown("loss-chart")
    summary = browser.js("return document.getElementById('loss-chart').ariaLabel")
    assert summary.startswith("Loss chart, bits per character in "), summary
    state(browser, "finished")
    events = server.log("watched")
    equal(events[-1]["reason"], "time", "the end")
    validations = [event for event in events if event["event"] == "validation"]
    browser.until(lambda: len(points(browser)[1]) == len(validations), "every validation is drawn")
    # Each at its own time, on an axis from 40 pixels to 104 pixels before the end.
    width = browser.js("return document.getElementById('loss-chart').clientWidth")
    total = events[-1]["seconds"]
    expected = [40 + event["seconds"] / total * (width - 144) for event in validations]
    for found, place in zip(points(browser)[1], expected):
        assert abs(found - place) < 0.5, (points(browser)[1], expected)
    samples = [event["text"] for event in events if event["event"] == "sample"]
    shown = browser.js("return [...document.querySelectorAll('.sample')].map((item) => item.textContent)")
    equal(shown, samples[::-1][:3], "samples, the newest first")
    assert "watched" in browser.text("run-list") and "finished" in browser.text("run-list")
    check_result(browser, server, "watched")
    assert browser.text("model-about").endswith("learned from pasted.txt"), browser.text("model-about")


@check()
def a_run_is_paused_resumed_and_stopped_with_its_best(browser, server):
    start(browser, "paused", 1.5)
    browser.until(lambda: len(points(browser)[1]) >= 1, "a validation", 60)
    browser.click("run-pause")
    state(browser, "paused")
    assert browser.is_shown("run-resume") and not browser.is_shown("run-pause")
    before = steps(server, "paused")
    left = figures(browser)["Time left"]
    time.sleep(1)
    equal(steps(server, "paused"), before, "steps while it is paused")
    browser.reload()
    browser.until(lambda: browser.is_shown("run") and browser.text("run-state") == "paused", "the run after a reload")
    browser.until(lambda: figures(browser)["Time left"] == left, "the same time is left")
    browser.click("run-resume")
    state(browser, "running")
    browser.until(lambda: len(steps(server, "paused")) > len(before) + 3, "it continues", 60)
    equal(steps(server, "paused")[:len(before)], before, "the steps before")
    browser.until(lambda: points(browser)[0] > len(before), "new points", 30)
    # Whoever hesitates has stopped nothing.
    browser.click("run-stop")
    answer_dialog(browser, "question", "Cancel")
    equal(browser.text("run-state"), "running")
    stop(browser)
    assert os.path.exists(f"{server.folder}/paused.safetensors")
    check_result(browser, server, "paused")


@check(allowed=["ERR_CONNECTION", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_EMPTY_RESPONSE"])
def neither_a_closed_page_nor_a_killed_server_loses_a_run(browser, server):
    start(browser, "kept", 2)
    browser.until(lambda: points(browser)[0] >= 3, "points", 40)
    first = browser.driver.current_window_handle
    browser.driver.switch_to.new_window("window")
    other = browser.driver.current_window_handle
    browser.driver.switch_to.window(first)
    browser.driver.close()
    browser.driver.switch_to.window(other)
    browser.prepare()
    begin(browser, view="train")
    browser.until(lambda: browser.text("run-name") == "kept" and points(browser)[0] >= 3, "the run in a new window")
    process = server.run_process("kept")
    server.kill()
    browser.until(lambda: "server" in browser.text("run-status"), "the page says that the server is gone")
    shown = points(browser)[0]
    assert shown >= 3, "the chart is still there"
    before = len(steps(server, "kept"))
    browser.until(lambda: len(steps(server, "kept")) > before, "it trains without a server", 40)
    server.start()
    equal(server.run_process("kept"), process, "the process that trains")
    # The page finds the server again by itself.
    browser.until(lambda: browser.text("run-status") == "" and points(browser)[0] > shown, "the chart grows again", 30)
    equal(browser.text("run-state"), "running")
    found = steps(server, "kept")
    equal(found, [1] + [50 * (k + 1) for k in range(len(found) - 1)], "the steps of the log")
    # The process that trains is killed, too: the run continues from its checkpoint, or from its beginning.
    browser.click("run-pause")
    state(browser, "paused")
    browser.click("run-resume")
    state(browser, "running")
    browser.until(lambda: len(steps(server, "kept")) > len(found) + 1, "it continues", 60)
    os.kill(server.run_process("kept"), signal.SIGKILL)
    state(browser, "paused")
    browser.click("run-resume")
    state(browser, "running")
    browser.until(lambda: len(steps(server, "kept")) > len(found) + 3, "it continues", 60)
    browser.until(lambda: points(browser)[0] > len(found), "the chart continues", 30)
    stop(browser)
    found = steps(server, "kept")
    equal(found[:-1], [1] + [50 * (k + 1) for k in range(len(found) - 2)], "the steps of the log")
    check_result(browser, server, "kept")
