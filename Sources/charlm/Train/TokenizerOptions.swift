import ArgumentParser
import Tokenization

/// How text becomes tokens.
struct TokenizerOptions: ParsableArguments {
  @Option(help: "What one token is. (default: scalar)")
  var unit: TokenUnit?

  @Option(help: "The Unicode normalization form that all text is brought into. (default: nfc)")
  var normalization: NormalizationForm?

  @Flag(help: "Treat upper and lower case as one.")
  var caseFold = false

  @Option(
    help: "What becomes of line ends: CR and CR LF are turned into LF, or kept. (default: lf)")
  var newlines: NewlinePolicy?

  @Option(
    help: ArgumentHelp("Characters rarer than this become unknown. (default: 1)", valueName: "n"))
  var minCount: Int?

  @OptionGroup var encoding: EncodingOptions

  /// - Parameter base: what holds where an option was not given.
  func configuration(
    base: TokenizerConfiguration = TokenizerConfiguration()
  ) -> TokenizerConfiguration {
    TokenizerConfiguration(
      unit: unit ?? base.unit, normalization: normalization ?? base.normalization,
      foldsCase: caseFold || base.foldsCase, newlines: newlines ?? base.newlines,
      minimumCount: minCount ?? base.minimumCount)
  }

  /// Refuses what would give the tokens of a model another meaning.
  /// - Throws: `UsageError.contradictsModel`.
  func check(against tokenizer: TokenizerConfiguration) throws {
    try checkSame("--unit", unit?.rawValue, tokenizer.unit.rawValue)
    try checkSame("--normalization", normalization?.rawValue, tokenizer.normalization.rawValue)
    try checkSame("--newlines", newlines?.rawValue, tokenizer.newlines.rawValue)
    if caseFold, !tokenizer.foldsCase {
      throw UsageError.contradictsModel(
        option: "--case-fold", given: "given", model: "case is kept")
    }
  }
}

/// What becomes of text that is not UTF-8.
struct EncodingOptions: ParsableArguments {
  @Option(
    name: .customLong("invalid-utf8"),
    help: "What becomes of bytes that are not UTF-8: an error, or U+FFFD in their place.")
  var invalidUTF8: InvalidUTF8Policy = .error
}

extension TokenUnit: ExpressibleByArgument {}
extension NormalizationForm: ExpressibleByArgument {}
extension NewlinePolicy: ExpressibleByArgument {}
extension InvalidUTF8Policy: ExpressibleByArgument {}
