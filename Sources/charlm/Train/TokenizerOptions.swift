import ArgumentParser
import Tokenization

/// The options that decide how text becomes tokens.
struct TokenizerOptions: ParsableArguments {
  @Option(help: "The text unit of one token. (default: scalar)")
  var unit: TokenUnit?

  @Option(help: "The Unicode normalization form of all text. (default: nfc)")
  var normalization: NormalizationForm?

  @Flag(help: "Fold upper and lower case into one.")
  var caseFold = false

  @Option(
    help: "Line ends: convert CR and CR LF to LF, or keep them. (default: lf)")
  var newlines: NewlinePolicy?

  @Option(
    help: """
      What a document is, of which a model learns the beginning and the end: each file, the parts \
      of a file between blank lines (poems, recipes), or each line (names). (default: files)
      """)
  var documents: DocumentSeparator?

  @Option(
    help: ArgumentHelp(
      "Treat characters that occur fewer times as unknown. (default: 1)", valueName: "n"))
  var minCount: Int?

  @OptionGroup var encoding: EncodingOptions

  /// The options of a tokenizer that is made anew, as far as they are given.
  var given: [String] {
    let options = [
      ("--unit", unit != nil), ("--normalization", normalization != nil),
      ("--case-fold", caseFold), ("--newlines", newlines != nil),
      ("--documents", documents != nil), ("--min-count", minCount != nil),
    ]
    return options.filter(\.1).map(\.0)
  }

  /// - Parameter base: replaces the defaults of options that are not given.
  func configuration(
    base: TokenizerConfiguration = TokenizerConfiguration()
  ) -> TokenizerConfiguration {
    TokenizerConfiguration(
      unit: unit ?? base.unit, normalization: normalization ?? base.normalization,
      foldsCase: caseFold || base.foldsCase, newlines: newlines ?? base.newlines,
      documents: documents ?? base.documents, minimumCount: minCount ?? base.minimumCount)
  }

  /// Rejects options that would change the meaning of the model's tokens.
  /// - Throws: `UsageError.contradictsModel`.
  func check(against tokenizer: TokenizerConfiguration) throws {
    try checkSame("--unit", unit?.rawValue, tokenizer.unit.rawValue)
    try checkSame("--normalization", normalization?.rawValue, tokenizer.normalization.rawValue)
    try checkSame("--newlines", newlines?.rawValue, tokenizer.newlines.rawValue)
    try checkSame("--documents", documents?.rawValue, tokenizer.documents.rawValue)
    if caseFold, !tokenizer.foldsCase {
      throw UsageError.contradictsModel(
        option: "--case-fold", given: "given", model: "case is kept")
    }
  }
}

extension TokenUnit: ExpressibleByArgument {}
extension NormalizationForm: ExpressibleByArgument {}
extension NewlinePolicy: ExpressibleByArgument {}
extension DocumentSeparator: ExpressibleByArgument {}
