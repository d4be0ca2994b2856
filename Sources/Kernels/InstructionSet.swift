import CKernels
import Glibc

/// The instruction sets that the kernels are compiled for, from the oldest to the fastest.
///
/// Results differ between them in the last bits: a sum that runs along a vector depends on the
/// vector's width, and only the newer two fuse multiplication and addition. For one instruction set
/// results are the same on every machine and for any number of threads.
public enum InstructionSet: String, CaseIterable, Sendable, Codable {
  /// SSE2 on x86-64, NEON on ARM64.
  case baseline
  /// AVX2 with fused multiply-add.
  case avx2
  /// AVX-512 F, BW, DQ and VL.
  case avx512

  /// The environment variable that names the fastest instruction set to use: this program then
  /// runs as on a processor that has no faster one.
  public static let environmentVariable = "CHARLM_INSTRUCTION_SET"

  /// The instruction sets of this processor, up to the one that the environment names.
  public static let available: [InstructionSet] = {
    let limit = getenv(environmentVariable).flatMap {
      InstructionSet(rawValue: String(cString: $0))
    }
    let names = allCases.prefix(1 + (limit.flatMap(allCases.firstIndex) ?? allCases.count - 1))
    return names.filter { $0.table != nil }
  }()

  /// The fastest instruction set of this processor.
  public static var best: InstructionSet {
    available.last ?? .baseline
  }

  /// Whether this processor has the instructions, and the environment allows them.
  public var isAvailable: Bool { Self.available.contains(self) }

  var table: UnsafePointer<charlm_kernels>? {
    switch self {
    case .baseline: charlm_kernels_baseline()
    case .avx2: charlm_kernels_avx2()
    case .avx512: charlm_kernels_avx512()
    }
  }
}
