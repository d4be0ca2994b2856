"""Checks that the page can be used by everybody: by keyboard, by screen reader, in the dark, on a phone."""

import io

from PIL import Image, ImageChops

from checks import answer_dialog, begin, beginning, check, equal, is_idle, write_on
from measuring import measure, unseen
from training import open_form, road, start, state


def open_writing(browser, server):
    begin(browser, beginning)
    write_on(browser)
    browser.click("tint")
    browser.driver.find_element("css selector", ".settings summary").click()


def open_choices(browser, server):
    begin(browser, beginning)
    browser.click("several")
    browser.until(lambda: is_idle(browser) and browser.js("return document.activeElement.closest('.choice') !== null"))


def open_alternatives(browser, server):
    begin(browser, beginning)
    write_on(browser)
    browser.click("tint")
    browser.press(*[browser.keys.ARROW_LEFT] * 5, focus="text")
    browser.until(lambda: browser.is_shown("alternatives"))


def open_training(browser, server):
    open_form(browser, road[:3000] + "\u200b", "some-name")
    browser.drop("train-form", "dropped.txt", road[:500])
    browser.until(lambda: "Unusual" in browser.text("train-survey"))


def open_run(browser, server):
    begin(browser, view="train")
    if not server.get("/v1/training")["data"]:
        start(browser, "looked-at", 0.1)
        state(browser, "finished")
    browser.until(lambda: browser.is_shown("run-list"))
    browser.driver.find_element("css selector", "#run-list button").click()
    browser.until(lambda: browser.is_shown("run-write") and browser.all("#loss-chart polyline"))


def open_measuring(browser, server):
    begin(browser, view="measure")
    browser.fill("measure-text", unseen)
    browser.choose("measure-other", "early")
    measure(browser)


states = [open_writing, open_choices, open_alternatives, open_training, open_run, open_measuring]


def each_state(browser, server, look):
    for open_state in states:
        open_state(browser, server)
        try:
            look(open_state.__name__.removeprefix("open_"))
        except AssertionError as error:
            raise AssertionError(f"{open_state.__name__}: {error}") from error


# By keyboard

controls = """
    return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(
      (node) => node.checkVisibility({ visibilityProperty: true }) && !node.disabled && !node.closest(":disabled")
        && node.tabIndex >= 0 && node.type !== "file");
    """
describe = """
    const node = arguments[0];
    return node.id || node.getAttribute("aria-label") || node.textContent.trim().slice(0, 30) || node.type;
    """


def contrast(first, second):
    def luminance(color):
        parts = [value / 255 for value in color]
        r, g, b = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def strong_pixels(before, after):
    """How many pixels differ by the contrast of 3 that WCAG asks of a focus mark."""
    first, second = (Image.open(io.BytesIO(png)).convert("RGB") for png in (before, after))
    box = ImageChops.difference(first, second).getbbox()
    if box is None:
        return 0
    pairs = zip(first.crop(box).getdata(), second.crop(box).getdata())
    known = {}
    return sum(known.setdefault(pair, pair[0] != pair[1] and contrast(*pair) >= 3) for pair in pairs)


