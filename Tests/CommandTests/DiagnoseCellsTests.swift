import Foundation
import Testing

/// `charlm diagnose cells`, run as a command.
@Suite(.serialized) struct DiagnoseCellsTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.trainSmallModel()
  }

  private func run(_ arguments: String) throws -> Charlm.Outcome {
    try charlm.run(["diagnose", "cells"] + arguments.split(separator: " ").map(String.init))
  }

  @Test func theTablesNameFeaturesAndUnits() throws {
    let outcome = try run("model.safetensors text.txt")
    #expect(outcome.status == 0, "\(outcome.messages)")
    for words in [
      "lstm, 1 x 16", "10,386", "Layer 0, the best units for each feature", "position in the line",
      "Layer 0, the units that follow one feature most closely", "unit ",
    ] {
      #expect(outcome.output.contains(words), "\(words): \(outcome.output)")
    }
    // The text has no parentheses.
    let lines = outcome.output.split(separator: "\n")
    let parentheses = try #require(lines.first { $0.hasPrefix("inside parentheses") })
    #expect(parentheses.split(separator: " ").suffix(4) == ["0.000", "-", "-", "-"])
  }

  /// The figures can be computed again from the values in the file.
  @Test func correlationsAreThoseOfTheTable() throws {
    let outcome = try run(
      "model.safetensors text.txt --json --tsv cells.tsv --maximum-characters 500 --units "
        + (0..<16).map(String.init).joined(separator: ","))
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.objects[0]["characters"] as? Int == 500)
    let rows = try charlm.text("cells.tsv").split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(rows.count == 501)
    #expect(rows[0].prefix(9).joined(separator: " ") == "position character h0 c0 i0 f0 g0 o0 h1")
    #expect(rows[18][1] == #"\n"# && rows[1][1] == "l")
    let layers = try #require(outcome.objects[0]["layers"] as? [[String: Any]])
    let features = try #require(layers[0]["features"] as? [[String: Any]])
    let newline = try #require(features.first { $0["feature"] as? String == "after a newline" })
    let best = try #require((newline["units"] as? [[String: Any]])?.first)
    let (unit, vector) = (best["unit"] as! Int, best["vector"] as! String)
    let column = try #require(rows[0].firstIndex(of: "\(vector)\(unit)"))
    let x = rows.dropFirst().map { Double($0[column])! }
    let y = rows.dropFirst().map { $0[1] == #"\n"# ? 1.0 : 0 }
    #expect(abs(pearson(x, y) - (best["correlation"] as! Double)) < 1e-6)
    #expect((layers[0]["units"] as? [[String: Any]])?.count == 16)
    // Equations of the cell: h = o tanh(c), c = f c' + i g.
    for row in 2..<rows.count {
      let (now, before) = (rows[row][2..<8].map { Double($0)! }, Double(rows[row - 1][3])!)
      #expect(abs(now[0] - now[5] * tanh(now[1])) < 1e-5)
      #expect(abs(now[1] - (now[3] * before + now[2] * now[4])) < 1e-5)
    }
  }

  private func pearson(_ x: [Double], _ y: [Double]) -> Double {
    let n = Double(x.count)
    let (mx, my) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
    let xy = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
    let xx = x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
    let yy = y.reduce(0) { $0 + ($1 - my) * ($1 - my) }
    return xy / (xx * yy).squareRoot()
  }

  @Test func thePageIsWholeAndDoesNotDependOnThreads() throws {
    let outcome = try run("model.safetensors text.txt --html page.html --maximum-characters 300")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.messages == "Wrote 'page.html'.\n")
    let page = try charlm.read("page.html")
    let text = String(decoding: page, as: UTF8.self)
    #expect(text.contains("<h1>Units of layer 0 of model.safetensors on text.txt</h1>"))
    #expect(text.contains("300, the beginning of the text"))
    // The best unit for each feature of the table is found by that feature's name.
    for line in outcome.output.split(separator: "\n") {
      guard let match = line.firstMatch(of: /^(.+?)  +\d\.\d{3}  +(\d+) [hc] [+-]/) else {
        continue
      }
      let row = try #require(
        text.split(separator: "\n").first { $0.contains(">unit \(match.2)</button>") })
      #expect(row.contains("\(match.1) ("), "\(line): \(row)")
    }
    #expect(text.split(separator: "<i").count - 1 >= 300 && text.contains(">☃</i>"))
    #expect(!text.contains("nan") && !text.contains("http"))
    _ = try run(
      "model.safetensors text.txt --html page.html --maximum-characters 300 --threads 1")
    #expect(try charlm.read("page.html") == page)
  }

  @Test(arguments: ["gru", "rnn"]) func otherCellsAndBytesHaveTheirVectors(cell: String) throws {
    let trained = try charlm.run(
      "train", "text.txt", "--output", "other.safetensors", "--cell", cell, "--layers", "2",
      "--hidden-size", "8", "--max-steps", "3", "--batch-size", "8", "--window", "16", "--unit",
      "byte", "--quiet")
    #expect(trained.status == 0, "\(trained.messages)")
    let outcome = try run(
      "other.safetensors text.txt --units 7 --tsv cells.tsv --maximum-characters 18 --layer 0")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.output.contains("Layer 0,") && !outcome.output.contains("Layer 1,"))
    let lines = try charlm.text("cells.tsv").split(separator: "\n")
    #expect(lines[0] == "position\tcharacter\th7" + (cell == "gru" ? "\tr7\tz7\tn7" : ""))
    // Characters of several bytes are one row.
    #expect(lines.count == 19)
    #expect(lines[9].hasPrefix("8\té\t") && lines[11].hasPrefix("10\t☃\t"))
    let all = try run("other.safetensors text.txt --maximum-characters 18")
    #expect(all.output.contains("Layer 0,") && all.output.contains("Layer 1,"))
  }

  @Test func badInputGivesOneSentenceAndItsExitCode() throws {
    try charlm.write("", to: "empty.txt")
    let files = "model.safetensors text.txt"
    let all = (0..<16).map(String.init).joined(separator: ",")
    try charlm.write(String(repeating: "sheep ", count: 8_000), to: "long.txt")
    let inputs = [
      BadInput("model.safetensors empty.txt", 65, "'empty.txt'", "0 characters"),
      BadInput("\(files) --maximum-characters 1", 65, "'text.txt'", "1 character"),
      BadInput("model.safetensors missing.txt", 66, "'missing.txt'"),
      BadInput("missing.safetensors text.txt", 66, "'missing.safetensors'"),
      BadInput("\(files) --maximum-characters 0", 64, "--maximum-characters is 0"),
      BadInput("\(files) --layer 1", 64, "--layer is 1", "only layer 0"),
      BadInput("\(files) --units 1", 64, "--units", "--html or --tsv"),
      BadInput("\(files) --units 16 --tsv a.tsv", 64, "--units names 16", "0 to 15"),
      BadInput("\(files) --units -1 --tsv a.tsv", 64, "--units names -1"),
      BadInput("\(files) --units 1,1 --tsv a.tsv", 64, "--units", "twice"),
      BadInput("\(files) --html text.txt", 64, "--html 'text.txt'"),
      BadInput("\(files) --tsv model.safetensors", 64, "--tsv 'model.safetensors'"),
      BadInput("\(files) --html same --tsv same", 64, "--tsv 'same'"),
      BadInput("\(files) --html missing/a.html", 73, "missing/a.html"),
      BadInput(
        "model.safetensors long.txt --html a.html --maximum-characters 48000 --units \(all)", 64,
        "16 units", "48000 characters", "4000000"),
    ]
    let text = try charlm.read("text.txt")
    try charlm.expectRefusal(of: inputs, after: "diagnose cells")
    #expect(try charlm.read("text.txt") == text)
    #expect(try run("\(files) --units 1,x --tsv a.tsv").status == 64)
  }
}
