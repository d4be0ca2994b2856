import Tokenization

/// All ways of treating text that the tests go through.
enum Pipelines {
  /// Every normalization form with and without case folding, line ends kept.
  static let all: [TokenizerConfiguration] = NormalizationForm.allCases.flatMap { form in
    [false, true].map {
      TokenizerConfiguration(normalization: form, foldsCase: $0, newlines: .keep)
    }
  }

  /// All of the former with every unit and both policies of line ends, and every unit with texts of
  /// several documents.
  static let everything: [TokenizerConfiguration] =
    all.flatMap { configuration in
      TokenUnit.allCases.flatMap { unit in
        NewlinePolicy.allCases.map { newlines in
          var variant = configuration
          variant.unit = unit
          variant.newlines = newlines
          return variant
        }
      }
    }
    + TokenUnit.allCases.flatMap { unit in
      [.blankLines, .lines].map { TokenizerConfiguration(unit: unit, documents: $0) }
    }
}

extension Tokenizer {
  /// A tokenizer that knows no unit, or all bytes: enough to normalize, and to see units as unknowns.
  static func blank(_ configuration: TokenizerConfiguration) throws -> Tokenizer {
    let vocabulary: Vocabulary =
      configuration.unit == .byte ? .bytes : try Vocabulary(unit: configuration.unit, units: [])
    return try Tokenizer(configuration: configuration, vocabulary: vocabulary)
  }

  /// A tokenizer that knows the units of one text.
  static func fit(
    _ text: String, _ configuration: TokenizerConfiguration
  ) throws -> Tokenizer {
    try fit([.text(text, name: "text")], configuration: configuration)
  }

  /// `text` normalized, as bytes: Swift would take canonically equivalent strings for the same.
  func normalizedBytes(_ text: String) -> [UInt8] {
    Array(normalize(text).utf8)
  }

  /// The tokens of `chunks`, each given to one encoder.
  func encode(chunks: [ArraySlice<UInt8>]) -> [TokenID] {
    var encoder = TokenEncoder(self)
    var ids: [TokenID] = []
    for chunk in chunks {
      chunk.withUnsafeBytes { encoder.append($0, to: &ids) }
    }
    encoder.finish(to: &ids)
    return ids
  }
}

extension String {
  init(scalars: some Sequence<UInt32>) {
    self.init()
    for scalar in scalars { unicodeScalars.append(Unicode.Scalar(scalar)!) }
  }

  /// The scalars in hexadecimal, for messages.
  var codePoints: String {
    unicodeScalars.map { String($0.value, radix: 16, uppercase: true) }.joined(separator: " ")
  }
}
