import CKernels

/// The owner of an array of numbers aligned to 64 bytes: a cache line, and the widest vector.
public struct AlignedBuffer<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
  // Sendable: borrowers only read, and only the one owner writes.

  /// The numbers, valid while the buffer lives.
  public let start: UnsafeMutablePointer<Element>
  /// The number of elements.
  public let count: Int

  /// - Precondition: `count` is not negative.
  public init(repeating value: Element, count: Int) {
    precondition(count >= 0, "a buffer's count must not be negative")
    self.count = count
    let byteCount = max(1, count) * MemoryLayout<Element>.stride
    start = charlm_allocate(byteCount).bindMemory(to: Element.self, capacity: max(1, count))
    start.initialize(repeating: value, count: count)
  }

  /// A copy of another buffer of the same length.
  public init(copying other: borrowing AlignedBuffer) {
    self.init(repeating: other.start[0], count: other.count)
    copy(from: other)
  }

  /// Copies the numbers of a buffer of the same length.
  public mutating func copy(from other: borrowing AlignedBuffer) {
    precondition(count == other.count, "buffers to copy must have equal lengths")
    start.update(from: other.start, count: count)
  }

  /// Sets every element to `value`.
  public mutating func fill(with value: Element) {
    start.update(repeating: value, count: count)
  }

  deinit {
    charlm_free(start)
  }
}
