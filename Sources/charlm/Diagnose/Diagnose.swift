import ArgumentParser

/// The verb for diagnoses of networks and their texts.
struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Examine how networks learn, what they follow and what they copy.",
    discussion: """
      Examples:
        charlm diagnose gradients novel.safetensors novel.txt
        charlm diagnose cells novel.safetensors novel.txt
        charlm diagnose example --cell lstm
        charlm diagnose memorization novel.safetensors novel.txt
      """,
    subcommands: [
      DiagnoseGradients.self, DiagnoseCells.self, DiagnoseExample.self, DiagnoseMemorization.self,
    ])
}