@check()
def every_control_is_reached_by_tab_and_shows_the_focus(browser, server):
    def look(_):
        expected = browser.js(controls)
        browser.js("document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)")
        browser.js("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
        reached = []
        for _ in range(len(expected) + 5):
            browser.press(browser.keys.TAB)
            node = browser.driver.switch_to.active_element
            if node in reached or node.tag_name == "body":
                break
            reached.append(node)
            node_name = browser.js(describe, node)
            browser.js("arguments[0].style.caretColor = 'transparent'", node)
            focused = browser.shot()
            box = browser.js("""
                const box = arguments[0].getBoundingClientRect();
                return box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
                """, node)
            assert box, f"'{node_name}' is out of sight while it has the focus"
            browser.js("arguments[0].blur()", node)
            count = strong_pixels(browser.shot(), focused)
            assert count >= 60, f"'{node_name}' does not show the focus: {count} pixels change"
            browser.js("arguments[0].focus({ preventScroll: true, focusVisible: true })", node)
        names = [[browser.js(describe, node) for node in nodes] for nodes in (reached, expected)]
        equal(names[0], names[1], "the controls in the order of Tab")

    browser.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    try:
        # The alternatives close when the text loses the focus; their keys have a check of their own.
        for open_state in states:
            if open_state is not open_alternatives:
                open_state(browser, server)
                look(open_state)
    finally:
        browser.cdp("Emulation.setEmulatedMedia", features=[])


@check()
def the_whole_page_works_without_a_mouse(browser, server):
    keys = browser.keys
    begin(browser)
    focus_on = lambda id: browser.js("document.getElementById(arguments[0]).focus()", id)
    browser.press("The river ", focus="text")
    browser.press(keys.CONTROL, keys.ENTER)
    browser.until(lambda: is_idle(browser) and len(browser.value("text")) > 20)
    equal(browser.js("return document.activeElement.id"), "text", "the focus after the model wrote")
    focus_on("write-tab")
    browser.press(keys.ARROW_RIGHT)
    equal(browser.js("return document.activeElement.id"), "train-tab")
    browser.until(lambda: browser.is_shown("train-view"))
    browser.press(keys.END)
    browser.until(lambda: browser.is_shown("inside-view"))
    browser.press(keys.ARROW_LEFT)
    browser.until(lambda: browser.is_shown("measure-view"))
    focus_on("measure-text")
    browser.press("The river was low. ")
    browser.press(keys.TAB)
    equal(browser.js("return document.activeElement.id"), "measure-start")
    browser.press(keys.ENTER)
    browser.until(lambda: browser.is_shown("measure-figures"))
    # A dialog keeps the focus inside, and gives it back.
    browser.show("write")
    focus_on("versions")
    browser.press(keys.ENTER)
    browser.until(lambda: browser.is_shown("version-list"))
    assert browser.js("return document.activeElement.closest('dialog') !== null")
    browser.press(keys.ESCAPE)
    browser.until(lambda: not browser.is_shown("version-list"))
    equal(browser.js("return document.activeElement.id"), "versions", "the focus after a dialog")


# By screen reader

named_roles = {
    "DisclosureTriangle", "application", "button", "checkbox", "combobox", "complementary", "dialog", "image", "img",
    "link", "listbox", "menuitem", "meter", "option", "progressbar", "radio", "region", "searchbox", "slider",
    "spinbutton", "tab", "tabpanel", "textbox",
}


def nameless(browser):
    """The nodes of Chromium's accessibility tree that need a name and have none."""
    nodes = browser.cdp("Accessibility.getFullAXTree")["nodes"]
    named = [node for node in nodes if not node["ignored"] and node["role"]["value"] in named_roles]
    assert len(named) > 2, f"only {len(named)} nodes"
    # A placeholder, which the tree takes as a name, is gone as soon as something is written.
    fields = browser.js("""
        return [...document.querySelectorAll("[placeholder]")].filter(
          (field) => field.labels.length === 0 && !field.ariaLabel).map((field) => ["placeholder", field.id]);
        """)
    return [(node["role"]["value"], node.get("backendDOMNodeId")) for node in named
            if not node.get("name", {}).get("value", "").strip()] + fields


@check()
def every_control_has_a_name(browser, server):
    browser.cdp("Accessibility.enable")
    each_state(browser, server, lambda _: equal(nameless(browser), [], "without a name"))
    begin(browser, "A text")
    browser.click("versions")
    equal(nameless(browser), [], "without a name in the versions")
    answer_dialog(browser, "version-list", "Keep a version")
    browser.until(lambda: browser.is_shown("name"))
    equal(nameless(browser), [], "without a name in the question for a name")
    answer_dialog(browser, "name", "Cancel")
    browser.click("delete-draft")
    browser.until(lambda: browser.is_shown("question"))
    equal(nameless(browser), [], "without a name in a question")
    answer_dialog(browser, "question", "Cancel")


# For the eyes

faint = """
    const parsed = (color) => {
      const numbers = color.match(/-?[\\d.]+/g).map(Number);
      const [r, g, b] = color.startsWith("color(") ? numbers.slice(0, 3).map((n) => n * 255) : numbers;
      return [r, g, b, numbers[3] ?? 1];
    };
    const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a), 1];
    const groundOf = (node) => {
      if (!node) return [255, 255, 255, 1];
      const own = parsed(getComputedStyle(node).backgroundColor);
      return own[3] === 1 ? own : over(own, groundOf(node.parentElement));
    };
    const luminance = (color) => {
      const [r, g, b] = color.map((n) => n / 255).map((n) => (n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (node.data.trim() === "" || !parent.checkVisibility({ visibilityProperty: true })) continue;
      if (parent.closest(":disabled, .layer:not(.is-text), script, option")) continue;
      const style = getComputedStyle(parent);
      const ground = groundOf(parent);
      let color = parsed(parent.closest("svg") ? style.fill : style.color);
      let opacity = 1;
      for (let up = parent; up; up = up.parentElement) opacity *= Number(getComputedStyle(up).opacity);
      color = over([...color.slice(0, 3), color[3] * opacity], ground);
      const [low, high] = [luminance(color), luminance(ground)].sort((a, b) => a - b);
      const contrast = (high + 0.05) / (low + 0.05);
      if (contrast < 4.5) found.push(`${node.data.trim().slice(0, 40)}: ${contrast.toFixed(2)}`);
    }
    return found;
    """


@check()
def texts_are_readable_in_light_and_in_the_dark(browser, server):
    grounds = {}
    for scheme in ("light", "dark"):
        browser.color_scheme(scheme)
        try:
            each_state(browser, server, lambda _: equal(browser.js(faint), [], f"faint texts, {scheme}"))
            grounds[scheme] = browser.js("return getComputedStyle(document.body).backgroundColor")
        finally:
            browser.cdp("Emulation.setEmulatedMedia", features=[])
    light, dark = (sum(int(n) for n in grounds[s][4:-1].split(",")) for s in ("light", "dark"))
    assert light > 600 and dark < 150, grounds


too_wide = """
    const wide = [...document.querySelectorAll("body *")].filter((node) => {
      const box = node.getBoundingClientRect();
      return node.checkVisibility({ visibilityProperty: true }) && box.width > 1 && box.right > innerWidth + 0.5
        && !node.closest(".hidden");
    }).map((node) => node.id || node.className || node.tagName);
    return [innerWidth, document.documentElement.scrollWidth, wide];
    """


@check()
def nothing_is_wider_than_a_phone(browser, server):
    for width in (400, 320):
        browser.resize(width, 800, is_mobile=True)
        try:
            expected = [width, width, []]
            each_state(browser, server, lambda _: equal(browser.js(too_wide), expected, "width, scrolled, too wide"))
        finally:
            browser.resize(1280, 900)
