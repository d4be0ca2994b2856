import Foundation
import Testing

/// `charlm benchmark`, run as a command on sizes too small to say anything.
@Suite(.serialized) struct BenchmarkTests {
  let charlm: Charlm

  init() throws { charlm = try Charlm() }

  private func run(_ arguments: String) throws -> Charlm.Outcome {
    try charlm.run(["benchmark"] + arguments.split(separator: " ").map(String.init))
  }

  private static let smallShape =
    "--cell gru --layers 2 --hidden-size 8 --batch-size 3 --window 4 --vocabulary-size 12"
  private static let arithmeticKeys = [
    "benchmark", "instruction_set", "threads", "repetitions", "median_seconds", "least_seconds",
    "useful_gigaflops_per_second", "fraction_of_peak",
  ]

  @Test func aTrainingRowIsOneJSONObjectAfterThePeak() throws {
    let outcome = try run("train \(Self.smallShape) --seconds 0.05 --threads 1 --json")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.messages.isEmpty)
    try #require(outcome.objects.count == 2)
    let (peak, row) = (outcome.objects[0], outcome.objects[1])
    #expect(peak["benchmark"] as? String == "peak")
    #expect(peak["gigaflops_per_second"] as! Double > 0)
    #expect(row["benchmark"] as? String == "train")
    #expect(row["cell"] as? String == "gru")
    for (name, value) in [
      ("layers", 2), ("hidden_size", 8), ("batch_size", 3), ("window", 4),
      ("vocabulary_size", 12), ("threads", 1),
    ] {
      #expect(row[name] as? Int == value, "\(name)")
    }
    for name in Self.arithmeticKeys + ["characters_per_second"] {
      #expect(row[name] != nil, "\(name)")
    }
    let seconds = row["median_seconds"] as! Double
    let speed = row["characters_per_second"] as! Double
    #expect(abs(speed * seconds / 12 - 1) < 1e-9)  // 3 x 4 characters a step
    let operations = row["useful_gigaflops_per_second"] as! Double
    let fraction = row["fraction_of_peak"] as! Double
    #expect(abs(operations / (peak["gigaflops_per_second"] as! Double) / fraction - 1) < 1e-9)
  }

  @Test(arguments: ["generate", "evaluate"])
  func readingRowsNameTheirNetwork(kind: String) throws {
    let outcome = try run("\(kind) --hidden-size 4 --vocabulary-size 9 --seconds 0.05 --json")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.objects.map { $0["benchmark"] as? String } == ["peak", kind])
    let row = outcome.objects[1]
    #expect(row["hidden_size"] as? Int == 4)
    #expect(row["characters_per_second"] as! Double > 0)
    for name in Self.arithmeticKeys { #expect(row[name] != nil, "\(name)") }
  }

  @Test func everyTextIsTokenizedOnOneThread() throws {
    let outcome = try run("tokenize --bytes 5000 --seconds 0.05 --json")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.objects.map { $0["text"] as? String } == ["ascii", "chinese", "mixed"])
    for row in outcome.objects {
      #expect(row["threads"] as? Int == 1)
      #expect(row["megabytes_per_second"] as! Double > 0)
      #expect(row["characters_per_second"] as! Double > 0)
    }
  }

  @Test func theProductsOfAShapeAreFour() throws {
    let outcome = try run("gemm \(Self.smallShape) --seconds 0.05 --json")
    #expect(outcome.status == 0, "\(outcome.messages)")
    let rows = outcome.objects.dropFirst()
    #expect(
      rows.map { $0["product"] as? String } == [
        "recurrent", "recurrent_backward", "weight_gradient", "projection",
      ])
    #expect(rows.first?["columns"] as? Int == 24)
    for row in rows {
      for name in Self.arithmeticKeys { #expect(row[name] != nil, "\(name)") }
    }
  }

  @Test func withoutANameEverythingIsMeasuredInOneTable() throws {
    let outcome = try run("\(Self.smallShape) --bytes 5000 --seconds 0.05")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.output.hasPrefix("Peak of matrix products ("))
    let lines = outcome.output.split(separator: "\n")
    let first = lines.map { $0.prefix { $0 != " " } }
    #expect(
      first == [
        "Peak", "train", "gru", "generate", "gru", "evaluate", "gru", "tokenize", "ascii",
        "chinese", "mixed", "gemm", "recurrent", "recurrent,", "weight", "projection",
      ])
    #expect(lines[2].hasPrefix("gru 2 x 8, V 12, B 3, T 4 "))
  }

  @Test func badInputGivesOneSentenceAndItsExitCode() throws {
    let cases: [(arguments: String, words: [String])] = [
      ("train --seconds 0", ["--seconds is 0"]), ("train --seconds nan", ["--seconds is nan"]),
      ("train --seconds -1", ["--seconds is -1"]),
      ("train --hidden-size 0", ["hidden size is 0"]),
      ("train --layers -1", ["number of layers is -1"]),
      ("train --vocabulary-size 2", ["vocabulary size is 2"]),
      ("train --vocabulary-size 70000", ["vocabulary size is 70000"]),
      ("train --batch-size 0", ["--batch-size is 0", "1 to 4096"]),
      ("gemm --window 9223372036854775807", ["--window is 9223372036854775807", "1 to 4096"]),
      ("generate --window 5", ["--window", "generate"]),
      ("evaluate --batch-size 5", ["--batch-size", "evaluate"]),
      ("tokenize --cell gru", ["--cell", "tokenize"]),
      ("tokenize --bytes 0", ["--bytes is 0"]), ("train --bytes 9", ["--bytes", "train"]),
      ("train --threads 0", ["--threads is 0"]),
    ]
    for test in cases {
      let outcome = try run(test.arguments)
      #expect(outcome.status == 64, "\(test.arguments): \(outcome.messages)")
      #expect(outcome.output.isEmpty, "\(test.arguments)")
      #expect(outcome.messages.hasPrefix("charlm: "), "\(outcome.messages)")
      #expect(outcome.messages.split(separator: "\n").count == 1, "\(outcome.messages)")
      for word in test.words {
        #expect(outcome.messages.contains(word), "\(test.arguments): \(outcome.messages)")
      }
    }
    #expect(try run("sleep").status == 64)
    #expect(try run("train --cell lstm2").status == 64)
  }
}
