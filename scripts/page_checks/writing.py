"""Checks of the view in which a person and a model write."""

from checks import begin, beginning, check, equal, finish, is_idle, write_on


@check()
def the_model_continues_at_the_end(browser, server):
    begin(browser, beginning)
    text = write_on(browser)
    assert text.startswith(beginning) and len(text) == len(beginning) + 60, text
    assert browser.text("write-status").startswith("60 characters. Seed "), browser.text("write-status")
    [body] = browser.bodies("/v1/completions")
    equal((body["prompt"], body["model"], body["max_tokens"], body["n"]), (beginning, "novel", 60, 1))
    assert "The model wrote" in browser.until(lambda: browser.text("announcer"))


@check()
def an_empty_page_begins_a_text(browser, server):
    begin(browser)
    equal(len(write_on(browser)), 60, "characters")
    assert "prompt" not in browser.bodies("/v1/completions")[0]


@check()
def the_model_continues_in_the_middle_of_a_text(browser, server):
    begin(browser, "Dorcas took the box and went away.")
    browser.press(*[browser.keys.ARROW_LEFT] * len("and went away."), focus="text")
    browser.press(browser.keys.CONTROL, browser.keys.ENTER, focus="text")
    text = finish(browser)
    equal(browser.bodies("/v1/completions")[0]["prompt"], "Dorcas took the box ")
    assert text.startswith("Dorcas took the box ") and text.endswith("and went away."), text
    equal(len(text), len("Dorcas took the box and went away.") + 60, "characters")
    # What is typed next comes after what the model wrote.
    browser.press("#", focus="text")
    assert browser.value("text").endswith("#and went away."), browser.value("text")


@check()
def a_text_grows_as_it_is_written_and_escape_stops_it(browser, server):
    begin(browser, beginning, model="slow", length=2000)
    browser.press(browser.keys.CONTROL, browser.keys.ENTER, focus="text")
    lengths = set()
    browser.until(lambda: lengths.add(len(browser.value("text"))) or len(lengths) > 4, "the text grows")
    assert browser.js("return document.getElementById('draft-bar').disabled") and browser.is_shown("stop")
    assert "charlm_texts 1" in server.get("/metrics")
    browser.press(browser.keys.ESCAPE, focus="text")
    browser.until(lambda: is_idle(browser), "it stopped", 2)
    text = browser.value("text")
    assert len(beginning) < len(text) < len(beginning) + 2000, len(text)
    assert browser.text("write-status").startswith("Stopped."), browser.text("write-status")
    browser.until(lambda: "charlm_texts 0" in server.get("/metrics"), "the server stopped, too", 5)
    equal(browser.value("text"), text, "the text afterwards")
    # One action, whatever was stopped: a click takes it back.
    browser.click("undo")
    equal(browser.value("text"), beginning, "after undo")


@check()
def settings_change_what_is_asked_and_are_kept(browser, server):
    begin(browser, beginning)
    write_on(browser)
    [body] = browser.bodies("/v1/completions")
    assert not {"min_p", "top_p", "top_k", "repeat_penalty", "finish", "seed"} & set(body), body
    before = browser.value("text")
    browser.driver.find_element("css selector", ".settings summary").click()
    home, end = browser.keys.HOME, browser.keys.END
    for name, key in (("length", home), ("temperature", end), ("minP", end), ("topP", home), ("topK", end),
                      ("repeatPenalty", end)):
        browser.press(key, focus=f"setting-{name}")
    browser.choose("setting-ending", "word")
    browser.driver.find_element("css selector", ".check input:not(#tint)").click()
    browser.fill("setting-seed", "7")
    browser.click("continue")
    text = finish(browser)
    assert text != before and not text[:-1].endswith(" "), text
    expected = {"max_tokens": 20, "temperature": 1.5, "min_p": 0.5, "top_p": 0.05, "top_k": 100, "repeat_penalty": 1.5,
                "finish": "word", "seed": 7}
    body = browser.bodies("/v1/completions")[-1]
    equal({name: body[name] for name in expected}, expected)
    browser.reload()
    equal(browser.value("setting-temperature"), "1.5", "the temperature after a reload")
    equal(browser.js("return document.querySelector('output[for=setting-topP]').textContent"), "5.0 %")
    browser.click("continue")
    finish(browser)
    body = browser.bodies("/v1/completions")[-1]
    equal({name: body[name] for name in expected}, expected, "after a reload")


def columns(browser):
    return browser.js("return [...document.querySelectorAll('.choice-text')].map((p) => p.textContent)")


