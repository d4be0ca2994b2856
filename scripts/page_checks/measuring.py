"""Checks of the view that measures models."""

from checks import begin, check, equal, levels, spans

with open("corpora/the-salt-road.txt") as file:
    road = file.read()
unseen = road[-6000:]


def shown(figures):
    """The rows of a card for the figures of `charlm evaluate --json`."""
    interval = figures["interval"] and figures["interval"]["bits_per_character"]
    rows = {
        "95 % interval": f"{interval[0]:.2f} to {interval[1]:.2f}" if interval else "text too short",
        "Perplexity per character": f"{figures['perplexity_per_character']:.2f}",
        "Bits per byte": f"{figures['bits_per_byte']:.2f}",
        "Characters": f"{figures['characters']:,}",
    }
    if figures["unknown_characters"]:
        rows["Unknown to the model"] = f"{figures['unknown_characters']:,}"
    return {"": f"{figures['bits_per_character']:.2f} bits per character", **rows}


def cards(browser):
    return browser.js("""
        return [...document.querySelectorAll("#measure-figures .card")].map((card) => [
          card.querySelector("h3").textContent,
          Object.fromEntries([["", card.querySelector(".big").textContent],
            ...[...card.querySelectorAll("dt")].map((dt) => [dt.textContent, dt.nextElementSibling.textContent])])]);
        """)


def measure(browser, seconds=60):
    browser.click("measure-start")
    browser.until(lambda: browser.is_shown("measure-start") and browser.is_shown("measure-results"), "results", seconds)


def check_figures(browser, server, text, *models):
    equal(cards(browser), [[model, shown(server.evaluate(model, text))] for model in models], "figures")


@check()
def a_pasted_text_is_measured_as_by_the_command(browser, server):
    begin(browser, view="measure")
    browser.click("measure-start")
    equal(browser.text("measure-status"), "There is no text yet.")
    browser.fill("measure-text", unseen)
    measure(browser)
    check_figures(browser, server, unseen, "novel")
    own = server.post("/v1/evaluate", {"model": "novel", "text": unseen})
    command = server.evaluate("novel", unseen)
    for name in ("nats", "bits_per_character", "bits_per_byte", "perplexity_per_word", "characters", "words", "bytes"):
        assert abs(own[name] - command[name]) <= 1e-9 * command[name], (name, own[name], command[name])
    equal(browser.js("""
        return [...document.querySelectorAll("#measured .line")].map((line) => line.textContent).join("\\n");
        """), unseen, "the text that is shown")
    equal([int(name[-1]) for text, name in spans(browser, "measured") for _ in text], levels(server, unseen), "levels")


@check()
def a_dropped_and_a_chosen_file_are_measured(browser, server):
    begin(browser, view="measure")
    browser.drop("measure-text", "unseen.txt", unseen[:2000].replace("\n", "\r\n"))
    browser.until(lambda: browser.value("measure-text") == unseen[:2000], "the file is in the field")
    measure(browser)
    check_figures(browser, server, unseen[:2000], "novel")
    path = f"{browser.downloads}/chosen.txt"
    with open(path, "w") as file:
        file.write(road[:24_000])
    browser.part("measure-file").send_keys(path)
    browser.until(lambda: len(browser.value("measure-text")) == 24_000, "the file is in the field")
    measure(browser)
    check_figures(browser, server, road[:24_000], "novel")
    equal(browser.text("measure-limit"), "Shown are the first 20,000 characters. The figures are of all of them.")


@check()
def a_long_file_is_measured_in_full(browser, server):
    begin(browser, view="measure")
    text = (road + road)[:110_000]
    browser.drop("measure-text", "long.txt", text)
    browser.until(lambda: "all 110,000 characters are measured" in browser.text("measure-status"), "it is said")
    measure(browser)
    check_figures(browser, server, text, "novel")


def passages(browser):
    return browser.js("""
        return [...document.querySelectorAll("#measure-passages .passage")].map(
          (p) => [p.querySelector(".excerpt").textContent, p.querySelector(".fine").textContent]);
        """)


