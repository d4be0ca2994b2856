"""Takes the pictures of the documentation: docs/server.md tells the story that they show."""

import io
import os
import tempfile

from PIL import Image

from checks import finish, is_idle, spans
from measuring import measure
from server import Server
from training import figures, points, state

most_bytes = 150_000
size = (1080, 760)
scale = 1.5


def take(browser, charlm, folder):
    """All pictures, from `charlm serve --allow-training` over an empty folder on."""
    with open("corpora/the-salt-road.txt") as file:
        road = file.read()
    cut = road.index("\n\n", len(road) * 7 // 10) + 2
    with tempfile.TemporaryDirectory() as models:
        server = Server(charlm, models, "--allow-training")
        server.start()
        browser.address = server.address
        try:
            browser.resize(*size, scale)
            train_two(browser, road[:cut], folder)
            write(browser, folder)
            compare(browser, road[cut:], folder)
        finally:
            server.stop()


def train_two(browser, text, folder):
    path = os.path.join(browser.downloads, "novel.txt")
    with open(path, "w") as file:
        file.write(text)
    for name, minutes in (("first-try", 0.1), ("novel", 3)):
        browser.open_fresh("train")
        if browser.is_shown("new-run"):
            browser.click("new-run")
        browser.until(lambda: browser.is_shown("train-form"))
        browser.part("train-files").send_keys(path)
        browser.until(lambda: "characters" in browser.text("train-survey"))
        browser.fill("train-name", name)
        browser.fill("train-minutes", str(minutes))
        browser.click("train-start")
        if name == "novel":
            browser.until(lambda: browser.is_shown("run") and browser.text("run-name") == "novel")
            browser.until(lambda: points(browser)[0] >= 2, "the chart has a line", 60)
            picture(browser, folder, "page-training")
        state(browser, "finished", 300)
    browser.until(lambda: points(browser)[0] >= 2)
    picture(browser, folder, "page-trained")


def write(browser, folder):
    """A text by the model, with an alternative to look at: on a screen, in the dark and on a phone."""
    sampling = {"length": 560, "temperature": 0.5, "ending": "sentence", "isSeedNew": False, "seed": 4}
    browser.open_fresh(storage={"charlm.model": "novel", "charlm.sampling": sampling})
    browser.fill("text", "In the morning")
    browser.click("continue")
    finish(browser)
    browser.click("tint")
    browser.until(lambda: spans(browser, "text-layer"))
    browser.click("tint-all")
    finish(browser)
    browser.js("document.activeElement.blur()")
    point_at_surprise(browser)
    picture(browser, folder, "page-write")
    browser.color_scheme("dark")
    browser.js("""
        const slider = document.getElementById("setting-length");
        slider.value = 160;
        slider.dispatchEvent(new Event("input"));
        """)
    browser.choose("setting-ending", "")
    browser.click("several")
    browser.until(lambda: is_idle(browser))
    browser.resize(size[0], 960, scale)
    browser.js("document.activeElement.blur(); scrollTo(0, 0)")
    picture(browser, folder, "page-dark")
    browser.color_scheme("light")
    browser.js("document.getElementById('choices-none').click()")
    browser.resize(400, 800, 2, is_mobile=True)
    browser.js("scrollTo(0, 0); document.activeElement.blur()")
    picture(browser, folder, "page-phone")
    browser.resize(*size, scale)


def point_at_surprise(browser):
    """Points at a surprising letter in the upper half of the text."""
    index = browser.js("""
        let [at, best] = [0, null];
        for (const line of document.querySelectorAll("#text-layer .line")) {
          for (const node of line.childNodes) {
            const level = Number(node.className?.at(-1) ?? 0);
            const { top } = (node.getBoundingClientRect?.() ?? { top: Infinity });
            const isLetter = at > 60 && /^[a-z]/.test(node.textContent);
            if (isLetter && top < 340 && level >= (best?.level ?? 0)) best = { at, level };
            at += node.textContent.length;
          }
          at += 1;
        }
        return best.at;
        """)
    browser.point_at(*browser.box("text-layer", index))
    browser.until(lambda: browser.is_shown("alternatives"))


def compare(browser, text, folder):
    browser.open_fresh("measure", storage={"charlm.model": "novel"})
    browser.fill("measure-text", text)
    browser.choose("measure-other", "first-try")
    browser.js("""
        const area = document.getElementById("measure-text");
        Object.assign(area, { scrollTop: 0, rows: 3 });
        """)
    measure(browser)
    browser.resize(1080, 1000, scale)
    browser.js("document.activeElement.blur(); scrollTo(0, 0)")
    picture(browser, folder, "page-measure")


def picture(browser, folder, name):
    """Keeps what the window shows, in as many colors as fit."""
    image = Image.open(io.BytesIO(browser.shot())).convert("RGB")
    for colors in (256, 128, 64, 32, 16):
        path = os.path.join(folder, f"{name}.png")
        # Rare colors must be right, too: they show the greatest surprise.
        image.quantize(colors, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)
        if os.path.getsize(path) < most_bytes:
            break
    print(f"{path}: {os.path.getsize(path)} bytes, {colors} colors", flush=True)
