#!/usr/bin/env python3
"""Checks that every link and picture of the site's pages, except DocC's, leads to something.

    scripts/site/check-links.py FOLDER
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.names, self.targets = set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if "id" in values:
            self.names.add(values["id"])
        for key in ("href", "src", "srcset"):
            if values.get(key):
                self.targets.append(values[key])


def main(site):
    site = Path(site).resolve()
    pages = {
        path: Page(path) for path in sorted(site.rglob("*.html")) if "api" not in path.relative_to(site).parts
    }
    broken, count = [], 0
    for path, page in pages.items():
        for target in page.targets:
            if ":" in target.split("/")[0]:
                continue  # another site
            count += 1
            name, _, anchor = unquote(target).partition("#")
            to = (path.parent / name).resolve() if name else path
            if "api" in to.relative_to(site).parts and not (site / "api").exists():
                continue
            if not to.exists() or (anchor and to in pages and anchor not in pages[to].names):
                broken.append(f"{path.relative_to(site)}: {target}")
    print(f"{len(pages)} pages, {count} links, {len(broken)} broken")
    print(*broken, sep="\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
