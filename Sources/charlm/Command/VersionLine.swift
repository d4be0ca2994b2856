import Kernels
import ModelFiles
import Provenance
import Tokenization

/// The line that `--version` prints: everything that decides what this program computes.
enum VersionLine {
  static let text = line(with: name(of: .best))

  /// The same without what depends on the processor.
  static let build = line(with: "")

  private static func line(with instructionSet: String) -> String {
    [
      "charlm \(CharlmVersion.current)"
        + (BuildRecord.commit.isEmpty ? "" : " (commit \(BuildRecord.commit))"),
      BuildRecord.compilerVersion.isEmpty ? "" : "Swift \(BuildRecord.compilerVersion)",
      instructionSet, "Unicode \(Tokenizer.systemUnicodeVersion)",
    ].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  private static func name(of instructionSet: InstructionSet) -> String {
    switch instructionSet {
    case .baseline: "baseline instructions"
    case .avx2: "AVX2"
    case .avx512: "AVX-512"
    }
  }
}
