import ArgumentParser

/// The options for how many texts are generated and which of them are printed.
struct SearchOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Number of samples to generate in parallel, with the seeds SEED, SEED + 1 and so on.",
      valueName: "n"))
  var count = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Generate n samples and print the most likely one.", valueName: "n"))
  var bestOf: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Find the most likely text by beam search with n beams (deterministic).", valueName: "n"))
  var beams: Int?

  /// The most samples or beams; anything larger is a typo.
  static let largest = 1_000_000

  /// The number of texts that are generated side by side, and the option that sets it.
  var textCount: (option: String, count: Int) {
    if let beams { return ("--beams", beams) }
    if let bestOf { return ("--best-of", bestOf) }
    return ("--count", count)
  }

  /// - Parameters:
  ///   - sampling: the options that a beam search cannot use.
  ///   - savesState: whether the final state of one text is saved.
  /// - Throws: `UsageError`.
  func check(_ sampling: SamplingOptions, hasSeed: Bool, savesState: Bool) throws {
    try checkRange("--count", count)
    for (option, value) in [("--best-of", bestOf), ("--beams", beams)] {
      guard let value else { continue }
      try checkRange(option, value)
      if count > 1 { throw UsageError.excludes(option: option, other: "--count") }
      if savesState { throw UsageError.excludes(option: option, other: "--save-state") }
    }
    if count > 1, savesState { throw UsageError.excludes(option: "--count", other: "--save-state") }
    guard beams != nil else { return }
    if bestOf != nil { throw UsageError.excludes(option: "--beams", other: "--best-of") }
    if hasSeed { throw UsageError.excludes(option: "--beams", other: "--seed") }
    if let option = sampling.optionOfChance {
      throw UsageError.excludes(option: "--beams", other: option)
    }
  }

  private func checkRange(_ option: String, _ value: Int) throws {
    guard 1...Self.largest ~= value else {
      throw UsageError.numberOutOfRange(option: option, value: value, range: 1...Self.largest)
    }
  }
}