@check()
def one_of_three_continuations_is_picked(browser, server):
    begin(browser, beginning + "then", length=80)
    browser.press(*[browser.keys.ARROW_LEFT] * 4, focus="text")
    browser.click("several")
    browser.until(lambda: is_idle(browser) and len(columns(browser)) == 3, "three are offered")
    texts = columns(browser)
    assert len(set(texts)) == 3 and {len(text) for text in texts} == {80}, texts
    equal(browser.bodies("/v1/completions")[0]["n"], 3, "n")
    equal(browser.value("text"), beginning + "then", "the text until one is picked")
    browser.all(".choice button")[1].click()
    equal(browser.value("text"), beginning + texts[1] + "then", "with the second one")
    assert not browser.is_shown("choices")
    browser.click("undo")
    equal(browser.value("text"), beginning + "then", "after undo")
    browser.click("redo")
    equal(browser.value("text"), beginning + texts[1] + "then", "after redo")


@check()
def three_continuations_are_tried_again_left_and_picked_early(browser, server):
    begin(browser, beginning, length=80)
    browser.click("several")
    browser.until(lambda: is_idle(browser) and all(columns(browser)))
    first = columns(browser)
    browser.click("choices-again")
    browser.until(lambda: is_idle(browser) and all(columns(browser)) and columns(browser) != first, "other texts")
    browser.click("choices-none")
    assert not browser.is_shown("choices")
    equal(browser.value("text"), beginning, "the text when none was picked")
    browser.press(browser.keys.END, focus="setting-length")
    browser.choose("model", "slow")
    browser.click("several")
    browser.until(lambda: len(columns(browser)) == 3 and len(columns(browser)[0]) > 20, "the first one grows")
    begun = columns(browser)[0]
    browser.all(".choice button")[0].click()
    browser.until(lambda: is_idle(browser), "it stopped", 3)
    text = browser.value("text")
    assert text.startswith(beginning + begun) and len(text) < len(beginning) + 2000, text


@check()
def a_seed_gives_the_same_text_again(browser, server):
    begin(browser, beginning)
    text = write_on(browser)
    browser.click("keep-seed")
    browser.click("undo")
    equal(browser.value("text"), beginning)
    equal(write_on(browser), text, "the text with the same seed")
    seed = browser.bodies("/v1/completions")[-1]["seed"]
    settings = ["--length", "60", "--temperature", "0.8", "--seed", str(seed), "--quiet"]
    printed = server.run("generate", f"{server.folder}/novel.safetensors", "--prompt", beginning, *settings)
    assert text[len(beginning):] in printed, (text, printed)


@check()
def a_text_from_right_to_left_is_written_so(browser, server):
    hebrew = "בוקר טוב. החלון פתוח.\n"
    for text in (hebrew, "صباح الخير. النافذة مفتوحة.\n"):
        begin(browser, text, model="clusters")
        direction = "return getComputedStyle(document.querySelector(arguments[0])).direction"
        equal(browser.js(direction, "#text"), "rtl", "the direction of the text")
        equal(browser.js(direction, "#text-layer .line"), "rtl", "the direction of its colors")
        assert write_on(browser).startswith(text)
    # Where the letters are, which the text area alone does not say: at the right edge, and at the left one.
    begin(browser, hebrew + "English")
    left, right = (browser.box("text-layer", index)[0] for index in (len(hebrew), 0))
    assert right - left > 400, (left, right)
    # A model that was never shown such letters writes nevertheless, and says what it read in their place.
    write_on(browser)
    said = browser.text("write-status")
    assert "ב" in said or "replace" in said, said


@check()
def the_page_says_that_only_the_end_of_a_long_text_is_sent(browser, server):
    with open("corpora/the-salt-road.txt") as file:
        text = file.read()[:30_000]
    begin(browser, text)
    write_on(browser)
    prompt = browser.bodies("/v1/completions")[0]["prompt"]
    assert 15_000 <= len(prompt) <= 20_000 and text.endswith(prompt), len(prompt)
    said = f"The model read only the last {len(prompt):,} characters. 60 characters."
    assert browser.text("write-status").startswith(said), browser.text("write-status")
    browser.click("several")
    browser.until(lambda: is_idle(browser) and all(columns(browser)))
    assert "only the last" in browser.text("write-status"), browser.text("write-status")


@check()
def the_picked_model_is_asked_and_remembered(browser, server):
    begin(browser, beginning)
    assert "parameters" in browser.text("model-about") and "train.txt" in browser.text("model-about")
    browser.choose("model", "early")
    write_on(browser)
    equal(browser.bodies("/v1/completions")[-1]["model"], "early")
    browser.reload()
    equal(browser.value("model"), "early", "after a reload")
