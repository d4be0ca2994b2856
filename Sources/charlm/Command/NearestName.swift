/// The name that someone most likely meant.
package enum NearestName {
  /// The shortest name that begins with `word`, or else the name with the fewest changed, missing
  /// or additional characters; nil if all of them differ too much.
  package static func to(_ word: String, of names: [String]) -> String? {
    let continued = names.filter { $0.hasPrefix(word) }
    if let shortest = continued.min(by: { $0.count < $1.count }) { return shortest }
    let nearest = names.map { ($0, distance(Array(word), Array($0))) }.min { $0.1 < $1.1 }
    guard let (name, distance) = nearest, distance <= 1 + word.count / 4 else { return nil }
    return name
  }

  /// Levenshtein's edit distance.
  private static func distance(_ first: [Character], _ second: [Character]) -> Int {
    var row = Array(0...second.count)
    for (i, character) in first.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in second.enumerated() {
        let substituted = diagonal + (character == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[second.count]
  }
}
