// Drafts and their versions, in this browser.

const name = "charlm-drafts"

/** All drafts, the one that was changed last first. */
export class Drafts {
  constructor(storage = localStorage) {
    this.storage = storage
    try {
      this.all = JSON.parse(storage.getItem(name)) ?? []
    } catch {
      this.all = []
    }
    if (this.all.length === 0) this.add()
    this.current = this.all[0]
  }

  add() {
    this.current = { id: crypto.randomUUID(), text: "", changed: Date.now(), versions: [] }
    this.all.unshift(this.current)
    this.save()
  }

  open(id) { this.current = this.all.find(draft => draft.id === id) ?? this.current }

  remove(id) {
    this.all = this.all.filter(draft => draft.id !== id)
    if (this.all.length === 0) this.add()
    if (this.current.id === id) this.current = this.all[0]
    this.save()
  }

  change(text) {
    this.current.text = text
    this.current.changed = Date.now()
    this.save()
  }

  keepVersion() {
    this.current.versions.unshift({ text: this.current.text, time: Date.now() })
    this.save()
  }

  /** Throws where the browser's storage is full. */
  save() { this.storage.setItem(name, JSON.stringify(this.all)) }

  static title(draft) { return draft.text.trim().split("\n")[0].slice(0, 60) || "Empty draft" }
}
