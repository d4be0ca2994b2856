import ArgumentParser
import Glibc

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
      Train.self, Generate.self, Evaluate.self, Compress.self, Decompress.self, Tokenize.self,
      Inspect.self, Diagnose.self, Benchmark.self,
    ])

  static func main() {
    StandardStreams.occupyClosed()
    Interruption.restoreDefaultOfQuit()
    do {
      try ArgumentBytes.check()
    } catch {
      StandardError.write("charlm: \(error)\n")
      Glibc.exit(ExitStatus.usage)
    }
    main(nil)
  }
}
