import ArgumentParser

/// Indices of units, as the command line lists them: `1,5,9`.
struct UnitList: ExpressibleByArgument {
  let indices: [Int]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let indices = parts.compactMap { Int($0) }
    guard indices.count == parts.count, !indices.isEmpty else { return nil }
    self.indices = indices
  }

  /// - Throws: `UsageError.noSuchUnit` or `.givenTwice`.
  func check(unitCount: Int) throws {
    var seen: Set<Int> = []
    for index in indices {
      guard 0..<unitCount ~= index else {
        throw UsageError.noSuchUnit(index, unitCount: unitCount)
      }
      guard seen.insert(index).inserted else {
        throw UsageError.givenTwice(option: "--units", text: "\(index)")
      }
    }
  }
}
