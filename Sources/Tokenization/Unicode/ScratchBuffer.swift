/// Growing room for elements, written to and read through pointers: the one place of this module that
/// owns memory by hand.
struct ScratchBuffer<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
  /// The first element; valid until the next growth.
  private(set) var base: UnsafeMutablePointer<Element>
  private(set) var capacity: Int
  /// How many elements are in use, at most `capacity`.
  var count = 0

  init(capacity: Int = 64) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  /// What is in use; valid until the buffer changes.
  var elements: UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(start: base, count: count)
  }

  /// Makes room for `additional` elements behind those in use.
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