@check()
def the_hardest_passages_are_found_and_shown(browser, server):
    text = unseen[:3000] + "\nQzx jkv wqpf zzg vxkq, hjjz qq.\n" + unseen[3000:]
    begin(browser, view="measure")
    browser.fill("measure-text", text)
    measure(browser)
    units = server.post("/v1/evaluate", {"model": "novel", "text": text, "per_character": True})["units"]
    bits = [unit["bits"] for unit in units]
    equal(len(bits), len(text), "units")
    means = [sum(bits[at:at + 60]) / 60 for at in range(len(bits) - 59)]
    found = passages(browser)
    equal(len(found), 8, "passages")
    equal(found[0][1], f"{max(means):.1f} bits per character")
    assert "Qzx jkv" in found[0][0], found[0]
    values = [float(label.split()[0]) for _, label in found]
    equal(values, sorted(values, reverse=True), "their order")
    browser.all("#measure-passages .passage")[0].click()
    at = means.index(max(means))
    equal(browser.js("return getSelection().toString()"), text[at:at + 60], "the selected passage")
    browser.until(lambda: browser.js("""
        const box = getSelection().getRangeAt(0).getBoundingClientRect();
        return box.top >= 0 && box.bottom <= innerHeight;
        """), "the passage is in sight")


@check()
def a_measured_text_says_what_the_model_expected(browser, server):
    begin(browser, view="measure")
    browser.fill("measure-text", unseen[:600])
    measure(browser)
    units = server.post(
        "/v1/evaluate", {"model": "novel", "text": unseen[:600], "per_character": True, "candidates": 5})["units"]
    window = lambda: browser.part("measure-alternatives").text
    index = next(at for at in range(200, 600) if unseen[at].isalpha() and units[at]["bits"] > 3)
    browser.js("document.getElementById('measured').scrollIntoView()")
    browser.point_at(*browser.box("measured", index))
    browser.until(lambda: browser.is_shown("measure-alternatives"), "the window is open")
    equal(window().split("\n")[:2], [unseen[index], f"{units[index]['bits']:.2f} bits"], "its head")
    shares = [candidate["probability"] for candidate in units[index]["candidates"]]
    assert f"{100 * shares[0]:.0f} %" in window() or f"{100 * shares[0]:.1f} %" in window(), (window(), shares)
    # By keyboard, from the beginning.
    browser.press(browser.keys.HOME, focus="measured")
    browser.press(browser.keys.ARROW_RIGHT)
    browser.until(lambda: window().split("\n")[:1] == [{" ": "space", "\n": "new line"}.get(unseen[1], unseen[1])])
    browser.press(browser.keys.ESCAPE)
    assert not browser.is_shown("measure-alternatives")


@check()
def two_models_are_compared(browser, server):
    begin(browser, view="measure")
    text = road[-24_000:]
    browser.fill("measure-text", text)
    browser.choose("measure-other", "early")
    measure(browser)
    check_figures(browser, server, text, "novel", "early")
    verdict = browser.text("measure-verdict")
    assert verdict.startswith("novel is better: it needs "), verdict
    difference = server.evaluate("early", text[:20_000])["bits_per_character"] \
        - server.evaluate("novel", text[:20_000])["bits_per_character"]
    assert abs(float(verdict.split()[5]) - difference) < 0.02, (verdict, difference)
    equal({name.split("-")[0] for _, name in spans(browser, "measured") if name}, {"first", "second"}, "colors")
    headings = browser.js("return [...document.querySelectorAll('#measure-passages h2')].map((h) => h.textContent)")
    equal(headings, ["novel is better here", "early is better here"])
    labels = [label for _, label in passages(browser)]
    assert labels[0].endswith(" bits per character less than early"), labels
    lists = browser.js("""
        return [...document.querySelectorAll("#measure-passages > div")].map(
          (list) => [...list.querySelectorAll(".excerpt")].map((excerpt) => excerpt.textContent));
        """)
    assert lists[0] and not set(lists[0]) & set(lists[1]), lists
    browser.js("document.getElementById('measured').scrollIntoView()")
    browser.point_at(*browser.box("measured", 100))
    browser.until(lambda: browser.is_shown("measure-alternatives"))
    note = browser.part("measure-alternatives").text
    assert "novel: " in note and "early: " in note, note
    for choice in ("first", "second"):
        browser.choose("measure-tint", choice)
        assert all(name.startswith("level-") for _, name in spans(browser, "measured"))
        assert "surprising" in browser.text("measure-legend")
    browser.choose("measure-tint", "difference")
    assert "novel better" in browser.text("measure-legend")
