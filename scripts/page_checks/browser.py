"""Chromium, driven through its WebDriver and its DevTools protocol."""

import json
import os
import shutil
import time

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

patience = 20


class Browser:
    """The page in a window, and everything that it asked of the network."""

    def __init__(self, downloads):
        self.address, self.downloads = None, downloads  # the address is set when there is a server
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for argument in ("--headless=new", "--hide-scrollbars", "--force-color-profile=srgb", "--lang=en-US"):
            options.add_argument(argument)
        if os.geteuid() == 0:
            options.add_argument("--no-sandbox")  # root has none
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        service = webdriver.ChromeService(shutil.which("chromedriver"))
        self.driver = webdriver.Chrome(options=options, service=service)
        self.keys = Keys
        self.events, self.console = [], []
        self.prepare()

    def prepare(self):
        """Makes the present window as all of them are."""
        self.resize(1280, 900)
        self.cdp("Browser.setDownloadBehavior", behavior="allow", downloadPath=self.downloads)
        self.cdp("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])

    def quit(self):
        self.driver.quit()

    # Pages

    def open(self, view="write"):
        """Loads the page from the beginning."""
        self.driver.get("about:blank")
        self.driver.get(f"{self.address}/#{view}")
        self.until(lambda: self.js("return document.readyState") == "complete")
        self.until(lambda: self.value("model") != "" or self.text("app-status"), "the models are listed")

    def open_fresh(self, view="write", storage={}):
        """The same, as somebody who was never here, except for what this browser has stored."""
        texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in storage.items()}
        script = f"""
            if (origin === "{self.address}") {{
              localStorage.clear();
              sessionStorage.clear();
              Object.assign(localStorage, {json.dumps(texts)});
            }}
            """
        added = self.cdp("Page.addScriptToEvaluateOnNewDocument", source=script)
        self.open(view)
        self.cdp("Page.removeScriptToEvaluateOnNewDocument", **added)

    def reload(self):
        self.driver.refresh()
        self.until(lambda: self.value("model") != "", "the models are listed")

    def show(self, view):
        self.click(f"{view}-tab")
        self.until(lambda: self.is_shown(f"{view}-view"))

    def resize(self, width, height, scale=1, is_mobile=False):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale,
                 mobile=is_mobile)

    def color_scheme(self, name):
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    # Elements

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def part(self, id):
        return self.driver.find_element(By.ID, id)

    def text(self, id):
        return self.js("return document.getElementById(arguments[0]).textContent", id)

    def value(self, id):
        return self.js("return document.getElementById(arguments[0]).value", id)

    def is_shown(self, id):
        return self.part(id).is_displayed()

    def click(self, id):
        self.part(id).click()

    def choose(self, id, value):
        Select(self.part(id)).select_by_value(value)

    def press(self, *keys, focus=None):
        """Types into what has the focus. Modifiers hold until the end."""
        if focus:
            self.part(focus).send_keys(*keys)
        else:
            self.driver.switch_to.active_element.send_keys(*keys)

    def point_at(self, x, y):
        actions = ActionChains(self.driver, duration=50)
        actions.w3c_actions.pointer_action.move_to_location(int(x), int(y))
        actions.perform()

    def box(self, root, index):
        """The middle of a character of a text layer, in pixels of the window."""
        return self.js("""
            let rest = arguments[1];
            for (const line of document.querySelectorAll(`#${arguments[0]} .line`)) {
              if (rest > line.textContent.length) { rest -= line.textContent.length + 1; continue; }
              const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
              for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                if (rest >= node.length) { rest -= node.length; continue; }
                const range = document.createRange();
                range.setStart(node, rest);
                range.setEnd(node, rest + 1);
                const box = range.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2];
              }
            }
            throw Error("no such character");
            """, root, index)

    def fill(self, id, text):
        """Puts a text into a field as a paste does, whatever its length and its characters."""
        self.js("""
            const field = document.getElementById(arguments[0]);
            field.focus();
            field.select();
            document.execCommand("insertText", false, arguments[1]) || (() => { throw Error("no paste"); })();
            """, id, text)

    def drop(self, id, name, text):
        """Drops a file on an element."""
        self.js("""
            const data = new DataTransfer();
            data.items.add(new File([arguments[2]], arguments[1], { type: "text/plain" }));
            for (const kind of ["dragenter", "dragover", "drop"]) {
              document.getElementById(arguments[0]).dispatchEvent(
                new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
            }
            """, id, name, text)

    # Waiting and looking

    def until(self, condition, what="it happens", seconds=patience):
        """Waits until the condition holds, and returns its value."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            time.sleep(0.03)
        raise AssertionError(f"waited {seconds} s until {what}")

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def cdp(self, method, **parameters):
        return self.driver.execute_cdp_cmd(method, parameters)

    def shot(self):
        return self.driver.get_screenshot_as_png()

    # The network

    def gather(self):
        """Takes what the browser noted since the last time."""
        self.console += self.driver.get_log("browser")
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"].startswith("Network."):
                self.events.append(message)

    def forget(self):
        self.gather()
        self.events, self.console = [], []

    def bodies(self, path):
        """What was sent to a path of the server, in order."""
        self.gather()
        sent = []
        for event in self.events:
            request = event["params"].get("request")
            if event["method"] == "Network.requestWillBeSent" and request["url"] == self.address + path:
                text = request.get("postData")
                if text is None:
                    text = self.cdp("Network.getRequestPostData", requestId=event["params"]["requestId"])["postData"]
                sent.append(json.loads(text))
        return sent

    def problems(self):
        """Errors of the console, failed requests, and requests to elsewhere."""
        self.gather()
        urls, found = {}, []
        for event in self.events:
            method, parameters = event["method"], event["params"]
            if method == "Network.requestWillBeSent":
                url = urls[parameters["requestId"]] = parameters["request"]["url"]
                if not url.startswith((self.address + "/", "data:", "blob:", "about:")):
                    found.append(f"elsewhere: {url}")
            elif method == "Network.responseReceived" and parameters["response"]["status"] >= 400:
                found.append(f"{parameters['response']['status']}: {parameters['response']['url']}")
            elif method == "Network.loadingFailed" and not parameters.get("canceled"):
                found.append(f"{parameters['errorText']}: {urls.get(parameters['requestId'])}")
        found += [f"console: {entry['message']}" for entry in self.console if entry["level"] in ("SEVERE", "WARNING")]
        return found
