import ModelFiles
import Tokenization

/// The tokens of another tool's model, in the order of its rows.
struct ForeignVocabulary {
  /// What a row is.
  enum Token: Equatable {
    /// The unit with this spelling.
    case unit(String)
    case byte(UInt8)
    /// The unknown token.
    case unknown
    /// The token that begins or ends a text.
    case endOfText
    /// A token that no text has, such as padding.
    case unused
  }

  let file: String
  let tokens: [Token]
  /// How texts become tokens, as far as the vocabulary says so; nil if nothing is changed in them.
  var normalization = NormalizationForm.none
  var newlines = NewlinePolicy.keep

  /// The vocabulary of a text.
  init(text: String, order: ModelImport.VocabularySource.Order, file: String) {
    var counts: [Unicode.Scalar: (count: Int, first: Int)] = [:]
    for (position, scalar) in text.unicodeScalars.enumerated() {
      counts[scalar, default: (0, position)].count += 1
    }
    let scalars = counts.keys.sorted { first, second in
      let (a, b) = (counts[first] ?? (0, 0), counts[second] ?? (0, 0))
      return switch order {
      case .sorted: first < second
      case .occurrence: a.first < b.first
      case .frequency: (b.count, a.first) < (a.count, b.first)
      }
    }
    self.init(file: file, tokens: scalars.map { .unit(String($0)) })
  }

  init(
    file: String, tokens: [Token], normalization: NormalizationForm = .none,
    newlines: NewlinePolicy = .keep
  ) {
    self.file = file
    self.tokens = tokens
    self.normalization = normalization
    self.newlines = newlines
  }

  // MARK: JSON

  /// A vocabulary in JSON: a list of tokens; an object from token to number (`stoi`, `char_to_ix`,
  /// `token_to_idx`) or from number to token (`itos`, `idx_to_token`), or one that has such an
  /// object or list under one of these names; or a `tokenizer.json`.
  /// - Throws: `ImportError`.
  init(json value: JSONValue, file: String) throws(ImportError) {
    if let model = value["model"], value["added_tokens"] != nil {
      try self.init(tokenizerFile: value, model: model, file: file)
      return
    }
    let names = [
      "itos", "idx_to_token", "idx2char", "ix_to_char", "id2token", "int2char", "chars", "tokens",
      "vocab", "vocabulary", "stoi", "token_to_idx", "char2idx", "char_to_ix", "token2id",
      "char2int",
    ]
    let inner = names.lazy.compactMap { value[$0] }.first {
      switch $0 {
      case .array, .object: true
      default: false
      }
    }
    let spellings = try Self.spellings(inner ?? value, file: file)
    self.init(file: file, tokens: spellings.map { Self.token($0) })
  }

  private static func spellings(
    _ value: JSONValue, file: String
  ) throws(ImportError) -> [String] {
    func invalid(_ reason: String) -> ImportError {
      .invalidVocabulary(file: file, reason: reason)
    }
    var numbered: [(number: Int, spelling: String)] = []
    switch value {
    case .array(let values):
      for (number, value) in values.enumerated() {
        guard let text = value.text else { throw invalid("token \(number) is not a text") }
        numbered.append((number, text))
      }
    case .object(let members):
      for (key, value) in members {
        switch value {
        case .integer(let number): numbered.append((number, key))
        case .string(let text):
          guard let number = Int(key) else { throw invalid("\(quoted(key)) is not a number") }
          numbered.append((number, text))
        default: throw invalid("the row of \(quoted(key)) is missing")
        }
      }
    default: throw invalid("it is neither a list nor an object")
    }
    numbered.sort { $0.number < $1.number }
    // Lua counts from 1.
    let first = numbered.first?.number ?? 0
    guard first == 0 || first == 1,
      numbered.enumerated().allSatisfy({ $0.offset + first == $0.element.number })
    else { throw invalid("its numbers are not successive from 0 or 1") }
    return numbered.map(\.spelling)
  }

  private static let unknownNames = ["<unk>", "[UNK]", "<UNK>", "<|unknown|>", "UNK"]
  private static let endNames = [
    "<|endoftext|>", "</s>", "<s>", "<eos>", "<bos>", "<EOS>", "<BOS>", "[EOS]", "[BOS]", "<END>",
    "<START>",
  ]
  private static let unusedNames = ["<pad>", "[PAD]", "<PAD>", "<mask>", "[MASK]", "<NULL>"]

  private static func token(_ spelling: String) -> Token {
    if unknownNames.contains(spelling) { return .unknown }
    if endNames.contains(spelling) { return .endOfText }
    if unusedNames.contains(spelling) { return .unused }
    return .unit(spelling)
  }

  // MARK: tokenizer.json

