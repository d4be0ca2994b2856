import ArgumentParser
import Tokenization

/// How text becomes tokens.
struct TokenizerOptions: ParsableArguments {
  @Option(help: "What one token is.")
  var unit: TokenUnit = .scalar

  @Option(help: "The Unicode normalisation form that all text is brought into.")
  var normalization: NormalizationForm = .nfc

  @Flag(help: "Treat upper and lower case as one.")
  var caseFold = false

  @Option(help: "What becomes of line ends: CR and CR LF are turned into LF, or kept.")
  var newlines: NewlinePolicy = .lf

  @Option(
    help: ArgumentHelp("Characters rarer than this become unknown.", valueName: "n"))
  var minCount = 1

  @OptionGroup var encoding: EncodingOptions

  var configuration: TokenizerConfiguration {
    TokenizerConfiguration(
      unit: unit, normalization: normalization, foldsCase: caseFold, newlines: newlines,
      minimumCount: minCount)
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
