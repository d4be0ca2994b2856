import Patterns
import Tokenization

/// Text in any normalization: what is normalized stays so, and tokens do not depend on where the
/// chunks end.
struct NormalizedText: FuzzTarget {
  let seeds: [[UInt8]] = [
    "a\r\nb", "e\u{301}\u{AC01}", "\u{1F1E6}\u{1F1E7}", "\u{FB01}\u{344}\u{1100}\u{1161}",
  ].map { [1, 7] + Array($0.utf8) }
  private let settings: [TokenizerConfiguration] = {
    var settings: [TokenizerConfiguration] = []
    for normalization in NormalizationForm.allCases {
      for unit in TokenUnit.allCases {
        settings.append(TokenizerConfiguration(unit: unit, normalization: normalization))
      }
    }
    return settings
  }()

  init() {}

  /// - Parameter bytes: a byte that chooses the settings, one that says where the chunks end, and
  ///   the text.
  func test(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count > 2, let text = String(validating: bytes[2...], as: UTF8.self) else { return }
    let configuration = settings[Int(bytes[0]) % settings.count]
    guard
      let tokenizer = try? Tokenizer.fit(
        [.text(text, name: "text")], configuration: configuration)
    else { return }
    let normalized = tokenizer.normalize(text)
    require(
      tokenizer.normalize(normalized).utf8.elementsEqual(normalized.utf8), "not idempotent")
    let tokens = tokenizer.encode(text)
    if tokens.unknowns.isEmpty {
      require(tokenizer.decode(tokens.ids).utf8.elementsEqual(normalized.utf8), "another text")
    }
    var ids: [TokenID] = []
    var encoder = TokenEncoder(tokenizer)
    var rest = UnsafeRawBufferPointer(rebasing: bytes[2...])
    while !rest.isEmpty {
      let chunk = UnsafeRawBufferPointer(rebasing: rest.prefix(1 + Int(bytes[1])))
      encoder.append(chunk, to: &ids)
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(chunk.count))
    }
    encoder.finish(to: &ids)
    require(ids == tokens.ids, "other tokens in chunks")
  }
}

/// A pattern for generated text.
struct PatternText: FuzzTarget {
  let seeds: [[UInt8]] = [
    #"\d{1,2} (May|June) \d{4}"#, "[^a-z_]*", "(?:a|b)+c?", "^x{3,}$", #"\u{1F600}\x41"#,
    // Each repetition normalized its literal anew.
    "\\d{2,24440}\0\\dd{2,24440}\0\0\u{5}{2,24440}\0",
    // The search for what the model does not have took twice as long for each group.
    String(repeating: "(", count: 40) + "☃" + String(repeating: "|☃)", count: 40),
    String(repeating: "(", count: 40) + "a☃" + String(repeating: "b)", count: 40),
  ].enumerated().map { [UInt8($0)] + Array($1.utf8) }
  private let tokenizers: [Tokenizer]

  init() throws {
    tokenizers = try TokenUnit.allCases.map { unit in
      try Tokenizer.fit(
        [.text("abc 0123 é\u{301}\n", name: "text")],
        configuration: TokenizerConfiguration(unit: unit))
    }
  }

  /// - Parameter bytes: a byte that chooses the unit and the minimum length, and the pattern.
  func test(_ bytes: UnsafeRawBufferPointer) {
    guard let choice = bytes.first,
      let text = String(validating: bytes.dropFirst(), as: UTF8.self),
      let pattern = try? Pattern(text)
    else { return }
    let tokenizer = tokenizers[Int(choice) % tokenizers.count]
    guard
      var match = try? PatternMatch(
        pattern, tokenizer: tokenizer, minimumLength: Int(choice) / 8, length: 40)
    else { return }
    // A shortest text that matches. A character of bytes has at most four.
    for _ in 0..<160 where !match.mayEnd {
      guard let token = (0..<TokenID(tokenizer.vocabularySize)).first(where: match.allows) else {
        fatalError("neither an end nor a token")
      }
      match.append(token)
    }
    require(match.mayEnd, "no end within the length")
  }
}

/// Any bytes, read with replacements for what is not UTF-8, as the standard library makes them.
struct AnyBytes: FuzzTarget {
  let seeds: [[UInt8]] = [
    [1, 0xEF, 0xBB, 0xBF, 0x61, 0xE2, 0x82], [3, 0xF0, 0x80, 0x80, 0xED, 0xA0, 0x80, 0x62],
    [9, 0xF4, 0x90, 0xC1, 0xBF, 0xF0, 0x9F, 0x98, 0x80, 0xC3],
  ]

  /// - Parameter bytes: a byte that says where the chunks end, and the text.
  func test(_ bytes: UnsafeRawBufferPointer) {
    guard let size = bytes.first else { return }
    let text = Array(bytes.dropFirst())
    var read: [UInt8] = []
    do {
      var reader = try TextReader(
        .bytes(text, name: "text"), invalidUTF8: .replace, chunkByteCount: 1 + Int(size))
      while try reader.next({ read += $0 }) != nil {}
    } catch { return }  // no text by its first bytes
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let rest = text.starts(with: mark) ? text.dropFirst(mark.count) : text[...]
    require(String(decoding: rest, as: UTF8.self).utf8.elementsEqual(read), "another text")
  }
}

/// The clusters of a text, as the standard library finds them.
struct GraphemeClusters: FuzzTarget {
  let seeds: [[UInt8]] = [
    "e\u{301}o", "\u{1F1E6}\u{1F1E7}\u{1F1E8}", "\u{1F469}\u{200D}\u{1F469}\u{1F3FD}", "\r\n\r",
    "\u{1100}\u{1161}\u{11A8}\u{AC00}\u{11A8}", "\u{600}a\u{903}", "\u{E33}\u{E31}\u{200C}x",
  ].map { Array($0.utf8) }

  /// The consonants that a linker joins are one cluster since Unicode 15.1 (GB9c), which is later
  /// than the tokenizer's tables.
  private static let linkers: Set<UInt32> = [0x94D, 0x9CD, 0xACD, 0xB4D, 0xC4D, 0xD4D]

  /// Whether both libraries have the same properties for a scalar. Pictographs that are no emoji
  /// have lost the property that joins them.
  private static func isSettled(_ scalar: Unicode.Scalar) -> Bool {
    guard let age = scalar.properties.age, age <= (15, 0) else { return false }
    let isPictograph = 0x2190...0x2BFF ~= scalar.value || 0x1F000...0x1FAFF ~= scalar.value
    return !linkers.contains(scalar.value) && (!isPictograph || scalar.properties.isEmoji)
  }

  func test(_ bytes: UnsafeRawBufferPointer) {
    guard let text = String(validating: bytes, as: UTF8.self),
      text.unicodeScalars.allSatisfy(Self.isSettled),
      let tokenizer = try? Tokenizer.fit(
        [.text(text, name: "text")],
        configuration: TokenizerConfiguration(
          unit: .grapheme, normalization: .none, newlines: .keep))
    else { return }
    let clusters = tokenizer.encode(text).ids.map { tokenizer.vocabulary.spelling(of: $0) }
    require(
      clusters.elementsEqual(text.map(String.init)) { $0.utf8.elementsEqual($1.utf8) },
      "other clusters: \(clusters) of \(text.map(String.init))")
  }
}
