/// Patterns of texts that are made of known words.
extension Pattern {
  /// Texts in which every word is one of a list. Between words there is anything that no word
  /// contains, and the text ends there.
  ///
  /// A word is a run of word characters (`\w`), in which single apostrophes and hyphens may be.
  /// - Parameters:
  ///   - words: the words as they may be written.
  ///   - beginning: the word that the text before has begun; empty between words.
  public init(words: some Sequence<String>, after beginning: String = "") {
    self.init(words: WordTree(words), allowing: [], after: beginning)
  }

  /// Texts in which every word that begins with a capital letter is one of a list; other words are
  /// free.
  public init(names: some Sequence<String>, after beginning: String = "") {
    let lower = CharacterClass(shorthands: .words.subtracting(Self.capitals))
    let free = PatternSyntax.concatenation([
      .oneOf(lower, position: -1),
      .repetition(.oneOf(lower, position: -1), least: 0, most: nil, position: 0),
    ])
    // A word that was begun in lower case continues freely.
    let isFree = beginning.unicodeScalars.first.map { !Self.capitals.contains($0.value) } ?? false
    self.init(
      words: WordTree(names), allowing: [free], after: isFree ? "" : beginning,
      continuingFreely: isFree)
  }

  private init(
    words: WordTree, allowing others: [PatternSyntax], after beginning: String,
    continuingFreely: Bool = false
  ) {
    let separator = PatternSyntax.oneOf(
      CharacterClass(shorthands: .words, isNegated: true), position: -3)
    let word = PatternSyntax.alternation([.empty, words.syntax] + others)
    let rest = PatternSyntax.repetition(
      .concatenation([word, separator]), least: 0, most: nil, position: 0)
    var parts = [rest]
    if continuingFreely {
      let letters = PatternSyntax.repetition(
        .oneOf(CharacterClass(shorthands: .words), position: -4), least: 0, most: nil, position: 0)
      parts = [letters, separator, rest]
    } else if !beginning.isEmpty, let ends = words.node(after: beginning)?.syntax {
      parts = [ends, separator, rest]
    } else if !beginning.isEmpty {
      parts = [separator, rest]
    }
    self.init(.concatenation(parts), limits: .ofWordLists)
  }

  /// The letters that begin names.
  private static let capitals = SymbolSet(
    (0...0x1FFFF).lazy.compactMap { Unicode.Scalar($0 as UInt32) }.filter {
      [.uppercaseLetter, .titlecaseLetter].contains($0.properties.generalCategory)
    }.map { $0.value...$0.value })
}

/// Words by their common beginnings.
private struct WordTree {
  private var children: [UInt32: WordTree] = [:]
  private var isWord = false

  private init() {}

  init(_ words: some Sequence<String>) {
    for word in words { insert(word.unicodeScalars.map(\.value)[...]) }
  }

  private mutating func insert(_ scalars: ArraySlice<UInt32>) {
    guard let first = scalars.first else {
      isWord = true
      return
    }
    children[first, default: WordTree()].insert(scalars.dropFirst())
  }

  /// The ends of the words that begin with `beginning`; nil if there are none.
  func node(after beginning: String) -> WordTree? {
    beginning.unicodeScalars.reduce(self as WordTree?) { $0?.children[$1.value] }
  }

  var syntax: PatternSyntax {
    let branches = children.sorted { $0.key < $1.key }.map { scalar, child -> PatternSyntax in
      .concatenation([.literal([scalar], position: 0), child.syntax])
    }
    let ends: [PatternSyntax] = isWord ? [.empty] : []
    return branches.count + ends.count == 1
      ? (branches + ends)[0] : .alternation(branches + ends)
  }
}
