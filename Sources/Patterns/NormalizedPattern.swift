import Tokenization

/// The characters of a pattern as a model's text has them: with the tokenizer's line ends, case and
/// normalization form.
struct NormalizedPattern {
  private let tokenizer: Tokenizer
  /// Whether no text changes.
  private let isPlain: Bool

  init(_ tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
    let configuration = tokenizer.configuration
    isPlain =
      configuration.normalization == .none && !configuration.foldsCase
      && configuration.newlines == .keep
  }

  /// The scalars of a literal.
  func scalars(_ scalars: [UInt32]) -> [UInt32] {
    if isPlain { return scalars }
    return tokenizer.normalize(Self.text(scalars)).unicodeScalars.map(\.value)
  }

  /// The scalars that a class represents, and the sequences of several scalars.
  /// - Throws: `PatternError.severalCharacters` if a sequence would have to be excluded.
  func characters(
    _ characters: CharacterClass, position: Int
  ) throws(PatternError) -> (scalars: SymbolSet, sequences: [[UInt32]]) {
    var (set, sequences) = listed(characters.listed)
    for cluster in characters.clusters.map(scalars) {
      if cluster.count == 1 {
        set = set.union(SymbolSet(cluster[0]))
      } else {
        sequences.append(cluster)
      }
    }
    set = set.union(characters.shorthands)
    guard characters.isNegated else { return (set, sequences) }
    guard sequences.isEmpty else { throw .severalCharacters(position: position) }
    return (set.complement, [])
  }

  /// The normalized form of each scalar alone.
  private func listed(_ set: SymbolSet) -> (scalars: SymbolSet, sequences: [[UInt32]]) {
    if isPlain { return (set, []) }
    // Line feeds separate the scalars, because nothing combines with them.
    let (lineFeed, carriageReturn): (UInt32, UInt32) = (0x0A, 0x0D)
    var text = String.UnicodeScalarView()
    for scalar in set.ranges.joined() where scalar != lineFeed && scalar != carriageReturn {
      text.append(Unicode.Scalar(scalar)!)
      text.append("\n")
    }
    var ranges: [ClosedRange<UInt32>] = []
    if set.contains(lineFeed) { ranges.append(lineFeed...lineFeed) }
    if set.contains(carriageReturn) {
      ranges += scalars([carriageReturn]).map { $0...$0 }
    }
    var sequences: [[UInt32]] = []
    let normalized = tokenizer.normalize(String(text)).unicodeScalars
    for line in normalized.split(separator: "\n") {
      let scalars = line.map(\.value)
      if scalars.count == 1 {
        ranges.append(scalars[0]...scalars[0])
      } else {
        sequences.append(scalars)
      }
    }
    return (SymbolSet(ranges), sequences)
  }

  private static func text(_ scalars: [UInt32]) -> String {
    String(String.UnicodeScalarView(scalars.map { Unicode.Scalar($0)! }))
  }
}
