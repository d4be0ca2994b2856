import CKernels

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

  /// The instruction sets of this processor.
  public static var available: [InstructionSet] {
    allCases.filter { $0.table != nil }
  }

  /// The fastest instruction set of this processor.
  public static var best: InstructionSet {
    available.last ?? .baseline
  }

  /// Whether this processor has the instructions.
  public var isAvailable: Bool { table != nil }

  var table: UnsafePointer<charlm_kernels>? {
    switch self {
    case .baseline: charlm_kernels_baseline()
    case .avx2: charlm_kernels_avx2()
    case .avx512: charlm_kernels_avx512()
    }
  }
}
