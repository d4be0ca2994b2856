"""Checks of the colors that show surprise, and of the alternatives to a character."""

from checks import begin, beginning, check, equal, finish, is_idle, levels, spans, write_on


@check()
def surprise_is_shown_kept_over_a_reload_and_hidden(browser, server):
    begin(browser, beginning)
    write_on(browser)
    equal(spans(browser, "text-layer"), [], "colors before")
    browser.click("tint")
    colored = browser.until(lambda: spans(browser, "text-layer"), "the text is colored")
    assert all(name.startswith("level-") for _, name in colored) and browser.is_shown("write-legend"), colored
    assert len({name for _, name in colored}) >= 3, colored
    browser.click("tint-all")
    browser.until(lambda: is_idle(browser))
    colored = spans(browser, "text-layer")
    letters = browser.value("text").replace("\n", "")  # a line's end has no color
    equal("".join(text for text, _ in colored), letters, "the colored text")
    # The levels are those of the figures, with bounds at 1, 2, 3, 4, 6, 8 and 11 bits.
    equal([int(name[-1]) for text, name in colored for _ in text], levels(server, browser.value("text")), "levels")
    browser.reload()
    assert browser.part("tint").is_selected() and browser.is_shown("write-legend"), "not kept over a reload"
    browser.until(lambda: spans(browser, "text-layer") == colored, "the same colors after a reload")
    browser.click("new-draft")
    equal(spans(browser, "text-layer"), [], "colors of an empty draft")
    browser.choose("draft", browser.js("return document.getElementById('draft').options[1].value"))
    browser.until(lambda: spans(browser, "text-layer") == colored, "colors of a draft that is opened again")
    browser.click("tint")
    equal(spans(browser, "text-layer"), [], "colors after they were hidden")
    browser.reload()
    assert not browser.part("tint").is_selected()


def candidates(browser):
    """The alternatives that can be chosen and are not written already: a name and a button each."""
    buttons = browser.all("#alternatives button.candidate:not(.is-written)")
    return [(button.find_element("css selector", ".glyph").text, button) for button in buttons]


def prepare_alternatives(browser):
    begin(browser, beginning, length=120)
    text = write_on(browser)
    browser.click("tint")
    browser.until(lambda: spans(browser, "text-layer"))
    return text


def check_choice(browser, before, index, chosen):
    text = finish(browser)
    equal(text[:index], before[:index], "before the chosen character")
    equal(text[index], chosen, "the chosen character")
    equal(len(text), index + 1 + 120, "characters")
    equal(browser.bodies("/v1/completions")[-1]["prompt"], before[:index] + chosen, "the prompt")
    browser.click("undo")
    equal(browser.value("text"), before, "after undo")


@check()
def alternatives_are_chosen_by_mouse(browser, server):
    before = prepare_alternatives(browser)
    for index in (len(beginning) + 8, len(beginning) + 40):
        browser.point_at(*browser.box("text-layer", index))
        browser.until(lambda: browser.is_shown("alternatives"), "the alternatives are shown")
        head = browser.driver.find_element("css selector", ".alternatives-head").text
        assert head.endswith(" bits"), head
        named = [(name, button) for name, button in candidates(browser) if len(name) == 1]
        chosen, button = named[0]
        button.click()
        check_choice(browser, before, index, chosen)


@check()
def alternatives_are_chosen_by_keyboard(browser, server):
    before = prepare_alternatives(browser)
    index = len(before) - 30
    browser.press(*[browser.keys.ARROW_LEFT] * 30, focus="text")
    browser.until(lambda: browser.is_shown("alternatives"), "the alternatives are shown")
    browser.until(lambda: " bits." in browser.text("announcer"), "it is read out")
    browser.press(browser.keys.TAB)
    focused = lambda: browser.js("return document.activeElement.closest('#alternatives')?.id ?? null")
    equal(focused(), "alternatives", "what has the focus")
    # The neighbors, and back.
    browser.press(browser.keys.ARROW_LEFT)
    equal(browser.js("return document.getElementById('text').selectionStart"), index - 1, "the cursor")
    browser.press(browser.keys.ARROW_RIGHT)
    browser.press(browser.keys.ARROW_DOWN)
    equal(focused(), "alternatives", "what has the focus")
    chosen = browser.js("return document.activeElement.querySelector('.glyph').textContent")
    chosen = {"space": " ", "new line": "\n"}.get(chosen, chosen)
    browser.press(browser.keys.ENTER)
    check_choice(browser, before, index, chosen)
    # By number, and Escape goes back to the text.
    browser.js("document.getElementById('text').focus()")
    browser.press(browser.keys.CONTROL, browser.keys.END)
    browser.press(*[browser.keys.ARROW_LEFT] * 30, focus="text")
    browser.until(lambda: browser.is_shown("alternatives"))
    browser.press(browser.keys.TAB)
    browser.press(browser.keys.ESCAPE)
    equal(browser.js("return document.activeElement.id"), "text", "what has the focus")
    equal(browser.js("return document.activeElement.selectionStart"), index, "the cursor")
    assert not browser.is_shown("alternatives")
