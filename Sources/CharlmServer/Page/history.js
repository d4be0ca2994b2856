// Undo and redo of whole actions.

/** States of a text: the present one, those before it and those that were undone. */
export class History {
  constructor(state, limit = 200) {
    this.past = []
    this.present = state
    this.future = []
    this.limit = limit
    this.lastTyping = 0
  }

  /** Records a state. States that follow each other while a person types are one. */
  push(state, { isTyping = false, now = Date.now() } = {}) {
    if (state.text === this.present.text) {
      this.present = state
      return
    }
    const continues = isTyping && now - this.lastTyping < 1000 && this.past.length > 0
    if (!continues) this.past.push(this.present)
    if (this.past.length > this.limit) this.past.shift()
    this.present = state
    this.future = []
    this.lastTyping = isTyping ? now : 0
  }

  undo() {
    if (this.past.length === 0) return null
    this.future.push(this.present)
    this.present = this.past.pop()
    this.lastTyping = 0
    return this.present
  }

  redo() {
    if (this.future.length === 0) return null
    this.past.push(this.present)
    this.present = this.future.pop()
    this.lastTyping = 0
    return this.present
  }
}
