import ArgumentParser
import Evaluation
import Reporting
import Tokenization

/// The options for output about single characters: where the model fails.
struct EvaluationOutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write the cost of each character to this file, as tab-separated values, or comma-separated "
        + "ones if its name ends in .csv.", valueName: "file.tsv"),
    completion: .file(extensions: ["tsv", "csv"]))
  var perCharacter: String?

  @Option(
    help: ArgumentHelp(
      "Write a page that shows where the model fails: the texts colored by the cost of each "
        + "character, with the characters that the model expected "
        + "instead.", valueName: "file.html"),
    completion: .file(extensions: ["html"]))
  var html: String?

  @Flag(help: "Print the texts with a background color that gets warmer the more a character cost.")
  var color = false

  var isGiven: Bool { perCharacter != nil || html != nil || color }

  /// Checks before any work that the files can be written and that no other file is overwritten.
  /// - Parameter files: the files that the evaluation reads.
  /// - Throws: `UsageError` or `StorageError.cannotCreate`.
  func check(files: [String], printsJSON: Bool) throws {
    if color, printsJSON { throw UsageError.severalOutputs }
    try OutputPaths.check([("--per-character", perCharacter), ("--html", html)], besides: files)
  }

  /// The observers of the evaluation.
  /// - Parameter title: the title of the page.
  /// - Throws: `StorageError`.
  func observers(_ tokenizer: Tokenizer, title: String, textCount: Int) throws
    -> EvaluationObservers
  {
    let names = TokenNames(tokenizer)
    return try EvaluationObservers(
      table: perCharacter.map { try SurprisalTable(path: $0, names: names) },
      page: html.map { (SurprisalPage(title: title, names: names), $0) },
      tint: color ? SurprisalText(hasColor: Terminal.allowsColor, showsNames: textCount > 1) : nil)
  }
}

/// The observers that write about single characters.
struct EvaluationObservers {
  let table: SurprisalTable?
  let page: (page: SurprisalPage, path: String)?
  let tint: SurprisalText?

  var all: [any ScoreObserver] {
    let all: [(any ScoreObserver)?] = [table, page?.page, tint]
    return all.compactMap { $0 }
  }

  /// Completes the outputs after all texts were scored.
  /// - Throws: `StorageError`.
  func finish(_ report: EvaluationReport) throws {
    try table?.finish()
    try page?.page.write(to: page!.path, figures: report.rows)
    if let tint { try StandardOutput.write(tint.legend) }
  }
}
