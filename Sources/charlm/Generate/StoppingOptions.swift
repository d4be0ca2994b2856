import ArgumentParser
import Generation
import Patterns
import Tokenization

/// The options for the end and the form of a generated text.
struct StoppingOptions: ParsableArguments {
  @Option(
    name: [.customShort("n"), .long],
    parsing: .unconditional, help: ArgumentHelp("The most characters to generate.", valueName: "n"))
  var length = 500

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The fewest characters before the text may end.", valueName: "n"))
  var minLength = 0

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "End the text before this would be printed. Repeatable.", valueName: "text"))
  var stop: [String] = []

  @Flag(
    inversion: .prefixedNo,
    help: """
      End the text when the model chooses end-of-text, which it learns from several texts. \
      (default: for models of train --documents blank-lines or lines, which learn where documents \
      end)
      """)
  var stopAtEnd: Bool?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Make the text match this regular expression; it ends where the model would leave it.",
      valueName: "regex"))
  var pattern: String?

  @Option(
    help: ArgumentHelp(
      "After the length, continue to the end of a word, sentence, line or paragraph.",
      valueName: "end"))
  var finish: TextBoundary?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Write only words that occur in this text. Repeatable.", valueName: "text"),
    completion: .file())
  var words: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Write only capitalized words that occur in this text; others are free. Repeatable.",
      valueName: "text"), completion: .file())
  var names: [String] = []

  /// The texts that the options read.
  var files: [String] { words + names }

  /// - Throws: `UsageError`, `GenerationError` or `PatternError`.
  func criteria() throws -> StoppingCriteria {
    let forms = [
      ("--pattern", pattern != nil), ("--words", !words.isEmpty), ("--names", !names.isEmpty),
    ]
    .filter(\.1).map(\.0)
    guard forms.count <= 1 else { throw UsageError.excludes(option: forms[0], other: forms[1]) }
    var criteria = StoppingCriteria(
      length: length, minimumLength: minLength, stops: stop, stopsAtEndOfText: stopAtEnd ?? false,
      pattern: try pattern.map { try Pattern($0) })
    criteria.finish = finish
    try criteria.validate()
    return criteria
  }

  /// Lets a text be one document, unless an option decides.
  func applyDefault(to criteria: inout StoppingCriteria, for tokenizer: Tokenizer) {
    criteria.stopsAtEndOfText = stopAtEnd ?? tokenizer.configuration.documents.splitsTexts
  }

  /// Limits the text to the words of the given texts.
  /// - Parameter prompt: the text before.
  /// - Throws: the errors of reading the texts.
  func limit(
    _ criteria: inout StoppingCriteria, after prompt: Prompt, tokenizer: Tokenizer,
    encoding: EncodingOptions
  ) throws {
    guard !files.isEmpty else { return }
    var known: Set<String> = []
    for file in files {
      let text = try TextSource.input(file).wholeText(invalidUTF8: encoding.invalidUTF8)
      known.formUnion(WordList.words(of: tokenizer.normalize(text)))
    }
    guard !known.isEmpty else { throw UsageError.noWords(file: files[0]) }
    // A sentence begins with a capital letter.
    known.formUnion(known.map { $0.prefix(1).uppercased() + $0.dropFirst() })
    let beginning = WordList.unfinishedWord(of: prompt.text)
    criteria.pattern =
      names.isEmpty
      ? Pattern(words: known, after: beginning) : Pattern(names: known, after: beginning)
    criteria.leavesPattern = false
  }
}

extension TextBoundary: ExpressibleByArgument {}
