// The four views as tabs, by the ARIA pattern; the address says which one is open.

/** @param {Record<string, () => void>} views what to do when a view opens, by its name. */
export function startTabs(views) {
  const tabs = [...document.querySelectorAll('[role="tab"]')];
  const panelOf = (tab) => document.getElementById(tab.getAttribute("aria-controls"));
  // The name in the address is no id: the browser would move the focus there.
  const idOf = (tab) => panelOf(tab).id.replace(/-view$/, "");

  function show() {
    const wanted = location.hash.slice(1);
    const id = wanted in views ? wanted : Object.keys(views)[0];
    for (const tab of tabs) {
      const isOpen = idOf(tab) === id;
      tab.setAttribute("aria-selected", String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
      panelOf(tab).hidden = !isOpen;
      if (isOpen) document.title = `${tab.textContent} · charlm`;
    }
    views[id]();
  }

  for (const tab of tabs) {
    tab.addEventListener("click", () => (location.hash = idOf(tab)));
    tab.addEventListener("keydown", (event) => {
      const next = neighbor(tabs, tabs.indexOf(tab), event.key);
      if (!next) return;
      event.preventDefault();
      next.focus();
      location.hash = idOf(next);
    });
  }
  addEventListener("hashchange", show);
  show();
}

function neighbor(tabs, index, key) {
  switch (key) {
    case "ArrowRight": return tabs[(index + 1) % tabs.length];
    case "ArrowLeft": return tabs.at(index - 1);
    case "Home": return tabs[0];
    case "End": return tabs.at(-1);
    default: return null;
  }
}
