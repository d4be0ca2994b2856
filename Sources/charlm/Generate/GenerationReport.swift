import Generation

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
    if !printsJSON { try StandardOutput.write(prompt.text) }
    var streamed = false
    let result = try generate { text in
      streamed = true
      if !printsJSON { try StandardOutput.write(text) }
    }
    if printsJSON {
      let speed = Double(result.characters) / max(stopwatch.seconds, 1e-9)
      return try printLine(result, seed: seed, seconds: stopwatch.seconds, speed: speed)
    }
    if !streamed { try StandardOutput.write(result.text) }
    if StandardOutput.isTerminal { try StandardOutput.write("\n") }
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
        try StandardOutput.write(
          prompt.text + result.text + (StandardOutput.isTerminal ? "\n" : ""))
      } else {
        try StandardOutput.write(
          "--- sample \(number + 1) of \(results.count), seed \(seed) ---\n"
            + prompt.text + result.text + "\n")
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
