import ArgumentParser
import Evaluation
import Reporting
import Tokenization

/// What else an evaluation shows than its figures: where the model fails.
struct EvaluationOutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write what each character cost into this file, as tab-separated values.",
      valueName: "file.tsv"))
  var perCharacter: String?

  @Option(
    help: ArgumentHelp(
      "Write a page that shows where the model fails: the texts tinted by what each character "
        + "cost, with what was expected in its place.", valueName: "file.html"))
  var html: String?

  @Flag(help: "Print the texts, each character on a ground the warmer the more it cost.")
  var color = false

  /// Finds out before any work whether the files can be written, and that nothing else is written over.
  /// - Parameter files: what the evaluation reads.
  /// - Throws: `UsageError` or `StorageError.cannotCreate`.
  func check(files: [String], printsJSON: Bool) throws {
    if color, printsJSON { throw UsageError.severalOutputs }
    try checkOutputs([("--per-character", perCharacter), ("--html", html)], besides: files)
  }

  /// Those who are to watch the evaluation.
  /// - Parameter title: of the page.
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

/// Those who watch an evaluation.
struct EvaluationObservers {
  let table: SurprisalTable?
  let page: (page: SurprisalPage, path: String)?
  let tint: SurprisalText?

  var all: [any ScoreObserver] {
    let all: [(any ScoreObserver)?] = [table, page?.page, tint]
    return all.compactMap { $0 }
  }

  /// What is left to be done when all texts were read.
  /// - Throws: `StorageError`.
  func finish(_ report: EvaluationReport) throws {
    try table?.finish()
    try page?.page.write(to: page!.path, figures: report.rows)
    if let tint { try StandardOutput.write(tint.legend) }
  }
}
