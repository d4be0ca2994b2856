import Glibc

/// Normalizes streamed text before tokenization: line ends, case folding, normalization form.
///
/// Chunks may end anywhere, even within a scalar; the result does not depend on where.
struct TextNormalizer: ~Copyable {
  private let configuration: TokenizerConfiguration
  private var normalizer: Normalizer
  /// The bytes of a scalar that continues in the next chunk.
  private var partial = ScratchBuffer<UInt8>(capacity: 4)
  /// Whether the text so far ends in a CR that was written as LF.
  private var followsCarriageReturn = false
  private var folded = ScratchBuffer<UInt8>()

  /// A block of text that stays in the processor's cache.
  static var blockByteCount: Int { 1 << 14 }

  /// `bytes` in blocks of `blockByteCount`.
  static func blocks(
    of bytes: UnsafeBufferPointer<UInt8>
  ) -> some Sequence<UnsafeBufferPointer<UInt8>> {
    stride(from: 0, to: bytes.count, by: blockByteCount).lazy.map {
      UnsafeBufferPointer(rebasing: bytes[$0..<min($0 + blockByteCount, bytes.count)])
    }
  }

  init(_ configuration: TokenizerConfiguration) {
    self.configuration = configuration
    normalizer = Normalizer(
      form: configuration.normalization, foldsCase: configuration.foldsCase)
  }

  /// Appends to `output` the part of the text so far that can no longer change.
  mutating func append(
    _ bytes: UnsafeBufferPointer<UInt8>, to output: inout ScratchBuffer<UInt8>
  ) {
    var rest = bytes[...]
    while partial.count > 0, let byte = rest.popFirst() {
      partial.append(byte)
      if partial.count == UTF8Coding.byteCount(lead: partial.base[0]) {
        mendLineEnds(partial.elements, to: &output)
        partial.removeAll()
      }
    }
    let whole = UnsafeBufferPointer(rebasing: rest)
    let tail = UTF8Coding.incompleteTailByteCount(whole)
    mendLineEnds(UnsafeBufferPointer(rebasing: whole.dropLast(tail)), to: &output)
    partial.append(UnsafeBufferPointer(rebasing: whole.suffix(tail)))
  }

  /// Appends what was held back; then another text may begin.
  mutating func finish(to output: inout ScratchBuffer<UInt8>) {
    precondition(partial.count == 0, "text must be well-formed UTF-8")
    followsCarriageReturn = false
    normalizer.finish(to: &output)
  }

  private mutating func mendLineEnds(
    _ bytes: UnsafeBufferPointer<UInt8>, to output: inout ScratchBuffer<UInt8>
  ) {
    guard configuration.newlines == .lf, bytes.count > 0 else {
      return foldASCII(bytes, to: &output)
    }
    var start = followsCarriageReturn && bytes[0] == 0x0A ? 1 : 0
    followsCarriageReturn = false
    while start < bytes.count,
      let found = memchr(bytes.baseAddress! + start, 0x0D, bytes.count - start)
    {
      let end = UnsafeRawPointer(found) - UnsafeRawPointer(bytes.baseAddress!)
      foldASCII(UnsafeBufferPointer(rebasing: bytes[start..<end]), to: &output)
      start = end + 1
      if start < bytes.count, bytes[start] == 0x0A { continue }  // the LF comes with what follows
      withUnsafePointer(to: 0x0A) {
        foldASCII(UnsafeBufferPointer(start: $0, count: 1), to: &output)
      }
      followsCarriageReturn = start == bytes.count
    }
    foldASCII(UnsafeBufferPointer(rebasing: bytes[start...]), to: &output)
  }

  /// Folds ASCII, which needs no table; folding it before decomposition gives the same result.
  private mutating func foldASCII(
    _ bytes: UnsafeBufferPointer<UInt8>, to output: inout ScratchBuffer<UInt8>
  ) {
    guard configuration.foldsCase else { return normalize(bytes, to: &output) }
    folded.removeAll()
    folded.reserve(bytes.count)
    for (index, byte) in bytes.enumerated() {
      folded.base[index] = byte &- 0x41 < 26 ? byte | 0x20 : byte
    }
    folded.count = bytes.count
    normalizer.append(folded.elements, to: &output)
  }

  private mutating func normalize(
    _ bytes: UnsafeBufferPointer<UInt8>, to output: inout ScratchBuffer<UInt8>
  ) {
    if configuration.normalization == .none {
      output.append(bytes)
    } else {
      normalizer.append(bytes, to: &output)
    }
  }
}
