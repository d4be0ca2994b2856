import Tokenization

/// The tokens of a vocabulary, grouped into classes that a pattern does not distinguish.
struct TokenClasses: Sendable {
  /// The class of each symbol of the vocabulary; 0 for symbols in no set.
  private let symbolClasses: [UInt32: UInt16]
  let symbolClassCount: Int
  /// The classes of the symbols in each set, in ascending order.
  let members: [[UInt16]]
  /// The class of each token, by id; 0 for tokens that no match contains.
  let tokens: [UInt16]
  /// The classes of the symbols that spell a token of each class; none for class 0.
  let spellings: [[UInt16]]
  /// The characters that a token of each class adds to a text. A scalar counts with its first byte.
  let characterCounts: [Int]

  /// - Parameter excluded: tokens that no match may contain.
  init(_ sets: [SymbolSet], tokenizer: Tokenizer, excluding excluded: Set<TokenID>) {
    let spelled = (0..<tokenizer.vocabularySize).map { token in
      excluded.contains(TokenID(token)) ? [] : Self.symbols(of: TokenID(token), tokenizer)
    }
    let (symbolClasses, symbolClassCount, members) = Self.classify(
      Set(spelled.joined()).sorted(), by: sets)
    var numbers: [[UInt16]: UInt16] = [:]
    var (tokens, spellings, counts) = ([UInt16](), [[UInt16]()], [0])
    for symbols in spelled {
      let spelling = symbols.map { symbolClasses[$0]! }
      guard !spelling.isEmpty, !spelling.contains(0) else {
        tokens.append(0)
        continue
      }
      // Bytes of one class agree in this as well: no set contains both first and other bytes.
      let isLater = tokenizer.configuration.unit == .byte && symbols[0] & 0xC0 == 0x80
      let number = numbers[spelling] ?? UInt16(spellings.count)
      if Int(number) == spellings.count {
        numbers[spelling] = number
        spellings.append(spelling)
        counts.append(isLater ? 0 : 1)
      }
      tokens.append(number)
    }
    self.symbolClasses = symbolClasses
    self.symbolClassCount = symbolClassCount
    self.members = members
    (self.tokens, self.spellings, characterCounts) = (tokens, spellings, counts)
  }

  /// The class of a symbol; 0 for symbols in no set or of no token.
  func symbolClass(of symbol: UInt32) -> UInt16 { symbolClasses[symbol] ?? 0 }

  /// The symbols that spell a token; none for the unknown token and the end of a text.
  static func symbols(of token: TokenID, _ tokenizer: Tokenizer) -> [UInt32] {
    tokenizer.vocabulary.withUTF8(of: token) { bytes in
      tokenizer.configuration.unit == .byte
        ? bytes.map(UInt32.init)
        : String(decoding: bytes, as: UTF8.self).unicodeScalars.map(\.value)
    }
  }

  /// Splits all symbols, in ascending order, by one set after another. Those that are not split
  /// from each other are a class.
  private static func classify(
    _ symbols: [UInt32], by sets: [SymbolSet]
  ) -> (classes: [UInt32: UInt16], count: Int, members: [[UInt16]]) {
    var (parts, partCount) = (Array(repeating: 0, count: symbols.count), 1)
    for set in sets {
      var inside: [Int: Int] = [:]
      for index in set.indices(in: symbols) {
        let part = inside[parts[index]] ?? partCount
        if part == partCount {
          inside[parts[index]] = part
          partCount += 1
        }
        parts[index] = part
      }
    }
    // A part of which each symbol was split off has no class.
    var numbers = [0: UInt16(0)]
    for part in parts where numbers[part] == nil { numbers[part] = UInt16(numbers.count) }
    let classes = parts.map { numbers[$0]! }
    let members = sets.map { set in Set(set.indices(in: symbols).map { classes[$0] }).sorted() }
    return (
      Dictionary(uniqueKeysWithValues: zip(symbols, classes)), numbers.count, members
    )
  }
}
