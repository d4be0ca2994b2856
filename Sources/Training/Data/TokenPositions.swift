import Tokenization

/// Positions of tokens in a corpus, read one after another as if nothing lay between them. They are
/// numbered from 0 without gaps.
package struct TokenPositions: Equatable, Sendable {
  /// Ascending and separated by gaps; none is empty, unless there are no positions at all.
  package let ranges: [Range<Int>]
  /// The number of the first position of each range.
  private let starts: [Int]
  package let count: Int

  /// - Parameter ranges: ascending; they may touch or be empty.
  package init(_ ranges: [Range<Int>]) {
    var joined: [Range<Int>] = []
    for range in ranges where !range.isEmpty {
      precondition((joined.last?.upperBound ?? 0) <= range.lowerBound, "ranges ascend")
      if let last = joined.last, last.upperBound == range.lowerBound {
        joined[joined.count - 1] = last.lowerBound..<range.upperBound
      } else {
        joined.append(range)
      }
    }
    var count = 0
    var starts: [Int] = []
    for range in joined {
      starts.append(count)
      count += range.count
    }
    self.ranges = joined
    self.starts = starts
    self.count = count
  }

  package init(_ range: Range<Int>) { self.init([range]) }

  package var isEmpty: Bool { count == 0 }

  /// These positions and the one before the first, which gets the number 0.
  /// - Precondition: there is a position before the first one.
  func includingPositionBefore() -> TokenPositions {
    let first = ranges[0].lowerBound
    return TokenPositions([first - 1..<first] + ranges)
  }

  /// Visits the corpus positions with the given `numbers`, range by range.
  func forEachRange(of numbers: Range<Int>, _ visit: (Range<Int>) -> Void) {
    var number = numbers.lowerBound
    guard number < numbers.upperBound else { return }
    var index = indexOfRange(with: number)
    while number < numbers.upperBound {
      let first = ranges[index].lowerBound + number - starts[index]
      let end = min(ranges[index].upperBound, first + numbers.upperBound - number)
      visit(first..<end)
      number += end - first
      index += 1
    }
  }

  /// How often each token occurs at these positions, [V].
  package func tokenCounts(in tokens: TokenFile, vocabularySize: Int) -> [Int] {
    var counts = Array(repeating: 0, count: vocabularySize)
    var block = Array(repeating: TokenID(0), count: min(count, 1 << 16))
    for range in ranges {
      for first in stride(from: range.lowerBound, to: range.upperBound, by: block.count) {
        let part = first..<min(range.upperBound, first + block.count)
        block.withUnsafeMutableBufferPointer { tokens.copy(part, to: $0) }
        for token in block.prefix(part.count) { counts[Int(token)] += 1 }
      }
    }
    return counts
  }

  /// Bisects: a corpus of a gigabyte has ten thousand ranges.
  private func indexOfRange(with number: Int) -> Int {
    var candidates = ranges.indices
    while candidates.count > 1 {
      let middle = candidates.lowerBound + candidates.count / 2
      if starts[middle] <= number {
        candidates = middle..<candidates.upperBound
      } else {
        candidates = candidates.lowerBound..<middle
      }
    }
    return candidates.lowerBound
  }
}

extension TokenFile {
  /// Copies the token ids at the positions with the given `numbers` to the front of `destination`.
  /// - Precondition: `numbers` are within `0..<positions.count`, and `destination` has room for
  ///   them.
  func copy(
    _ numbers: Range<Int>, of positions: TokenPositions,
    to destination: UnsafeMutableBufferPointer<TokenID>
  ) {
    var copied = 0
    positions.forEachRange(of: numbers) { range in
      copy(range, to: UnsafeMutableBufferPointer(rebasing: destination[copied...]))
      copied += range.count
    }
  }
}
