import CUTF8Proc

extension Tokenizer {
  /// The tokens that are closest to a unit outside the vocabulary; nil if there are none.
  ///
  /// The candidates are, in this order: its canonical and its compatibility forms, which also make
  /// wide characters narrow; the same without unknown combining marks and format characters; all of
  /// these in lower and in upper case; and what typography uses in its place, such as a curly quote
  /// for a straight one.
  /// - Parameter previous: the character before it; nil at the beginning of a text.
  package func substitute(
    for spelling: String, after previous: Unicode.Scalar? = nil
  ) -> [TokenID]? {
    let lower = Self.normalize(spelling, .nfkd, foldsCase: true)
    let upper = Self.uppercase(Self.normalize(spelling, .nfkd))
    for text in [spelling, lower, upper] {
      for dropsMarks in [false, true] {
        for form in [NormalizationForm.nfc, .nfd, .nfkc, .nfkd] {
          let candidate = Self.normalize(text, form)
          if let tokens = tokens(spelling: candidate, dropsMarks: dropsMarks) { return tokens }
        }
      }
    }
    guard let scalar = spelling.unicodeScalars.first, spelling.unicodeScalars.count == 1 else {
      return nil
    }
    return TypographicNeighbors.candidates(for: scalar, after: previous) {
      tokens(spelling: $0, dropsMarks: false) != nil
    }.lazy.compactMap { tokens(spelling: $0, dropsMarks: false) }.first
  }

  /// The tokens of a text that is not normalized again; nil if one is unknown or nothing is left.
  private func tokens(spelling text: String, dropsMarks: Bool) -> [TokenID]? {
    guard configuration.unit != .byte else { return nil }
    var tokens: [TokenID] = []
    let units = configuration.unit == .grapheme ? GraphemeBuffer.clusters(of: text) : [text]
    for unit in units {
      let whole = vocabulary.id(of: unit)
      if whole != Vocabulary.unknown {
        tokens.append(whole)
        continue
      }
      for scalar in unit.unicodeScalars {
        let token = vocabulary.id(of: String(scalar))
        if token != Vocabulary.unknown {
          tokens.append(token)
        } else if !dropsMarks || !Self.isMark(scalar) {
          return nil
        }
      }
    }
    return tokens.isEmpty ? nil : tokens
  }

  private static func normalize(
    _ text: String, _ form: NormalizationForm, foldsCase: Bool = false
  ) -> String {
    var text = text
    return text.withUTF8 { utf8 in
      var output = ScratchBuffer<UInt8>(capacity: utf8.count + 64)
      var normalizer = TextNormalizer(
        TokenizerConfiguration(normalization: form, foldsCase: foldsCase, newlines: .keep))
      normalizer.append(utf8, to: &output)
      normalizer.finish(to: &output)
      return String(decoding: output.elements, as: UTF8.self)
    }
  }

  /// Uppercase by the simple mapping, which maps each scalar to one scalar.
  private static func uppercase(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let upper = utf8proc_toupper(Int32(bitPattern: scalar.value))
      result.unicodeScalars.append(Unicode.Scalar(UInt32(bitPattern: upper)) ?? scalar)
    }
    return result
  }

  /// Whether a scalar only changes the look of others: a combining mark or a format character.
  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch utf8proc_category(Int32(bitPattern: scalar.value)) {
    case UTF8PROC_CATEGORY_MN, UTF8PROC_CATEGORY_MC, UTF8PROC_CATEGORY_ME, UTF8PROC_CATEGORY_CF:
      true
    default: false
    }
  }
}
