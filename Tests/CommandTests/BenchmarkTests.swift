import Foundation
import Testing

/// `charlm benchmark`, run as a command with sizes too small to be meaningful.
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
    #expect(
      outcome.messages.isEmpty || outcome.messages.hasPrefix("The machine was busy"),
      "\(outcome.messages)")
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
    // The peak may have been raised since.
    let best = row["peak_gigaflops_per_second"] as! Double
    #expect(best >= peak["gigaflops_per_second"] as! Double)
    #expect(abs(operations / best / fraction - 1) < 1e-9)
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

  @Test func aResidualNetworkIsNamed() throws {
    let outcome = try run("train \(Self.smallShape) --residual --seconds 0.05")
    #expect(outcome.output.contains("gru 2 x 8, residual, V 12, B 3, T 4 "))
    let row = try run("train \(Self.smallShape) --residual --seconds 0.05 --json").objects.last
    #expect(row?["residual"] as? Bool == true)
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
    let inputs = [
      BadInput("train --seconds 0", 64, "--seconds is 0"),
      BadInput("train --seconds nan", 64, "--seconds is nan"),
      BadInput("train --seconds -1", 64, "--seconds is -1"),
      BadInput("train --hidden-size 0", 64, "hidden size is 0"),
      BadInput("train --residual", 64, "no effect with one layer"),
      BadInput("tokenize --residual", 64, "--residual", "tokenize"),
      BadInput("train --layers -1", 64, "number of layers is -1"),
      BadInput("train --vocabulary-size 2", 64, "vocabulary size is 2"),
      BadInput("train --vocabulary-size 70000", 64, "vocabulary size is 70000"),
      BadInput("train --batch-size 0", 64, "--batch-size is 0", "1 to 4096"),
      BadInput(
        "gemm --window 9223372036854775807", 64, "--window is 9223372036854775807", "1 to 4096"),
      BadInput("generate --window 5", 64, "--window", "generate"),
      BadInput("evaluate --batch-size 5", 64, "--batch-size", "evaluate"),
      BadInput("tokenize --cell gru", 64, "--cell", "tokenize"),
      BadInput("tokenize --bytes 0", 64, "--bytes is 0"),
      BadInput("train --bytes 9", 64, "--bytes", "train"),
      BadInput("train --threads 0", 64, "--threads is 0"),
    ]
    try charlm.expectRefusal(of: inputs, after: "benchmark")
    #expect(try run("sleep").status == 64)
    #expect(try run("train --cell lstm2").status == 64)
  }
}
