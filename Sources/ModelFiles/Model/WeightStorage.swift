/// The type of the weights in a model file. In memory they are always `Float`.
public enum WeightStorage: String, CaseIterable, Sendable {
  case float32
  /// Half the size; each weight is rounded to 11 significant bits.
  case float16

  var elementType: TensorElementType {
    switch self {
    case .float32: .float32
    case .float16: .float16
    }
  }

  /// Calls `consume` with the little-endian bytes of `values`, in pieces.
  func forEachPiece(
    of values: UnsafeBufferPointer<Float>, _ consume: (UnsafeRawBufferPointer) throws -> Void
  ) rethrows {
    switch self {
    case .float32: try consume(UnsafeRawBufferPointer(values))
    case .float16:
      for start in stride(from: 0, to: values.count, by: Self.pieceLength) {
        let piece = values[start..<min(values.count, start + Self.pieceLength)]
        try piece.map(Float16.init).withUnsafeBytes(consume)
      }
    }
  }

  private static let pieceLength = 1 << 16
}
