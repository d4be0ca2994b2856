import Foundation
import Testing
import charlm

/// The outputs of `charlm evaluate` other than its figures.
@Suite(.serialized) struct EvaluationDetailTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.trainSmallModel()
    try charlm.write("line 3: é Ω sheep\n\u{200B}\tline 4\\", to: "other.txt")
  }

  @Test func everyTextHasItsFiguresAndTheTotalThatOfAll() throws {
    let outcome = try charlm.run(
      "evaluate", "model.safetensors", "text.txt", "other.txt", "text.txt", "--json")
    let total = try #require(outcome.objects.first)
    let files = try #require(total["files"] as? [[String: Any]])
    #expect(files.map { $0["file"] as? String } == ["text.txt", "other.txt", "text.txt"])
    for key in ["nats", "characters", "bytes", "words", "unknown_characters", "unknown_nats"] {
      let sum = files.reduce(0) { $0 + ($1[key] as! NSNumber).doubleValue }
      #expect(abs((total[key] as! NSNumber).doubleValue - sum) <= 1e-9 * sum, "\(key)")
    }
    for file in files {
      let alone = try charlm.run(
        "evaluate", "model.safetensors", file["file"] as! String, "--json")
      #expect(alone.objects.first?["nats"] as? Double == file["nats"] as? Double)
    }
    // 10 blocks of 1,000 characters in each of two texts, and a short text, suffice only together.
    #expect(files.allSatisfy { $0["interval"] is NSNull })
    let interval = try #require(total["interval"] as? [String: Any])
    #expect(interval["blocks"] as? Int == 21)
    let bounds = try #require(interval["bits_per_character"] as? [Double])
    #expect(bounds[0] < total["bits_per_character"] as! Double)
    #expect(bounds[1] > total["bits_per_character"] as! Double)

    let plain = try charlm.run("evaluate", "model.safetensors", "text.txt", "other.txt").output
    let lines = plain.split(separator: "\n")
    #expect(lines[0].hasPrefix("text ") && lines[0].hasSuffix("unknown"))
    #expect(lines[1].hasPrefix("text.txt  ") && lines[2].hasPrefix("other.txt  "))
    #expect(plain.contains("all texts\n"))
    #expect(plain.contains("too short for a 95 % interval"))
  }

  @Test func commaSeparatedValuesHaveARowForEachText() throws {
    try charlm.write("a \"b\", c", to: "a \"b\", c.txt")
    let texts = ["text.txt", "other.txt", "a \"b\", c.txt"]
    let outcome = try charlm.run(["evaluate", "model.safetensors"] + texts + ["--csv"])
    #expect(outcome.status == 0, "\(outcome.messages)")
    let rows = outcome.output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(rows.count == 4 && rows[0][0] == "file" && rows[1][0] == "\"text.txt\"")
    #expect(outcome.output.contains("\n\"a \"\"b\"\", c.txt\","))
    let json = try charlm.run(["evaluate", "model.safetensors"] + texts + ["--json"])
    let files = try #require(json.objects.first?["files"] as? [[String: Any]])
    for (row, file) in zip(rows.dropFirst(), files.prefix(2)) {
      for (name, value) in zip(rows[0], row).dropFirst() {
        guard let number = file[name] as? NSNumber else { continue }
        // Foundation's reader of JSON may miss the last digit.
        let found = try #require(Double(value))
        #expect(abs(found - number.doubleValue) <= 1e-14 * abs(found), "\(name)")
      }
    }
    let both = try charlm.run("evaluate", "model.safetensors", "text.txt", "--csv", "--json")
    #expect(both.status == 64 && both.messages.contains("--csv and --json exclude each other"))
  }

  @Test func theTableOfCharactersAddsUpToTheFigures() throws {
    let outcome = try charlm.run(
      "evaluate", "model.safetensors", "text.txt", "other.txt", "--per-character", "all.tsv",
      "--json")
    #expect(outcome.status == 0, "\(outcome.messages)")
    let rows = try charlm.text("all.tsv").split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(
      rows[0] == [
        "text", "position", "character", "nats", "bits", "unknown", "likeliest", "probability",
        "code_point",
      ])
    #expect(rows.allSatisfy { $0.count == 9 })
    let figures = try #require(outcome.objects.first)
    let characters = rows.dropFirst()
    #expect(characters.count == figures["characters"] as? Int)
    let nats = characters.reduce(0) { $0 + Double($1[3])! }
    #expect(abs(nats - (figures["nats"] as! Double)) < 1e-6)
    #expect(characters.count { $0[5] == "1" } == figures["unknown_characters"] as? Int)

    let other = characters.filter { $0[0] == "other.txt" }
    #expect(other.map { $0[1] } == (0..<other.count).map(String.init))
    #expect(
      other.map { $0[2] }.joined() == #"line 3: é Ω sheep\n\u{200B}\tline 4\\"#)
    #expect(other.filter { $0[5] == "1" }.map { $0[2] } == ["Ω", #"\u{200B}"#, #"\t"#, #"\\"#])
    #expect(
      other.filter { $0[5] == "1" }.map { $0[8] } == ["U+03A9", "U+200B", "U+0009", "U+005C"])
    for row in characters {
      let (nats, probability) = (Double(row[3])!, Double(row[7])!)
      #expect(row[2] == row[6] ? abs(nats + log(probability)) < 1e-5 : nats + log(probability) > 0)
    }
  }

  @Test func commaSeparatedValuesAreQuoted() throws {
    try charlm.write("a,\"b\"\n", to: "comma, \"quote\".txt")
    for table in ["all.csv", "all.tsv"] {
      let outcome = try charlm.run(
        "evaluate", "model.safetensors", "comma, \"quote\".txt", "--per-character", table)
      #expect(outcome.status == 0, "\(outcome.messages)")
    }
    let lines = try charlm.text("all.csv").split(separator: "\n")
    #expect(
      lines[0] == "text,position,character,nats,bits,unknown,likeliest,probability,code_point")
    let name = #""comma, ""quote"".txt""#
    #expect(lines.count == 1 + 6)
    #expect(lines[2].hasPrefix(#"\#(name),1,",","#) && lines[2].hasSuffix(",U+002C"))
    #expect(lines[3].hasPrefix(#"\#(name),2,"""","#) && lines[3].hasSuffix(",U+0022"))
    #expect(lines[6].hasPrefix(#"\#(name),5,"\n","#) && lines[6].hasSuffix(",U+000A"))
    // The same numbers as the other table.
    let others = try charlm.text("all.tsv").split(separator: "\n")
    for (line, other) in zip(lines, others).dropFirst() {
      let cells = other.split(separator: "\t", omittingEmptySubsequences: false)
      #expect(line.contains(",\(cells[3...5].joined(separator: ",")),"))
    }
  }

  @Test func anEvaluationThatFailsLeavesNoTable() throws {
    try charlm.write("before", to: "all.tsv")
    try charlm.write([0x61, 0xFF], to: "broken")
    let outcome = try charlm.run(
      "evaluate", "model.safetensors", "text.txt", "broken", "--per-character", "all.tsv")
    #expect(outcome.status == 65)
    #expect(try charlm.text("all.tsv") == "before")
    #expect(!(try charlm.folder.contents().contains { $0.contains(".new") }))
  }

  @Test func colorsTintTheTextAndChangeNothingOfIt() throws {
    let outcome = try charlm.run(
      "evaluate", "model.safetensors", "text.txt", "other.txt", "--color")
    #expect(outcome.status == 0, "\(outcome.messages)")
    let parts = outcome.output.split(separator: "\u{1B}", omittingEmptySubsequences: false)
    #expect(parts.count > 100)
    let plain = parts.dropFirst().reduce(String(parts[0])) {
      $0 + $1.drop { $0 != "m" }.dropFirst()
    }.replacing("↵", with: "")
    #expect(plain.hasPrefix("--- text.txt ---\n"))
    #expect(plain.contains(try charlm.text("text.txt")))
    #expect(plain.contains("\n--- other.txt ---\nline 3: é Ω sheep\n\u{200B}\tline 4\\\n\n"))
    #expect(plain.contains(" <1  1-2  2-3  3-4  4-6  6-8  8-11  11+  bits\n"))
    #expect(plain.contains("all texts\n"))
    // A character that the model never saw has the warmest background.
    #expect(outcome.output.contains("\u{1B}[38;5;16;48;5;196mΩ\u{1B}[0m"))
  }

  @Test func noColorIsObeyed() throws {
    var charlm = charlm
    charlm.environment["NO_COLOR"] = "1"
    let outcome = try charlm.run("evaluate", "model.safetensors", "other.txt", "--color")
    #expect(outcome.output.hasPrefix(try charlm.text("other.txt") + "\n\ncharacters"))
    #expect(!outcome.output.unicodeScalars.contains("\u{1B}"))
  }

  @Test func aTextCannotCommandTheTerminal() throws {
    try charlm.write("line \u{1B}[2J\r", to: "hostile.txt")
    let outcome = try charlm.run("evaluate", "model.safetensors", "hostile.txt", "--color")
    #expect(outcome.output.contains("U+001B"))
    #expect(!outcome.output.contains("\u{1B}[2J"))
  }

  @Test func thePageHoldsFiguresTextAndCandidates() throws {
    let outcome = try charlm.run(
      "evaluate", "model.safetensors", "text.txt", "other.txt", "--html", "page.html")
    #expect(outcome.status == 0, "\(outcome.messages)")
    let page = try charlm.text("page.html")
    #expect(page.contains("<title>model.safetensors on text.txt, other.txt</title>"))
    #expect(page.contains("<h3>text.txt</h3>") && page.contains("<h3>other.txt</h3>"))
    #expect(page.contains("<th>bits per byte</th>"))
    #expect(page.components(separatedBy: "</i>").count > 10_413)
    #expect(page.contains("<ol>") && page.contains("<svg"))
    #expect(page.contains("const width=1,count=5;"))
  }

  @Test func baselinesStandBesideTheModel() throws {
    try charlm.write(String(repeating: "line 3: é ☃ sheep\n", count: 40), to: "held-out.txt")
    let arguments = ["evaluate", "model.safetensors", "held-out.txt", "--baselines", "text.txt"]
    let outcome = try charlm.run(arguments + ["--json"])
    #expect(outcome.status == 0, "\(outcome.messages)")
    let object = try #require(outcome.objects.first)
    let rows = try #require(object["baselines"] as? [[String: Any]])
    func bits(_ name: String) -> Double? {
      rows.first { $0["name"] as? String == name }?["bits_per_character"] as? Double
    }
    // 22 characters and the unknown ones; with 10 kinds of lines, the text repeats itself.
    #expect(abs(try #require(bits("uniform alphabet")) - log2(23)) < 1e-9)
    let orders = try (2...8).map { try #require(bits("\($0)-gram")) }
    #expect(try #require(bits("character frequencies")) > orders[0])
    #expect(orders[0] > orders[2] && orders[6] < 0.3, "\(orders)")
    #expect(object["baseline_characters"] as? Int == 577 * 18)
    #expect(object["baselines_complete"] as? Bool == true)

    let plain = try charlm.run(arguments)
    #expect(plain.output.contains("\n  8-gram ") && plain.output.contains("\n> this model "))
    // Without the program its rows are omitted, and a note says so.
    let hasProgram = plain.output.contains("xz -9e after the training text")
    #expect(plain.messages.contains("no program xz") == !hasProgram)
    #expect((bits("xz -9e without it") != nil) == hasProgram)
  }

  /// A figure of a text that the baselines were made of says nothing.
  @Test func aTextThatIsNotNewIsRefusedOrNoted() throws {
    var random = SystemRandomNumberGenerator()
    func text(_ count: Int) -> String {
      String(
        (0..<count).map { _ in Character(["a", "b", "c", "\n"].randomElement(using: &random)!) })
    }
    let (part, other) = (text(6_000), text(6_000))
    try charlm.write(part, to: "part.txt")
    try charlm.write(part, to: "copy.txt")
    try charlm.write(other + part + other, to: "whole.txt")
    try charlm.write(other, to: "other.txt")
    func evaluate(_ options: String...) throws -> Charlm.Outcome {
      try charlm.run(["evaluate", "model.safetensors", "part.txt"] + options)
    }
    for option in [["--baselines"], ["--baselines", "other.txt"], ["--dynamic", "--tune"]] {
      let outcome = try charlm.run(
        ["evaluate", "model.safetensors", "part.txt"] + option + ["copy.txt"])
      let name = option.first { $0 != "--dynamic" }!
      charlm.expectRefusal(
        outcome, status: 64, words: ["\(name) 'copy.txt' has the same contents as 'part.txt'"])
    }
    let noted = try evaluate("--baselines", "whole.txt")
    if noted.output.contains("xz") {
      #expect(noted.messages.contains("seems to be a part of it"), "\(noted.messages)")
    }
    let new = try evaluate("--baselines", "other.txt")
    #expect(new.status == 0 && !new.messages.contains("seems"), "\(new.messages)")
    let trained = try charlm.run(
      "train", "other.txt", "part.txt", "--validation-file", "copy.txt", "--output", "m",
      "--max-steps", "1")
    #expect(trained.status == 64)
    #expect(
      trained.messages.contains("--validation-file 'copy.txt' has the same contents as 'part.txt'"))
  }

  @Test func aFolderForTemporaryFilesThatIsMissingCostsOnlyTheRowsOfXZ() throws {
    var charlm = charlm
    charlm.environment["TMPDIR"] = charlm.folder.path("missing")
    try charlm.write("line 3: sheep\n", to: "new.txt")
    let outcome = try charlm.run(
      "evaluate", "model.safetensors", "new.txt", "--baselines", "text.txt")
    #expect(outcome.status == 0 && outcome.output.contains("\n  8-gram "), "\(outcome.messages)")
    #expect(!outcome.output.contains("xz"))
    #expect(outcome.messages.contains("TMPDIR names the folder"), "\(outcome.messages)")
  }

  @Test func aTextThatTheModelWasTrainedOnIsNoted() throws {
    let note = "'model.safetensors' was trained on 'copy.txt': this figure says nothing about new"
    try charlm.write(charlm.read("text.txt"), to: "copy.txt")
    try charlm.write("line 3: sheep\n", to: "new.txt")
    let known = try charlm.run("evaluate", "model.safetensors", "copy.txt", "--json")
    #expect(known.status == 0 && known.messages.contains(note), "\(known.messages)")
    let new = try charlm.run("evaluate", "model.safetensors", "new.txt")
    #expect(new.status == 0 && !new.messages.contains("trained on"), "\(new.messages)")
    let compared = try charlm.run(
      "compare", "model.safetensors", "model.safetensors", "--text", "copy.txt")
    #expect(compared.messages.contains(note), "\(compared.messages)")
  }

  @Test(arguments: [
    (42_228.8, "42,228.8"), (999.94, "999.9"), (999.96, "1,000.0"), (1e7, "10,000,000.0"),
    (0.25, "0.3"),
  ])
  func largePerplexitiesAreGrouped(value: Double, text: String) {
    #expect(value.groupedFixed(1) == text)
  }

  static let badInputs = [
    BadInput(
      "model.safetensors", 64, "'model.safetensors' is a model, not a text", "charlm compare"),
    BadInput("--color --json", 64, "--color", "--json"),
    BadInput("--per-character text.txt", 64, "--per-character 'text.txt'"),
    BadInput("--per-character model.safetensors", 64, "--per-character 'model.safetensors'"),
    BadInput("--html text.txt", 64, "--html 'text.txt'"),
    BadInput("--html same --per-character same", 64, "--html 'same'"),
    BadInput("--baselines missing.txt", 66, "'missing.txt'"),
    BadInput("--html other.txt --baselines other.txt", 64, "--html 'other.txt'"),
    BadInput("--per-character missing/all.tsv", 73, "missing/all.tsv"),
  ]

  @Test func badInputGivesOneSentence() throws {
    let files = try ["model.safetensors", "text.txt"].map { try charlm.read($0) }
    try charlm.expectRefusal(of: Self.badInputs, after: "evaluate model.safetensors text.txt")
    #expect(try ["model.safetensors", "text.txt"].map { try charlm.read($0) } == files)
  }
}
