import Kernels
import ModelFiles
import Provenance
import Tokenization

/// The line that `--version` prints: everything that decides what this program computes.
enum VersionLine {
  static let text = [
    "charlm \(CharlmVersion.current)"
      + (BuildRecord.commit.isEmpty ? "" : " (commit \(BuildRecord.commit))"),
    BuildRecord.compilerVersion.isEmpty ? "" : "Swift \(BuildRecord.compilerVersion)",
    name(of: .best), "Unicode \(Tokenizer.systemUnicodeVersion)",
  ].filter { !$0.isEmpty }.joined(separator: ", ")

  private static func name(of instructionSet: InstructionSet) -> String {
    switch instructionSet {
    case .baseline: "baseline instructions"
    case .avx2: "AVX2"
    case .avx512: "AVX-512"
    }
  }
}
