"""Checks of models whose units are not characters, and of servers with other options."""

import contextlib
import os

from checks import begin, check, equal, finish, spans, write_on
from measuring import check_figures, measure
from server import Server

# An accent of its own, a family of seven characters, a flag of two, a syllable of four.
text = "Zoe\u0308 and the cafe\u0301: 👩‍👩‍👧 said 🇫🇷, नमस्ते und Grüße.\n"

split_clusters = """
    const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
    const wanted = [...segmenter.segment(arguments[0])].map((segment) => segment.index);
    let at = 0;
    const bounds = [];
    document.querySelectorAll(`#${arguments[1]} .line`).forEach((line) => {
      for (const node of line.childNodes) { bounds.push(at); at += node.textContent.length; }
      bounds.push(at);
      at += 1;
    });
    return bounds.filter((bound) => bound < arguments[0].length && !wanted.includes(bound));
    """


def layer_text(browser, root):
    return browser.js("""
        return [...document.querySelectorAll(`#${arguments[0]} .line`)].map((line) => line.textContent).join("\\n");
        """, root)


def write_and_measure(browser, server, model):
    begin(browser, text, model=model, length=200, temperature=0.3)
    written = write_on(browser)
    assert written.startswith(text) and len(written) > len(text), written
    # A model of bytes may write some that are no character; one that has learned a little seldom does.
    assert written.count("\ufffd") <= 2, written
    browser.click("tint")
    browser.click("tint-all")
    finish(browser)
    equal(layer_text(browser, "text-layer"), written, "the text under the colors")
    equal(browser.js(split_clusters, written, "text-layer"), [], "clusters that colors split")
    colored = "".join(part for part, _ in spans(browser, "text-layer"))
    equal(colored, written.replace("\n", ""), "the colored text")
    # Alternatives to the family, which is one character to a person.
    index = text.index("👩")
    browser.point_at(*browser.box("text-layer", index))
    browser.until(lambda: browser.is_shown("alternatives"), "the alternatives are shown")
    equal(browser.js("return document.querySelector('.alternatives-head > *').textContent"), "👩‍👩‍👧")
    # The cursor never comes to be inside a cluster.
    browser.js("""
        const area = document.getElementById("text");
        area.focus();
        area.setSelectionRange(arguments[0], arguments[0]);
        """, index + 2)
    browser.press(browser.keys.CONTROL, browser.keys.ENTER, focus="text")
    finish(browser)
    equal(browser.bodies("/v1/completions")[-1]["prompt"], text[:index], "the prompt")
    begin(browser, model=model, view="measure")
    browser.fill("measure-text", text * 20)
    measure(browser)
    check_figures(browser, server, text * 20, model)
    equal(layer_text(browser, "measured"), text * 20, "the measured text")
    equal(browser.js(split_clusters, text * 20, "measured"), [], "clusters that colors split")


@check()
def a_model_of_bytes_writes_and_is_measured(browser, server):
    write_and_measure(browser, server, "bytes")


@check()
def a_model_of_grapheme_clusters_writes_and_is_measured(browser, server):
    write_and_measure(browser, server, "clusters")


@contextlib.contextmanager
def another_server(browser, server, *options):
    """Lets the browser use another server over the same models."""
    other = Server(server.charlm, server.folder, *options)
    other.start()
    browser.address = other.address
    try:
        yield other
    finally:
        browser.address = server.address
        other.stop()


@check(allowed=["401"])
def a_server_with_a_key_is_asked_with_it(browser, server):
    path = f"{server.folder}/key.txt"
    with open(path, "w") as file:
        file.write("open sesame\n")
    with another_server(browser, server, "--api-key-file", path):
        os.remove(path)
        browser.driver.get(browser.address)
        browser.until(lambda: browser.is_shown("key"), "the page asks for the key")
        browser.press("wrong", browser.keys.ENTER, focus="key-field")
        browser.until(lambda: browser.is_shown("key-problem"), "the wrong key is refused")
        browser.press("open sesame", browser.keys.ENTER, focus="key-field")
        browser.until(lambda: browser.value("model"), "the models are listed")
        browser.fill("text", "The river ")
        assert len(write_on(browser)) > 40
        browser.reload()
        assert not browser.is_shown("key"), "the key is forgotten before the tab is closed"
        equal([problem for problem in browser.problems() if "401" not in problem], [], "problems")
        browser.forget()  # they are of another address


@check(allowed=["404"])
def a_server_that_does_not_train_says_what_would(browser, server):
    with another_server(browser, server):
        begin(browser, view="train")
        browser.until(lambda: browser.is_shown("train-closed"), "it is said")
        assert "charlm serve --allow-training" in browser.text("train-closed")
        assert not browser.is_shown("train-form")
        equal([problem for problem in browser.problems() if "404" not in problem], [], "problems")
        browser.forget()
