import Testing
import Tokenization

@Suite struct CaseFoldingTests {
  private func normalized(
    _ text: String, _ form: NormalizationForm, foldsCase: Bool = true
  ) throws -> String {
    try Tokenizer.blank(
      TokenizerConfiguration(normalization: form, foldsCase: foldsCase, newlines: .keep)
    ).normalize(text)
  }

  /// toCasefold as CaseFolding.txt has it: the common and the full mappings.
  private func mappings() throws -> [UInt32: [UInt32]] {
    var mappings: [UInt32: [UInt32]] = [:]
    for line in try UnicodeFiles.fields(of: "CaseFolding.txt") where line.count >= 3 {
      guard [" C", " F"].contains(line[1]), let scalar = UInt32(line[0], radix: 16) else {
        continue
      }
      mappings[scalar] = UnicodeFiles.scalars(line[2])
    }
    return mappings
  }

  @Test(.enabled(if: UnicodeFiles.areInstalled, UnicodeFiles.missing))
  func withoutNormalizationEveryScalarFoldsAsCaseFoldingSays() throws {
    let mappings = try mappings()
    #expect(mappings.count >= 1_530)
    let scalars = (UInt32(0)...0x10FFFF).filter { !(0xD800...0xDFFF).contains($0) }
    let text = String(scalars: scalars)
    let expected = String(scalars: scalars.flatMap { mappings[$0] ?? [$0] })
    let found = try normalized(text, .none)
    #expect(found.unicodeScalars.elementsEqual(expected.unicodeScalars))
  }

  /// The definitions of Unicode 3.13, step by step, each over the whole text.
  @Test(.enabled(if: UnicodeFiles.areInstalled, UnicodeFiles.missing))
  func foldingIsThatOfTheCaselessMatchesD145AndD146() throws {
    let mappings = try mappings()
    func fold(_ text: String) -> String {
      String(scalars: text.unicodeScalars.flatMap { mappings[$0.value] ?? [$0.value] })
    }
    func plain(_ text: String, _ form: NormalizationForm) throws -> String {
      try normalized(text, form, foldsCase: false)
    }
    var generator = SeededGenerator(seed: 2)
    let random = (0..<20_000).map { _ in
      generator.text(scalarCount: Int.random(in: 1...8, using: &generator))
    }
    let text = (random + Self.contexts(of: mappings.keys.sorted())).joined(separator: "\n")
    let canonical = fold(try plain(text, .nfd))
    let compatibility = fold(try plain(canonical, .nfkd))
    for (form, unordered) in [
      (NormalizationForm.nfd, canonical), (.nfc, canonical),
      (.nfkd, compatibility), (.nfkc, compatibility),
    ] {
      let expected = Array(try plain(unordered, form).utf8).split(separator: 0x0A)
      let found = Array(try normalized(text, form).utf8).split(separator: 0x0A)
      #expect(found.count == expected.count)
      for (expected, found) in zip(expected, found) where expected != found {
        Issue.record(
          """
          \(form): \(String(decoding: found, as: UTF8.self).codePoints) instead of \
          \(String(decoding: expected, as: UTF8.self).codePoints)
          """)
      }
    }
  }

  private static func contexts(of scalars: [UInt32]) -> [String] {
    scalars.flatMap { scalar in
      [
        String(scalars: [scalar]), String(scalars: [0x61, scalar, 0x301]),
        String(scalars: [0x3B1, scalar, 0x345, 0x301]), String(scalars: [0x345, scalar, 0x316]),
      ]
    }
  }

  /// Every scalar, those that do something in several contexts, and random texts, in lines.
  private static let everything: String = {
    var generator = SeededGenerator(seed: 3)
    let busy = [0...0x33FF, 0xA000...0xAC20, 0xF900...0x1_FFFF].joined().map(UInt32.init)
    let random = (0..<5_000).map { _ in generator.text(scalarCount: 8) }
    var alone: [UInt8] = []
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      alone += UTF8.encode(scalar)!
      alone.append(0x0A)
    }
    return (contexts(of: busy) + random).joined(separator: "\n")
      + String(decoding: alone, as: UTF8.self)
  }()

  @Test(arguments: Pipelines.all)
  func normalizingTwiceChangesNothing(_ configuration: TokenizerConfiguration) throws {
    let tokenizer = try Tokenizer.blank(configuration)
    let once = tokenizer.normalize(Self.everything)
    let twice = tokenizer.normalize(once)
    let isStable = Array(once.utf8) == Array(twice.utf8)
    #expect(isStable)
  }

  @Test(arguments: Pipelines.all.filter { $0.normalization != .none })
  func canonicallyEquivalentTextsBecomeTheSame(_ configuration: TokenizerConfiguration) throws {
    let tokenizer = try Tokenizer.blank(configuration)
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<2_000 {
      let text = generator.text(scalarCount: 6)
      let expected = tokenizer.normalizedBytes(text)
      for form in [NormalizationForm.nfc, .nfd] {
        let equivalent = try normalized(text, form, foldsCase: false)
        #expect(tokenizer.normalizedBytes(equivalent) == expected, "\(form) \(text.codePoints)")
      }
    }
  }

  @Test(arguments: [
    ("ΌΣΟΣ Straße ẞ", "όσοσ strasse ss"), ("İI ıi", "i\u{307}i ıi"), ("Ꭰꭰ", "ᎠᎠ"),
    ("\u{3B1}\u{345}\u{301}", "\u{3AC}\u{3B9}"), ("\u{1FB4}", "\u{3AC}\u{3B9}"), ("ΐ", "\u{390}"),
    ("A\u{30A}", "\u{E5}"), ("\u{212B}", "\u{E5}"), ("ŉ", "\u{2BC}n"),
  ])
  func wordsFold(text: String, expected: String) throws {
    #expect(try Array(normalized(text, .nfc).utf8) == Array(expected.utf8))
  }

  @Test func compatibilityFormsFoldWhatTheyUncover() throws {
    #expect(try normalized("\u{3392}\u{FB05}\u{3F9}", .nfkc) == "mhzstσ")
  }
}
