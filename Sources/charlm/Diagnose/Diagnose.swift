import ArgumentParser

/// The verb for looking inside: what a network learns, and why.
struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at how networks learn, and what they copy.",
    discussion: """
      Examples:
        charlm diagnose gradients novel.safetensors novel.txt
        charlm diagnose memorization novel.safetensors novel.txt
      """,
    subcommands: [DiagnoseGradients.self, DiagnoseMemorization.self])
}
