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
    self.init(words: WordTree(words), after: beginning)
  }

  /// Texts in which every word that begins with a capital letter is one of a list; other words are
  /// free.
  public init(names: some Sequence<String>, after beginning: String = "") {
    let lower = Self.some(.words.subtracting(Self.capitals), least: 1)
    let isFree = beginning.unicodeScalars.first.map { !Self.capitals.contains($0.value) } ?? false
    self.init(
      words: WordTree(names), or: [lower], after: beginning,
      // A word that was begun in lower case continues freely.
      ending: isFree ? Self.some(.words, least: 0) : nil)
  }

  /// - Parameters:
  ///   - others: further forms of a word.
  ///   - ending: what continues `beginning`; nil for the ends of the words that begin so.
  private init(
    words: WordTree, or others: [PatternSyntax] = [], after beginning: String,
    ending: PatternSyntax? = nil
  ) {
    let separator = Self.one(CharacterClass(shorthands: .words, isNegated: true))
    let word = PatternSyntax.alternation([.empty, words.syntax] + others)
    let rest = Self.repeated(.concatenation([word, separator]), least: 0)
    guard !beginning.isEmpty else {
      self.init(rest, limits: .ofWordLists)
      return
    }
    // If no word begins so, nothing continues it.
    let end = ending ?? words.node(after: beginning)?.syntax ?? .empty
    self.init(.concatenation([end, separator, rest]), limits: .ofWordLists)
  }

  // These parts are not written in an expression, so their position is never shown.

  private static func one(_ characters: CharacterClass) -> PatternSyntax {
    .oneOf(characters, position: 0)
  }

  private static func repeated(_ part: PatternSyntax, least: Int) -> PatternSyntax {
    .repetition(part, least: least, most: nil, position: 0)
  }

  private static func some(_ scalars: SymbolSet, least: Int) -> PatternSyntax {
    repeated(one(CharacterClass(shorthands: scalars)), least: least)
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
      let literal = PatternSyntax.literal([scalar], position: 0)
      return child.children.isEmpty ? literal : .concatenation([literal, child.syntax])
    }
    let ends: [PatternSyntax] = isWord ? [.empty] : []
    return branches.count + ends.count == 1
      ? (branches + ends)[0] : .alternation(branches + ends)
  }
}
