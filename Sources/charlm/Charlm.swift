import ArgumentParser
import Tokenization

/// The command line, one type for each verb.
@main
struct Charlm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "charlm",
    abstract: "Character-level language models: train on text, generate, evaluate perplexity.",
    discussion: """
      charlm train novel.txt --output novel.safetensors --minutes 5
      charlm generate novel.safetensors --prompt "It was" --temperature 0.8
      charlm evaluate novel.safetensors other.txt
      """,
    version: VersionLine.text,
    subcommands: [
      Train.self, Generate.self, Evaluate.self, Serve.self, Compare.self, Compress.self,
      Decompress.self, Export.self, Import.self, Tokenize.self, Inspect.self, Plot.self,
      Diagnose.self, Benchmark.self,
    ])

  static func main() {
    StandardStreams.occupyClosed()
    Interruption.restoreDefaultOfQuit()
    do {
      try OtherProcesses.join()
      try ArgumentBytes.check()
      var command = try parsed(Arguments.all)
      try command.run()
    } catch let error as any CommandError {
      let words = Arguments.all
      let hint =
        error is CommandLineError
        ? TypographicWord.hint(in: words)
        : error.exitStatus == ExitStatus.inputMissing
          ? TypographicWord.hint(in: words, missingFile: error.message) : nil
      report(error.message, hint: hint)
      exit(withError: ExitCode(error.exitStatus))
    } catch  where exitCode(for: error) == .validationFailure {
      guard let hint = TypographicWord.hint(in: Arguments.all) else { exit(withError: error) }
      report(message(for: error), hint: hint)
      exit(withError: ExitCode(ExitStatus.usage))
    } catch {
      exit(withError: error)
    }
  }

  /// Prints one line for people.
  private static func report(_ message: String, hint: String?) {
    let text = hint.map { "\(message)\(message.hasSuffix(".") ? "" : ".") \($0)" } ?? message
    StandardError.write("charlm: \(harmless(text, keepingLineEnds: false))\n")
  }

  /// - Throws: `CommandLineError`, or the errors of the argument parser.
  private static func parsed(_ words: [String]) throws -> any ParsableCommand {
    if let error = CommandLineError.inHelp(words) { throw error }
    do {
      return try parseAsRoot(words)
    } catch  where exitCode(for: error) == .validationFailure {
      if let error = CommandLineError(message(for: error), in: words) { throw error }
      throw error
    }
  }
}
