"""Checks of drafts: undo, versions, copies, and what is kept."""

import glob
import os

from checks import answer_dialog, begin, check, equal, write_on


@check()
def undo_and_redo_know_what_was_typed_and_what_was_written(browser, server):
    begin(browser)
    browser.press("The river", focus="text")
    written = write_on(browser)
    browser.press(" END", focus="text")
    steps = [browser.value("text")]
    equal(steps[0], written + " END")
    while browser.part("undo").is_enabled():
        browser.press(browser.keys.CONTROL, "z", focus="text")
        steps.append(browser.value("text"))
    assert written in steps and "The river" in steps and steps[-1] == "", steps
    while browser.part("redo").is_enabled():
        browser.click("redo")
        equal(browser.value("text"), steps[-2], "after redo")
        steps.pop()
    equal(steps, [written + " END"], "steps that are left")


@check()
def versions_are_kept_restored_and_deleted(browser, server):
    begin(browser, "First version")
    browser.click("versions")
    answer_dialog(browser, "version-list", "Keep a version")
    browser.until(lambda: browser.is_shown("name"))
    browser.fill("name-field", "Before the flood")
    answer_dialog(browser, "name", "Keep")
    browser.fill("text", "Something else")
    browser.until(lambda: "charlm.drafts" in browser.js("return Object.keys(localStorage)"))
    browser.reload()
    browser.click("versions")
    listed = browser.text("version-items")
    assert "Before the flood" in listed and "13 characters" in listed, listed
    browser.driver.find_element("css selector", "[aria-label='Restore Before the flood']").click()
    equal(browser.value("text"), "First version")
    browser.click("undo")
    equal(browser.value("text"), "Something else", "after undo")
    browser.click("versions")
    browser.driver.find_element("css selector", "[aria-label='Delete Before the flood']").click()
    answer_dialog(browser, "question", "Delete")
    browser.until(lambda: browser.is_shown("no-versions"))
    equal(browser.text("version-items"), "")
    answer_dialog(browser, "version-list", "Close")


@check()
def a_draft_is_copied_and_downloaded(browser, server):
    begin(browser, "Café “42”\n\nThe river, שלום, 👩‍👩‍👧.\n")
    text = browser.value("text")
    browser.click("copy")
    browser.until(lambda: browser.text("write-status") == "Copied.")
    copied = browser.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    equal(copied, text, "the clipboard")
    browser.click("download")
    path = os.path.join(browser.downloads, "Café-42.txt")
    browser.until(lambda: os.path.exists(path) or None, f"{path}: {glob.glob(browser.downloads + '/*')}")
    with open(path, newline="") as file:
        equal(file.read(), text, "the file")


@check()
def drafts_are_kept_over_a_reload_and_deleted(browser, server):
    begin(browser, "First draft\nof two")
    browser.click("new-draft")
    equal(browser.value("text"), "")
    browser.fill("text", "Second draft")
    written = write_on(browser)
    browser.reload()
    equal(browser.value("text"), written, "after a reload")
    titles = browser.js("return [...document.getElementById('draft').options].map((o) => o.text)")
    assert len(titles) == 2 and titles[0].startswith("Second draft") and titles[1] == "First draft", titles
    browser.choose("draft", browser.js("return document.getElementById('draft').options[1].value"))
    equal(browser.value("text"), "First draft\nof two", "the other draft")
    browser.click("delete-draft")
    answer_dialog(browser, "question", "Delete")
    equal(browser.value("text"), written, "after the other one was deleted")
    equal(len(browser.all("#draft option")), 1, "drafts")
