import ArgumentParser

/// The verb for looking inside: what a network learns, and why.
struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at what happens inside networks.",
    discussion: """
      Example: charlm diagnose gradients novel.safetensors novel.txt
      """,
    subcommands: [DiagnoseGradients.self])
}
