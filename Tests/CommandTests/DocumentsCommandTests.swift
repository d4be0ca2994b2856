import Foundation
import Testing

/// `charlm train --documents`, and what the other verbs make of such models.
@Suite(.serialized) struct DocumentsCommandTests {
  let charlm: Charlm
  static let poems = (0..<240).map { "poem \($0 % 10)\nla la é\n\($0 % 7 == 0 ? "\n" : "")\n" }
    .joined()

  init() throws {
    charlm = try Charlm()
    try charlm.write(Self.poems, to: "poems.txt")
    try charlm.write((0..<300).map { "Anna\($0 % 10)\n" }.joined(), to: "names.txt")
  }

  @discardableResult
  private func succeed(_ arguments: String...) throws -> Charlm.Outcome {
    let outcome = try charlm.run(arguments)
    #expect(outcome.status == 0, "\(arguments): \(outcome.messages)")
    return outcome
  }

  private static let settings = [
    "--hidden-size", "12", "--max-steps", "30", "--batch-size", "8", "--window", "16",
  ]

  private func train(_ text: String, _ options: String...) throws -> Charlm.Outcome {
    let outcome = try charlm.run(["train", text, "-o", "model"] + Self.settings + options)
    #expect(outcome.status == 0, "\(outcome.messages)")
    return outcome
  }

  @Test(arguments: [("poems.txt", "blank-lines"), ("names.txt", "lines")])
  func everyVerbKnowsTheDocuments(text: String, documents: String) throws {
    let trained = try train(text, "--documents", documents)
    let count = text == "poems.txt" ? "240" : "300"
    #expect(trained.messages.contains("\(count) documents"), "\(trained.messages)")
    #expect(try succeed("inspect", "model").output.contains("documents \(documents)"))
    let inspected = try succeed("inspect", "model", "--json").objects[0]
    let tokenizer = try #require(inspected["tokenizer"] as? [String: Any])
    let configuration = try #require(tokenizer["configuration"] as? [String: Any])
    #expect(configuration["documents"] as? String == documents)

    let ids = try succeed("tokenize", "model", text).output
    try charlm.write(ids, to: "ids")
    #expect(ids.split(whereSeparator: \.isWhitespace).count { $0 == "1" } == Int(count))
    #expect(try succeed("tokenize", "model", "ids", "--decode").output == charlm.text(text))

    try succeed("compress", "model", text, "-o", "small", "--quiet")
    try succeed("decompress", "model", "small", "-o", "again", "--quiet")
    #expect(try charlm.read("again") == charlm.read(text))

    let plain = try succeed("evaluate", "model", text, "--json", "--quiet").objects[0]
    #expect(plain["characters"] as? Int == (try charlm.text(text)).unicodeScalars.count)
    let size = try #require(try? charlm.read("small").count)
    let nats = try #require(plain["nats"] as? Double)
    #expect(abs(Double(size) - nats / log(2) / 8) < 0.005 * Double(size) + 64)
    try charlm.write(charlm.text(text) + "\n", to: "more.txt")
    for options in [["--dynamic"], ["--baselines", "more.txt"], ["--html", "p.html"]] {
      let outcome = try charlm.run(["evaluate", "model", text, "--json", "--quiet"] + options)
      #expect(outcome.status == 0, "\(outcome.messages)")
      #expect(outcome.objects[0]["characters"] as? Int == plain["characters"] as? Int)
    }
    try succeed("evaluate", "model", text, "--per-character", "p.tsv", "--quiet")
    // A line for each character, and the heading.
    #expect(
      try charlm.text("p.tsv").split(separator: "\n").count == 1 + (plain["characters"] as! Int))
    try succeed("diagnose", "memorization", "model", text, "--length", "300", "--quiet")
  }

  @Test func aTextIsOneDocumentUnlessTheNextMayFollow() throws {
    _ = try train("poems.txt", "--documents", "blank-lines", "--quiet")
    let arguments = ["generate", "model", "--json", "--quiet", "--seed", "1", "--length", "400"]
    let many = try charlm.run(arguments + ["--count", "4"]).objects
    #expect(many.count == 4)
    #expect(many.allSatisfy { $0["finish_reason"] as? String == "stop" })
    let going = try charlm.run(arguments + ["--no-stop-at-end"]).objects[0]
    #expect(going["finish_reason"] as? String == "length")
    let text = try #require(going["text"] as? String)
    #expect(text.unicodeScalars.count == 400)
    let first = try #require(many[0]["text"] as? String)
    #expect(text.hasPrefix(first + "\n"))
    // A model of whole files continues, and can still be asked to end.
    _ = try train("poems.txt", "--quiet")
    let whole = try charlm.run(arguments).objects[0]
    #expect(whole["finish_reason"] as? String == "length")
    #expect(try charlm.run(arguments + ["--stop-at-end"]).status == 0)
  }

  @Test func resumedAndContinuedRunsKeepTheDocuments() throws {
    _ = try train("names.txt", "--documents", "lines", "--checkpoint", "kept", "--quiet")
    #expect(try succeed("inspect", "kept").output.contains("documents lines"))
    try succeed("train", "--resume", "kept", "--max-steps", "35", "-o", "longer", "--quiet")
    #expect(try succeed("inspect", "longer").output.contains("documents lines"))
    let changed = try charlm.run(
      "train", "--resume", "kept", "--max-steps", "40", "--documents", "files")
    #expect(changed.status == 64)
    #expect(changed.messages.contains("--documents differs from the checkpoint"))
    let continued = ["train", "names.txt", "--from", "model", "-o", "new", "--max-steps", "2"]
    #expect(try charlm.run(continued).status == 0)
    #expect(try succeed("inspect", "new").output.contains("documents lines"))
    let other = try charlm.run(continued + ["--documents", "blank-lines"])
    #expect(other.status == 64)
    #expect(other.messages.contains("--documents is blank-lines, but it is lines in the model"))
  }

  @Test func keptLineEndsAreAUsageError() throws {
    let outcome = try charlm.run(
      "train", "names.txt", "-o", "m", "--documents", "lines", "--newlines", "keep")
    #expect(outcome.status == 64)
    #expect(outcome.messages.contains("(--documents, --newlines)"), "\(outcome.messages)")
  }

  @Test func shortPartsAndShortLinesGiveAHint() throws {
    #expect(try train("poems.txt").messages.contains("--documents blank-lines lets the model"))
    #expect(try train("names.txt").messages.contains("--documents lines lets the model"))
    #expect(try !train("names.txt", "--documents", "files").messages.contains("--documents"))
    let sentence = "It was a dark and stormy night, and the rain fell in torrents all\n"
    let prose = (0..<150).map { "\($0) " + sentence + sentence + "\n" }.joined()
    try charlm.write(prose, to: "prose.txt")
    #expect(try !train("prose.txt").messages.contains("--documents"))
  }
}
