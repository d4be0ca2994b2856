import ArgumentParser
import Generation
import Tokenization

/// The options for the choice of characters.
struct SamplingOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    parsing: .unconditional,
    help: ArgumentHelp(
      "Below 1, likely characters become likelier; above 1, less so; 0 takes the most likely. "
        + "(default: \(SamplingOptions.defaultTemperature))",
      valueName: "x"))
  var temperature: Double?

  /// Below 1, since fewer words are misspelled then and texts still vary.
  static let defaultTemperature = 0.8

  @Option(
    name: [.customShort("k"), .long],
    parsing: .unconditional,
    help: ArgumentHelp("Choose only among the n most likely characters.", valueName: "n"))
  var topK: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Choose among the most likely characters whose probabilities add up to x.", valueName: "x"))
  var topP: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Choose among the characters at least x times as likely as the most likely one.",
      valueName: "x"))
  var minP: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Choose among the characters of typical surprisal whose probabilities add up to x.",
      valueName: "x"))
  var typicalP: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Keep the surprisal near x bits per character, instead of the four options above.",
      valueName: "x"))
  var mirostat: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Learning rate of --mirostat. (default: 0.1)", valueName: "x"))
  var mirostatRate: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Divide the scores of recent characters by x; above 1 for less repetition.", valueName: "x"))
  var repetitionPenalty = 1.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Subtract x from the scores of recent characters.", valueName: "x"))
  var presencePenalty = 0.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Subtract x for each occurrence of a character among the recent ones.", valueName: "x"))
  var frequencyPenalty = 0.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Number of recent characters for the three penalties, including the prompt's.",
      valueName: "n"))
  var penaltyWindow = SamplerSettings.defaultPenaltyWindow

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Add x to the score of a character; 1 makes it 2.7 times as likely. Repeatable.",
      valueName: "char=x"))
  var logitBias: [CharacterBias] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Never choose these characters. Repeatable.", valueName: "chars"))
  var ban: [String] = []

  /// - Throws: `UsageError` or `GenerationSettingsError`.
  func settings(
    _ plain: SamplerSettings, for tokenizer: Tokenizer
  ) throws -> SamplerSettings {
    var settings = plain
    for text in ban {
      settings.banned.formUnion(try tokenizer.tokens(ofCharacters: text).compactMap(\.self))
    }
    for bias in logitBias {
      let tokens = try tokenizer.tokens(ofCharacters: bias.character)
      guard tokens.count == 1, let token = tokens[0] else {
        throw UsageError.notOneCharacter(option: "--logit-bias", text: bias.character)
      }
      guard settings.logitBias.updateValue(bias.amount, forKey: token) == nil else {
        throw UsageError.givenTwice(option: "--logit-bias", text: bias.character)
      }
    }
    try settings.validate()
    return settings
  }

  /// A given option that has no effect on a beam search.
  var optionOfChance: String? {
    let options: [(name: String, isGiven: Bool)] = [
      ("--temperature", temperature != nil), ("--top-k", topK != nil), ("--top-p", topP != nil),
      ("--min-p", minP != nil), ("--typical-p", typicalP != nil), ("--mirostat", mirostat != nil),
      ("--repetition-penalty", repetitionPenalty != 1),
      ("--presence-penalty", presencePenalty != 0), ("--frequency-penalty", frequencyPenalty != 0),
      ("--logit-bias", !logitBias.isEmpty),
    ]
    return options.first(where: \.isGiven)?.name
  }

  /// The settings that need no model, validated.
  /// - Throws: `UsageError` or `GenerationSettingsError`.
  func plainSettings() throws -> SamplerSettings {
    if mirostatRate != nil, mirostat == nil {
      throw UsageError.needs(option: "--mirostat-rate", other: "--mirostat")
    }
    let settings = SamplerSettings(
      temperature: temperature ?? Self.defaultTemperature, topK: topK, topP: topP, minP: minP,
      typicalP: typicalP,
      mirostat: mirostat.map {
        Mirostat(target: $0, rate: mirostatRate ?? Mirostat.defaultRate)
      },
      penalties: RepetitionPenalties(
        repetition: repetitionPenalty, presence: presencePenalty, frequency: frequencyPenalty),
      penaltyWindow: penaltyWindow)
    try settings.validate()
    return settings
  }
}

/// A character and the number added to its logit, as in `e=-1.5`; the last `=` is the separator.
struct CharacterBias: ExpressibleByArgument {
  let character: String
  let amount: Double

  init?(argument: String) {
    let scalars = argument.unicodeScalars
    guard let separator = scalars.lastIndex(of: "="), separator > scalars.startIndex,
      let amount = Double(String(scalars[scalars.index(after: separator)...]))
    else { return nil }
    character = String(scalars[..<separator])
    self.amount = amount
  }
}
