"""The list of checks, each a function of a browser and a server, and what several of them need."""

checks = []
beginning = "The river was low that morning, and "


def check(*, allowed=()):
    """Adds a check. Whatever the browser reports fails it, except what contains one of the `allowed` texts."""

    def add(function):
        checks.append((function.__name__.replace("_", " "), function, allowed))
        return function

    return add


def equal(found, expected, what=""):
    assert found == expected, f"{what or 'found'}: {found!r} instead of {expected!r}"


def begin(browser, text="", *, model="novel", view="write", **sampling):
    """Opens the page as somebody who was never here and who continues texts by a few characters, and types a text."""
    sampling = {"length": 60, "ending": "", **sampling}
    browser.open_fresh(view, storage={"charlm.sampling": sampling, "charlm.model": model})
    equal(browser.value("model"), model, "the picked model")
    if text:
        browser.fill("text", text)


def is_idle(browser):
    return not browser.is_shown("stop") and browser.is_shown("continue") and browser.part("continue").is_enabled()


def finish(browser):
    """Waits until the model has written, and returns the text."""
    browser.until(lambda: is_idle(browser), "the model has written")
    return browser.value("text")


def write_on(browser):
    browser.click("continue")
    return finish(browser)


def spans(browser, root):
    """The colored parts of a text layer, as pairs of a text and a class."""
    return browser.js("""
        return [...document.querySelectorAll(`#${arguments[0]} .line > span`)].map((s) => [s.textContent, s.className]);
        """, root)


def levels(server, text, model="novel"):
    """The levels of the colors of a text's characters, except the ends of lines, which have none."""
    units = server.post("/v1/evaluate", {"model": model, "text": text, "per_character": True})["units"]
    return [sum(unit["bits"] >= bound for bound in (1, 2, 3, 4, 6, 8, 11))
            for unit, character in zip(units, text) if character != "\n"]


def answer_dialog(browser, id, button):
    """Presses a button of an open dialog."""
    browser.until(lambda: browser.is_shown(id), f"the dialog '{id}' is open")
    browser.part(id).find_element("xpath", f".//button[normalize-space()='{button}']").click()
    browser.until(lambda: not browser.is_shown(id), f"the dialog '{id}' is closed")
