import Testing

/// The output of `--help` without a terminal width, which has lines of 80 columns.
@Suite struct HelpTests {
  private static let width = 80

  static let verbs = [
    "train", "generate", "evaluate", "serve", "compare", "compress", "decompress", "export",
    "import", "tokenize", "inspect", "plot", "diagnose gradients", "diagnose cells",
    "diagnose example", "diagnose memorization", "benchmark",
  ]

  @Test(arguments: verbs)
  func everyVerbHasAnExampleAndParagraphsThatFlow(verb: String) throws {
    var charlm = try Charlm()
    charlm.environment["COLUMNS"] = nil
    let outcome = try charlm.run(verb.split(separator: " ").map(String.init) + ["--help"])
    #expect(outcome.status == 0, "\(outcome.messages)")
    let usage = try #require(outcome.output.firstRange(of: "\nUSAGE: "))
    let lines = outcome.output[..<usage.lowerBound]
      .split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.contains { $0.contains("charlm \(verb)") })
    for (line, next) in zip(lines, lines.dropFirst()) where !line.isEmpty && !next.isEmpty {
      if next.hasPrefix("  ") { continue }
      // A line ends because the next word does not fit, not because the line in the source ended.
      #expect(!line.hasPrefix("  "), "an example is too long: \(line)")
      let word = next.prefix { $0 != " " }
      #expect(line.count + 1 + word.count >= Self.width, "\(line)\n\(next)")
    }
  }

  @Test(arguments: verbs + ["diagnose", ""])
  func examplesStayWholeInANarrowTerminal(verb: String) throws {
    var charlm = try Charlm()
    func examples(columns: String) throws -> [Substring] {
      charlm.environment["COLUMNS"] = columns
      let help = try charlm.run(verb.split(separator: " ").map(String.init) + ["--help"]).output
      let usage = try #require(help.firstRange(of: "\nUSAGE: "))
      return help[..<usage.lowerBound].split(separator: "\n").filter { $0.hasPrefix("  charlm ") }
    }
    #expect(try examples(columns: "70") == examples(columns: "200"))
  }

  /// What nearly every run needs comes before the many other options.
  @Test func theHelpOfTrainBeginsWithTheEssentialOptions() throws {
    let help = try Charlm().run("train", "--help").output
    #expect(help.contains("USAGE: charlm train <text> ... --output <model> [<options>]\n"))
    let options = help.matches(of: /\n  (?:-[a-z], )?(--[a-z-]+)/).map { $0.output.1 }
    #expect(options.prefix(4) == ["--output", "--from", "--resume", "--minutes"])
  }
}
