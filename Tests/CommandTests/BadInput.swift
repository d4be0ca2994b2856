import Testing

/// A command line that `charlm` must refuse.
struct BadInput: CustomTestStringConvertible {
  let arguments: [String]
  let status: Int32
  /// Parts of the message.
  let words: [String]

  init(_ arguments: String, _ status: Int32, _ words: String...) {
    self.arguments = arguments.split(separator: " ").map(String.init)
    self.status = status
    self.words = words
  }

  var testDescription: String { arguments.joined(separator: " ") }
}

extension Charlm {
  /// Checks that each command exits with its status and prints one sentence with its words, and
  /// nothing else.
  func expectRefusal(
    of inputs: [BadInput], after verb: String = "", options: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for input in inputs {
      let outcome = try run(
        verb.split(separator: " ").map(String.init) + input.arguments + options)
      expectRefusal(
        outcome, status: input.status, words: input.words, of: input.testDescription,
        sourceLocation: sourceLocation)
    }
  }

  /// Checks that a command exited with `status` and printed one sentence with `words`, and nothing
  /// else.
  func expectRefusal(
    _ outcome: Outcome, status: Int32, words: [String], of command: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let comment: Comment = "\(command): \(outcome.messages)"
    #expect(outcome.status == status, comment, sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, comment, sourceLocation: sourceLocation)
    #expect(outcome.messages.hasPrefix("charlm: "), comment, sourceLocation: sourceLocation)
    let lineCount = outcome.messages.split(separator: "\n").count
    #expect(lineCount == 1, comment, sourceLocation: sourceLocation)
    for word in words {
      #expect(outcome.messages.contains(word), comment, sourceLocation: sourceLocation)
    }
  }
}
