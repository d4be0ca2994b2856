/// A growing buffer of elements, accessed through pointers: the only type of this module that
/// manages memory by hand.
struct ScratchBuffer<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
  /// The first element; valid until the next growth.
  private(set) var base: UnsafeMutablePointer<Element>
  private(set) var capacity: Int
  /// The number of elements in use, at most `capacity`.
  var count = 0

  init(capacity: Int = 64) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  /// The elements in use; valid until the buffer changes.
  var elements: UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(start: base, count: count)
  }

  /// Makes room for `additional` elements after those in use.
  @inline(__always)
  mutating func reserve(_ additional: Int) {
    if count + additional > capacity { grow(to: max(count + additional, 2 * capacity)) }
  }

  @inline(__always)
  mutating func append(_ element: Element) {
    reserve(1)
    base[count] = element
    count += 1
  }

  mutating func append(_ elements: UnsafeBufferPointer<Element>) {
    guard let source = elements.baseAddress, elements.count > 0 else { return }
    reserve(elements.count)
    (base + count).update(from: source, count: elements.count)
    count += elements.count
  }

  mutating func removeAll() {
    count = 0
  }

  @inline(never)
  private mutating func grow(to newCapacity: Int) {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: newCapacity)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
    capacity = newCapacity
  }

  deinit {
    base.deallocate()
  }
}
