import Generation
import Tokenization

/// Prints generated texts, as plain text or as one JSON object a line.
struct GenerationReport {
  let prompt: Prompt
  let printsJSON: Bool

  /// Prints a single text, as it grows if it is generated that way.
  /// - Parameters:
  ///   - seed: nil if nothing is random.
  ///   - generate: calls its argument with each new part of the text.
  func printOne(
    seed: UInt64?, _ generate: ((String) throws -> Void) throws -> GenerationResult
  ) throws {
    let stopwatch = Stopwatch()
    var output = TextOutput()
    if !printsJSON { try output.write(prompt.text) }
    var streamed = false
    let result = try generate { text in
      streamed = true
      if !printsJSON { try output.write(text) }
    }
    if printsJSON {
      let speed = Double(result.characters) / max(stopwatch.seconds, 1e-9)
      return try printLine(result, seed: seed, seconds: stopwatch.seconds, speed: speed)
    }
    if !streamed { try output.write(result.text) }
    try output.endLine()
  }

  /// Prints samples with the seeds `seed`, `seed` + 1 and so on, or only one of them.
  /// - Parameter seconds: the time for all samples together.
  func print(
    _ results: [GenerationResult], only: Int?, seed: UInt64, seconds: Double
  ) throws {
    let speed = Double(results.reduce(0) { $0 + $1.characters }) / max(seconds, 1e-9)
    for (number, result) in results.enumerated() where only == nil || only == number {
      let seed = seed &+ UInt64(number)
      if printsJSON {
        try printLine(result, seed: seed, seconds: seconds, speed: speed)
      } else if only != nil {
        var output = TextOutput()
        try output.write(prompt.text + result.text)
        try output.endLine()
      } else {
        var output = TextOutput()
        try output.write("--- sample \(number + 1) of \(results.count), seed \(seed) ---\n")
        try output.write(prompt.text + result.text + "\n")
      }
    }
  }

  private func printLine(
    _ result: GenerationResult, seed: UInt64?, seconds: Double, speed: Double
  ) throws {
    try JSONLine([
      ("text", result.text), ("prompt", prompt.text), ("seed", seed),
      ("tokens", result.tokens), ("seconds", seconds), ("characters_per_second", speed),
      ("finish_reason", result.finishReason.rawValue), ("nats_per_token", result.natsPerToken),
    ]).print()
  }
}

/// A generated text on standard output.
private struct TextOutput {
  private var endsLine = false

  /// - Throws: `StorageError.outputFailed`.
  mutating func write(_ text: String) throws {
    guard !text.isEmpty else { return }
    try StandardOutput.writeText(text)
    endsLine = text.utf8.last == UInt8(ascii: "\n")
  }

  /// Ends the last line, so that another output does not continue it; a file gets the text alone.
  /// - Throws: `StorageError.outputFailed`.
  func endLine() throws {
    guard !StandardOutput.isFile else { return }
    if StandardOutput.isTerminal || !endsLine { try StandardOutput.write("\n") }
  }
}
