import Foundation
import Testing

/// `charlm diagnose memorization`, run as a command.
@Suite(.serialized) struct DiagnoseMemorizationTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.trainSmallModel()
  }

  private func run(_ arguments: String, input: String = "") throws -> Charlm.Outcome {
    try charlm.run(
      ["diagnose", "memorization"] + arguments.split(separator: " ").map(String.init), input: input)
  }

  private func texts(_ outcome: Charlm.Outcome) throws -> [[String: Any]] {
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.objects.count == 1)
    return try #require(outcome.objects.first?["texts"] as? [[String: Any]])
  }

  private func novelShares(_ text: [String: Any]) throws -> [Double?] {
    let ngrams = try #require(text["ngrams"] as? [[String: Any]])
    #expect(ngrams.map { $0["length"] as? Int } == Array(4...32))
    return ngrams.map { $0["novel_share"] as? Double }
  }

  @Test func aTextOfTheCorpusHasNothingNovelAndAnotherOneHas() throws {
    let text = String(decoding: try charlm.read("text.txt"), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    try charlm.write(lines[123..<130].joined(separator: "\n"), to: "cut.txt")
    try charlm.write("sheep é line ☃ : 7 peels sheep é ☃ 1 2 3 4 zzz sheep", to: "own.txt")
    let outcome = try run("model.safetensors text.txt --text cut.txt --compare own.txt --json")
    let texts = try texts(outcome)
    #expect(outcome.objects[0]["seed"] is NSNull)
    #expect(outcome.objects[0]["unit"] as? String == "scalar")
    #expect(outcome.objects[0]["corpus_tokens"] as? Int == text.unicodeScalars.count)
    #expect(texts.map { $0["label"] as? String } == ["text", "compared"])
    #expect(texts.map { $0["unknown_characters"] as? Int } == [0, 3])
    #expect(try novelShares(texts[0]) == Array(repeating: 0, count: 29))
    #expect(try novelShares(texts[1]).compactMap(\.self).allSatisfy { $0 > 0.3 })
    let copies = try #require(texts[0]["longest_copies"] as? [[String: Any]])
    #expect(copies.count == 1)
    #expect(copies[0]["text"] as? String == lines[123..<130].joined(separator: "\n"))
    #expect(copies[0]["file"] as? String == "text.txt")
    let line = try #require(copies[0]["line"] as? Int)
    #expect(line % 10 == 4, "lines come again every ten")
    #expect(lines[line - 1] == lines[123])
  }

  @Test func theModelsOwnTextIsGeneratedAsAsked() throws {
    let options = "model.safetensors text.txt --length 300 --count 2 --temperature 0.5 --json"
    let outcome = try run(options + " --seed 4")
    let texts = try texts(outcome)
    #expect(outcome.objects[0]["seed"] as? Int == 4)
    #expect(texts.count == 1)
    #expect(texts[0]["label"] as? String == "generated")
    #expect(texts[0]["tokens"] as? Int == 600)
    let ngrams = try #require(texts[0]["ngrams"] as? [[String: Any]])
    #expect(ngrams[0]["count"] as? Int == 2 * 297)
    #expect(try run(options + " --seed 4 --threads 1").output == outcome.output)
    #expect(try run(options + " --seed 5").output != outcome.output)

    let samples = try charlm.run(
      "generate", "model.safetensors", "--length", "300", "--count", "2", "--temperature", "0.5",
      "--seed", "4", "--json")
    let text = samples.objects.compactMap { $0["text"] as? String }.joined(separator: "\u{1}")
    try charlm.write(text, to: "samples.txt")
    let same = try run("model.safetensors text.txt --text samples.txt --json")
    #expect(try novelShares(self.texts(same)[0]) == novelShares(texts[0]))
  }

  @Test func theTableSaysWhatItShowsAndHowToReadIt() throws {
    try charlm.write("line 3: é ☃ sheep\nline 5: é ☃ sheep\nline 9", to: "made-up.txt")
    let outcome = try run(
      "model.safetensors text.txt --text made-up.txt --compare text.txt --copies 2")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.messages.isEmpty)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(
      lines[0] == "42 characters of 'made-up.txt' and 10,386 characters of 'text.txt', "
        + "compared with a corpus of 10,386.")
    let numbers = lines.compactMap { line in
      line.hasSuffix("%") ? line.split(separator: " ").map(String.init) : nil
    }
    #expect(numbers.map { $0[0] } == ["4", "6", "8", "12", "16", "24", "32"])
    #expect(numbers[0] == ["4", "0.00", "%", "0.00", "%"])
    // Of the 11 sequences of 32 characters, 7 contain two of the numbers, which are not adjacent in
    // the corpus.
    #expect(numbers[6] == ["32", "63.64", "%", "0.00", "%"])
    #expect(
      outcome.output.contains(
        "    35  'text.txt', line 5: \": é ☃ sheep\\nline 5: é ☃ sheep\\nline \"\n"),
      "\(outcome.output)")
    #expect(outcome.output.contains("shares far below 'compared'"))
    #expect(try run("model.safetensors text.txt --quiet").output.contains("--compare FILE"))
  }

  @Test func severalCorporaAndStandardInputAreRead() throws {
    try charlm.write("sheep sheep sheep\n", to: "more.txt")
    let outcome = try run(
      "model.safetensors text.txt more.txt --text - --json", input: "sheep sheep")
    let texts = try texts(outcome)
    let copies = try #require(texts[0]["longest_copies"] as? [[String: Any]])
    #expect(copies.map { $0["file"] as? String } == ["more.txt"])
    #expect(copies.map { $0["line"] as? Int } == [1])
    let piped = try run(
      "model.safetensors - --text more.txt --compare text.txt --json", input: "sheep")
    #expect(try self.texts(piped).count == 2)
  }

  @Test func aSeedOfItsOwnChoosingIsTold() throws {
    let outcome = try run("model.safetensors text.txt --length 50")
    #expect(outcome.messages.contains("--seed "), "\(outcome.messages)")
    #expect(try run("model.safetensors text.txt --length 50 --quiet").messages.isEmpty)
  }

  @Test func badInputGivesOneSentenceAndItsExitCode() throws {
    try charlm.write("", to: "empty.txt")
    try charlm.write("zzzshe", to: "unknown.txt")
    try charlm.write([0x61, 0xFF, 0x62], to: "broken.txt")
    let inputs = [
      BadInput("model.safetensors empty.txt", 65, "'empty.txt'", "no text"),
      BadInput("model.safetensors text.txt --text empty.txt", 65, "'empty.txt' has 0", "4"),
      BadInput("model.safetensors text.txt --text unknown.txt", 65, "'unknown.txt' has 3"),
      BadInput("model.safetensors text.txt --compare empty.txt", 65, "'empty.txt' has 0"),
      BadInput("model.safetensors text.txt --length 3", 65, "The generated text has 3"),
      BadInput("model.safetensors broken.txt", 65, "'broken.txt'", "byte 1"),
      BadInput("model.safetensors text.txt --text broken.txt", 65, "'broken.txt'", "byte 1"),
      BadInput("text.txt text.txt", 65, "'text.txt'"),
      BadInput("model.safetensors missing.txt", 66, "'missing.txt'"),
      BadInput("missing.safetensors text.txt", 66, "'missing.safetensors'"),
      BadInput("model.safetensors text.txt --text missing.txt", 66, "'missing.txt'"),
      BadInput("model.safetensors text.txt --length 0", 64, "--length is 0"),
      BadInput("model.safetensors text.txt --count -1", 64, "--count is -1"),
      BadInput("model.safetensors text.txt --copies 0", 64, "--copies is 0"),
      BadInput("model.safetensors text.txt --temperature -1", 64, "--temperature"),
      BadInput("model.safetensors text.txt --text text.txt --seed 1", 64, "--text", "--seed"),
      BadInput("model.safetensors text.txt --text text.txt --ban x", 64, "--text", "--ban"),
      BadInput("model.safetensors text.txt --text text.txt --top-k 2", 64, "--text", "--top-k"),
      BadInput("model.safetensors - --text -", 64, "Standard input"),
    ]
    try charlm.expectRefusal(of: inputs, after: "diagnose memorization")
    #expect(try run("model.safetensors").status == 64)
  }
}
