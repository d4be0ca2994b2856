import Patterns
import Tokenization

/// Text in any normalization: what is normalized stays so, and tokens do not depend on where the
/// chunks end.
struct NormalizedText: FuzzTarget {
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
  private let tokenizer: Tokenizer

  init() throws {
    tokenizer = try Tokenizer.fit(
      [.text("abc 0123 é\u{301}\n", name: "text")], configuration: TokenizerConfiguration())
  }

  func test(_ bytes: UnsafeRawBufferPointer) {
    guard let text = String(validating: bytes, as: UTF8.self),
      let pattern = try? Pattern(text),
      var match = try? PatternMatch(pattern, tokenizer: tokenizer, minimumLength: 0, length: 20)
    else { return }
    // A shortest text that matches.
    for _ in 0..<20 where !match.mayEnd {
      guard let token = (0..<TokenID(tokenizer.vocabularySize)).first(where: match.allows) else {
        fatalError("neither an end nor a token")
      }
      match.append(token)
    }
  }
}
