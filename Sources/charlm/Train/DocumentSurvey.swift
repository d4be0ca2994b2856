import Tokenization

/// The documents of a training text, or the parts of it that may be documents.
package struct DocumentSurvey {
  private let documents: DocumentSeparator
  /// The number of tokens that were read.
  private let tokenCount: Int
  /// The parts that are not empty: documents, or if each file is one, stretches between blank
  /// lines.
  private var partCount = 0
  /// The lines that are not empty.
  private var lineCount = 0

  /// The tokens of whole files that are enough for a guess.
  private static let sampleCount = 1 << 20
  private static let chunkCount = 1 << 14

  package init(_ tokens: TokenFile, tokenizer: Tokenizer) {
    documents = tokenizer.configuration.documents
    let lineFeed = tokenizer.vocabulary.id(of: "\n")
    let count = documents.splitsTexts ? tokens.count : min(tokens.count, Self.sampleCount)
    tokenCount = count
    var ids = [TokenID](repeating: 0, count: min(count, Self.chunkCount))
    var (isInPart, isInLine) = (false, false)
    for first in stride(from: 0, to: count, by: Self.chunkCount) {
      let chunk = first..<min(count, first + Self.chunkCount)
      ids.withUnsafeMutableBufferPointer { tokens.copy(chunk, to: $0) }
      for id in ids.prefix(chunk.count) {
        if id == Vocabulary.endOfText {
          (isInPart, isInLine) = (false, false)
        } else if id == lineFeed, lineFeed != Vocabulary.unknown {
          isInPart = isInPart && (isInLine || documents.splitsTexts)
          isInLine = false
        } else {
          if !isInPart { partCount += 1 }
          if !isInLine { lineCount += 1 }
          (isInPart, isInLine) = (true, true)
        }
      }
    }
  }

  /// The number of documents; if each file is one, a hint if it seems to hold several.
  package var note: String? {
    let mean = tokenCount / max(1, partCount)
    switch documents {
    case .blankLines, .lines:
      return "The texts have \(partCount.grouped) document\(partCount == 1 ? "" : "s"), "
        + "\(mean.grouped) tokens on average."
    case .files:
      guard lineCount >= Self.fewestParts else { return nil }
      let lineLength = tokenCount / lineCount
      if partCount >= Self.fewestParts, mean <= Self.longestPart, lineLength < Self.proseWidth {
        return hint(.blankLines, "Blank lines divide the text into short parts")
      }
      return partCount * Self.fewestParts <= lineCount && lineLength < Self.nameWidth
        ? hint(.lines, "The text has short lines and hardly any blank ones") : nil
    }
  }

  private func hint(_ documents: DocumentSeparator, _ observation: String) -> String {
    "\(observation): if each \(documents == .lines ? "line" : "part") is a text by itself, "
      + "--documents \(documents.rawValue) lets the model learn where it begins and ends."
  }

  private static let fewestParts = 100
  private static let longestPart = 2_000
  /// Prose is broken into lines of 60 characters and more, or not at all.
  private static let proseWidth = 50
  private static let nameWidth = 40
}
