import ArgumentParser
import ModelFiles
import Tokenization

struct Tokenize: Command {
  static let configuration = CommandConfiguration(
    abstract: "Convert a text to tokens, or tokens to text.",
    discussion: """
      Examples:
        charlm tokenize novel.safetensors chapter.txt
        charlm tokenize novel.safetensors ids.txt --decode
        charlm tokenize --fit novel.txt --min-count 5
      """)

  @Argument(
    help: "The model file, unless --fit is given, and the text; '-' is standard input.",
    completion: .file())
  var files: [String] = []

  @Option(help: "Show the vocabulary of a model trained on this corpus.", completion: .file())
  var fit: String?

  @Flag(help: "Read the text as a list of token ids and print the text that they encode.")
  var decode = false

  @Flag(name: .shortAndLong, help: "Print one JSON object.")
  var json = false

  @OptionGroup(title: "Tokenizer (with --fit)") var tokenizerOptions: TokenizerOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func validate() throws {
    guard files.count == (fit == nil ? 2 : 0) else {
      throw ValidationError("Give a model file and a text, or a corpus with --fit.")
    }
  }

  func execute() throws {
    if let fit { return try showVocabulary(of: fit) }
    if let option = tokenizerOptions.given.first {
      throw UsageError.needs(option: option, other: "--fit")
    }
    let tokenizer = try TextModel(model: files[0], processor: shared.processor()).tokenizer
    let text = try TextSource.input(files[1]).wholeText(
      invalidUTF8: tokenizerOptions.encoding.invalidUTF8)
    if decode {
      let decoded = try tokenizer.decode(
        TokenList(text, vocabularySize: tokenizer.vocabularySize).ids)
      if json { return try JSONLine([("text", decoded)]).print() }
      return try StandardOutput.writeText(decoded)
    }
    let tokens = tokenizer.encode(text)
    if json {
      try JSONLine([("ids", tokens.ids), ("unknown_characters", tokens.unknowns.count)]).print()
    } else {
      try StandardOutput.write(tokens.ids.map(String.init).joined(separator: " ") + "\n")
      if !tokens.unknowns.isEmpty {
        shared.note("\(tokens.unknowns.count.grouped) unknown characters")
      }
    }
  }

  private func showVocabulary(of corpus: String) throws {
    let source = try TextSource.input(corpus)
    let tokenizer = try Tokenizer.fit(
      [source], configuration: tokenizerOptions.configuration(),
      invalidUTF8: tokenizerOptions.encoding.invalidUTF8)
    let units = (0..<tokenizer.vocabularySize).dropFirst(2).map {
      tokenizer.vocabulary.spelling(of: TokenID($0))
    }
    if json {
      try JSONLine([("vocabulary_size", tokenizer.vocabularySize), ("units", units)]).print()
    } else {
      try StandardOutput.write(
        "\(tokenizer.vocabularySize) tokens: unknown, end of text, and\n"
          + units.map { visible($0) }.joined(separator: " ") + "\n")
    }
  }
}
