import Generation
import Storage
import Tokenization

/// The conversation of `generate --interactive`: turns lines into turns of a `WritingSession` and
/// shows their results as they grow.
struct InteractiveConsole {
  private let vocabulary: Vocabulary
  private let isQuiet: Bool
  private let reader = LineReader()
  /// The file that this session saved to, which later saves replace.
  private var savedPath: String?
  /// The text that was saved last.
  private var savedText = ""
  private var hasAskedBeforeQuitting = false

  init(vocabulary: Vocabulary, isQuiet: Bool) {
    self.vocabulary = vocabulary
    self.isQuiet = isQuiet
  }

  /// Runs the conversation until the person ends it.
  /// - Throws: `StorageError.writeFailed` if the terminal is gone.
  mutating func run(_ session: inout WritingSession) throws {
    if !isQuiet {
      try say("Enter lets the model continue, /help shows all commands, /quit ends.")
    }
    if !session.text.isEmpty { try endLine(after: try show(session.text)) }
    while let line = try reader.next() {
      do {
        // The line of a command stays on the screen, that of a text becomes part of the text.
        if line.utf8.first == UInt8(ascii: "/"), !line.hasPrefix("//") {
          try say(LineReader.mark + harmless(line))
        }
        let command = try InteractiveCommand(line)
        if command == .quit, mayQuit(with: session.text) { return }
        if command != .quit { hasAskedBeforeQuitting = false }
        try perform(command, &session)
      } catch let error as InteractiveError {
        try say("\(error)")
      } catch let error as any SettingsError {
        try say("\(error)")
      }
    }
    try StandardOutput.write("\n")
  }

  /// Whether the text is saved, or the person was asked about it just before.
  private mutating func mayQuit(with text: String) -> Bool {
    guard !text.utf8.elementsEqual(savedText.utf8), !hasAskedBeforeQuitting else { return true }
    hasAskedBeforeQuitting = true
    return false
  }

  private mutating func perform(
    _ command: InteractiveCommand, _ session: inout WritingSession
  ) throws {
    switch command {
    case .write(let line): try write(line, &session)
    case .undo:
      try session.undo()
      try showEnd(of: session.text)
    case .retry: try write(try session.undo(), &session)
    case .temperature(let temperature):
      if let temperature { try session.set(temperature: temperature) }
      try say("The temperature is \(session.settings.temperature).")
    case .length(let length):
      if let length { try session.set(length: length) }
      try say("The model adds \(session.criteria.length.grouped) characters.")
    case .seed(let seed):
      if let seed { session.seed = seed }
      try say("The next answer has the seed \(session.seed).")
    case .next:
      let chart = try NextCharacterChart(
        session.nextCharacters(), vocabulary: vocabulary, width: RawTerminal.width)
      for line in chart.lines { try say(line) }
    case .save(let path): try save(session.text, path)
    case .help: try StandardOutput.write(TextTable.pairs(InteractiveCommand.guide))
    case .quit:
      try say("The text is not saved: /save FILE writes it, and /quit again drops it.")
    }
  }

  // MARK: Turns

  private func write(_ line: String, _ session: inout WritingSession) throws {
    var last = ""
    try session.write(line) { prompt in
      try report(prompt)
      if !prompt.text.isEmpty {
        let text = harmless(prompt.text)
        try StandardOutput.write(LineReader.mark + (Terminal.allowsColor ? bold(text) : text))
        last = text
      }
    } emit: { newText in
      last = try show(newText)
      try reader.checkForStop()
    }
    try endLine(after: last)
  }

  /// Reports the characters of a line that the model does not know.
  private func report(_ prompt: Prompt) throws {
    guard !isQuiet else { return }
    for note in prompt.notes(on: "the line") { try say(note) }
  }

  /// Writes the text; a file that is not this session's own is kept under another name.
  private mutating func save(_ text: String, _ path: String) throws {
    do {
      let isOwn = savedPath.map { isSameFile($0, path) } ?? false
      let previous = isOwn ? nil : try FileWriter.keepPrevious(path: path)
      try FileWriter.replace(path: path, with: text)
      (savedPath, savedText) = (path, text)
      if let previous {
        try say(
          "'\(visible(path))' existed already; its contents are kept as '\(visible(previous))'.")
      }
      let count = text.unicodeScalars.count
      try say("Wrote \(count.grouped) character\(count == 1 ? "" : "s") to '\(visible(path))'.")
    } catch let error as StorageError {
      try say("\(error)")
    }
  }

  // MARK: The screen

  @discardableResult
  private func show(_ text: String) throws -> String {
    let text = harmless(text)
    try StandardOutput.write(text)
    return text
  }

  private func endLine(after text: String) throws {
    if !text.isEmpty, text.utf8.last != UInt8(ascii: "\n") { try StandardOutput.write("\n") }
  }

  private func showEnd(of text: String) throws {
    guard !text.isEmpty else { return try say("The text is empty again.") }
    var end = LineEditor()
    _ = end.apply(.paste(String(text.unicodeScalars.suffix(RawTerminal.width))))
    let label = "The text ends: "
    let view = LineView(end, columns: RawTerminal.width - label.utf8.count - 1)
    try say(label + (view.isCut ? "…" : "") + view.text)
  }

  private func say(_ sentence: String) throws {
    try StandardOutput.write(sentence + "\n")
  }

  private func bold(_ text: String) -> String { "\u{1B}[1m\(text)\u{1B}[22m" }
}