  private init(
    tokenizerFile: JSONValue, model: JSONValue, file: String
  ) throws(ImportError) {
    guard let vocabulary = model["vocab"], case .object = vocabulary else {
      throw .invalidVocabulary(file: file, reason: "its model has no vocabulary of numbers")
    }
    if let merges = model["merges"], case .array(let pairs) = merges, !pairs.isEmpty {
      throw .invalidVocabulary(
        file: file, reason: "it merges characters, and models of charlm read single ones")
    }
    let spellings = try Self.spellings(
      Self.addingTokens(tokenizerFile["added_tokens"], to: vocabulary), file: file)
    let fallsBack = model["byte_fallback"].map { value in
      if case .boolean(true) = value { true } else { false }
    }
    let tokens = spellings.map { spelling in
      fallsBack == true
        ? Self.byte(spelling).map { .byte($0) } ?? Self.token(spelling)
        : Self.token(spelling)
    }
    self.init(file: file, tokens: tokens)
    try readNormalizer(tokenizerFile["normalizer"] ?? .null)
  }

  /// The vocabulary with the added tokens that it does not have.
  private static func addingTokens(
    _ added: JSONValue?, to vocabulary: JSONValue
  ) -> JSONValue {
    guard case .object(var members) = vocabulary, case .array(let tokens)? = added else {
      return vocabulary
    }
    // Canonically equivalent keys are different ones here.
    var known = Set(members.map { Array($0.key.utf8) })
    for token in tokens {
      guard let id = token["id"]?.integer, let content = token["content"]?.text,
        known.insert(Array(content.utf8)).inserted
      else { continue }
      members.append((content, .integer(id)))
    }
    return .object(members)
  }

  /// The byte of `<0x41>`.
  private static func byte(_ spelling: String) -> UInt8? {
    guard spelling.utf8.count == 6, spelling.hasPrefix("<0x"), spelling.hasSuffix(">") else {
      return nil
    }
    let digits = spelling.dropFirst(3).dropLast()
    guard digits.allSatisfy({ $0.isHexDigit }) else { return nil }
    return UInt8(digits, radix: 16)
  }

  private mutating func readNormalizer(_ value: JSONValue) throws(ImportError) {
    switch value["type"]?.text {
    case nil: return
    case "Sequence":
      guard case .array(let steps)? = value["normalizers"] else { return }
      for step in steps { try readNormalizer(step) }
    case "NFC": normalization = .nfc
    case "NFD": normalization = .nfd
    case "NFKC": normalization = .nfkc
    case "NFKD": normalization = .nfkd
    case "Replace" where value["pattern"]?["Regex"]?.text == TokenizerFile.lineEnds:
      newlines = .lf
    case let type?:
      throw .invalidVocabulary(
        file: file, reason: "its normalizer \(quoted(type)) is not one that charlm has")
    }
  }
}

extension ForeignVocabulary {
  /// The tokenizer with these units, and the row of each of its tokens; nil for a token that the
  /// other tool does not have.
  /// - Throws: `ImportError.invalidVocabulary`.
  func tokenizer() throws(ImportError) -> (tokenizer: Tokenizer, rows: [Int?]) {
    func invalid(_ reason: String) -> ImportError {
      .invalidVocabulary(file: file, reason: reason)
    }
    var rows: [[UInt8]: Int] = [:]
    var (unknown, end): (Int?, Int?)
    var (hasBytes, hasUnits, areScalars) = (false, false, true)
    for (row, token) in tokens.enumerated() {
      let bytes: [UInt8]
      switch token {
      case .unknown:
        unknown = unknown ?? row
        continue
      case .endOfText:
        end = end ?? row
        continue
      case .unused: continue
      case .byte(let byte):
        hasBytes = true
        bytes = [byte]
      case .unit(let spelling):
        hasUnits = true
        guard !spelling.isEmpty else { throw invalid("token \(row) is empty") }
        guard spelling.count == 1 || spelling == "\r\n" else {
          throw invalid("token \(row), \(quoted(spelling)), is more than one character")
        }
        areScalars = areScalars && spelling.unicodeScalars.count == 1
        bytes = Array(spelling.utf8)
      }
      guard rows.updateValue(row, forKey: bytes) == nil else {
        throw invalid("token \(row) is there twice")
      }
    }
    guard hasBytes != hasUnits else {
      throw invalid(hasBytes ? "it has bytes and characters" : "it has no characters")
    }
    guard !hasBytes || rows.count == 256 else { throw invalid("it does not have all 256 bytes") }
    let unit: TokenUnit = hasBytes ? .byte : areScalars ? .scalar : .grapheme
    let sorted = rows.keys.sorted { $0.lexicographicallyPrecedes($1) }
    do {
      let vocabulary =
        hasBytes
        ? Vocabulary.bytes
        : try Vocabulary(unit: unit, units: sorted.map { String(decoding: $0, as: UTF8.self) })
      let configuration = TokenizerConfiguration(
        unit: unit, normalization: normalization, newlines: newlines)
      let tokenizer = try Tokenizer(configuration: configuration, vocabulary: vocabulary)
      return (tokenizer, [unknown, end] + sorted.map { rows[$0] })
    } catch {
      throw invalid("\(error)")
    }
  }
}
