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
      Train.self, Generate.self, Evaluate.self, Compare.self, Compress.self, Decompress.self,
      Tokenize.self, Inspect.self, Plot.self, Diagnose.self, Benchmark.self,
    ])

  static func main() {
    StandardStreams.occupyClosed()
    Interruption.restoreDefaultOfQuit()
    do {
      try ArgumentBytes.check()
      var command = try parsed(Arguments.all)
      try command.run()
    } catch let error as any CommandError {
      StandardError.write("charlm: \(harmless(error.message, keepingLineEnds: false))\n")
      exit(withError: ExitCode(error.exitStatus))
    } catch {
      exit(withError: error)
    }
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
