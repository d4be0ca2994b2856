import CUTF8Proc
import Foundation
import Testing
import Tokenization

/// Normalization against Unicode's own test and against utf8proc given the whole text at once.
@Suite struct NormalizationTests {
  /// What a form makes of many texts, each followed by a line feed, in one stream.
  private func normalized(_ texts: [[UInt32]], _ form: NormalizationForm) throws -> [[UInt8]] {
    let tokenizer = try Tokenizer.blank(
      TokenizerConfiguration(normalization: form, newlines: .keep))
    let text = texts.map { String(scalars: $0) }.joined(separator: "\n")
    return tokenizer.normalizedBytes(text).split(separator: 0x0A, omittingEmptySubsequences: false)
      .map(Array.init)
  }

  private func bytes(_ texts: [[UInt32]]) -> [[UInt8]] {
    texts.map { Array(String(scalars: $0).utf8) }
  }

  @Test(.enabled(if: UnicodeFiles.areInstalled, UnicodeFiles.missing))
  func everyLineOfNormalizationTestHolds() throws {
    let lines = try UnicodeFiles.fields(of: "NormalizationTest.txt.bz2")
      .filter { $0.count >= 5 }
      .map { $0[..<5].map(UnicodeFiles.scalars) }
    #expect(lines.count >= 19_074)
    // For each form: the column that columns 1 to 3 become, and the one that columns 4 and 5 do.
    let invariants: [(NormalizationForm, Int, Int)] = [
      (.nfc, 1, 3), (.nfd, 2, 4), (.nfkc, 3, 3), (.nfkd, 4, 4),
    ]
    let columns = (0..<5).map { column in lines.map { $0[column] } }
    for (form, canonical, compatible) in invariants {
      for column in 0..<5 {
        let expected = bytes(columns[column < 3 ? canonical : compatible])
        let found = try normalized(columns[column], form)
        #expect(found.count == expected.count)
        for (index, line) in lines.enumerated() where found[index] != expected[index] {
          Issue.record("\(form) of column \(column + 1) of \(line)")
        }
      }
    }
  }

  @Test(.enabled(if: UnicodeFiles.areInstalled, UnicodeFiles.missing))
  func everyScalarThatPartOneDoesNotListIsUnchanged() throws {
    let lines = try UnicodeFiles.fields(of: "NormalizationTest.txt.bz2")
    let start = try #require(lines.firstIndex { $0[0].hasPrefix("@Part1") })
    let end = try #require(lines.firstIndex { $0[0].hasPrefix("@Part2") })
    let listed = Set(lines[(start + 1)..<end].map { UnicodeFiles.scalars($0[0]) })
    #expect(listed.count > 16_000)
    var text: [UInt8] = []
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value), !listed.contains([value]) else { continue }
      text += UTF8.encode(scalar)!
      text.append(0x0A)
    }
    for form in NormalizationForm.allCases {
      let configuration = TokenizerConfiguration(normalization: form, newlines: .keep)
      let found = try Tokenizer.blank(configuration)
        .normalizedBytes(String(decoding: text, as: UTF8.self))
      let isUnchanged = Data(found) == Data(text)
      #expect(isUnchanged, "\(form)")
    }
  }

  @Test func segmentsComeToTheSameAsTheWholeText() throws {
    var generator = SeededGenerator(seed: 1)
    let options: [(NormalizationForm, utf8proc_option_t)] = [
      (.nfc, UTF8PROC_COMPOSE), (.nfd, UTF8PROC_DECOMPOSE),
      (.nfkc, utf8proc_option_t(UTF8PROC_COMPOSE.rawValue | UTF8PROC_COMPAT.rawValue)),
      (.nfkd, utf8proc_option_t(UTF8PROC_DECOMPOSE.rawValue | UTF8PROC_COMPAT.rawValue)),
    ]
    for (form, option) in options {
      let tokenizer = try Tokenizer.blank(
        TokenizerConfiguration(normalization: form, newlines: .keep))
      for _ in 0..<3_000 {
        var text = generator.text(scalarCount: Int.random(in: 0...12, using: &generator))
        text.unicodeScalars.removeAll { $0.value == 0x11A7 }  // which utf8proc loses
        #expect(
          tokenizer.normalizedBytes(text) == wholeText(text, option), "\(form) \(text.codePoints)")
      }
    }
  }

  private func wholeText(_ text: String, _ option: utf8proc_option_t) -> [UInt8] {
    var result: UnsafeMutablePointer<UInt8>?
    let options = utf8proc_option_t(option.rawValue | UTF8PROC_STABLE.rawValue)
    let count = Array(text.utf8).withUnsafeBufferPointer {
      utf8proc_map($0.baseAddress, $0.count, &result, options)
    }
    defer { free(result) }
    return Array(UnsafeBufferPointer(start: result, count: count))
  }
}
