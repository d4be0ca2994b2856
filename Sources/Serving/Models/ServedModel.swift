import Evaluation
import Generation
import Kernels
import ModelFiles
import RecurrentNetwork
import Synchronization
import Tokenization

/// A model in memory, under the name by which clients ask for it.
package final class ServedModel: Sendable {
  package let id: String
  package let model: TextModel
  /// A digest of everything that predictions depend on, in hexadecimal.
  package let fingerprint: String
  /// The names of the tokens, all different.
  package let tokenNames: [String]
  /// The number of Unicode scalars that each token adds to a text.
  package let characterCounts: [Int]
  /// An estimate of the memory that it takes.
  package let byteCount: Int
  private let dropped = Atomic(false)

  /// The name of `Vocabulary.endOfText`, which begins and ends documents.
  package static let endOfTextName = "<|endoftext|>"
  /// The name of `Vocabulary.unknown`.
  package static let unknownName = "<|unknown|>"

  package init(id: String, model: TextModel) {
    self.id = id
    self.model = model
    fingerprint = "fp_" + model.digest().description.prefix(12)
    let tokenizer = model.tokenizer
    tokenNames = (0..<tokenizer.vocabularySize).map { Self.name(of: TokenID($0), tokenizer) }
    characterCounts = tokenizer.characterCounts
    byteCount = Int(model.weights.configuration.inferenceByteCount(textCount: 1))
  }

  package var tokenizer: Tokenizer { model.tokenizer }

  /// Whether the store has dropped it: whoever keeps it for later requests gives it up.
  package var isDropped: Bool { dropped.load(ordering: .relaxed) }

  func drop() { dropped.store(true, ordering: .relaxed) }

  /// The unit, or, for a byte outside ASCII, `bytes:\xe2`, as OpenAI names it.
  private static func name(of token: TokenID, _ tokenizer: Tokenizer) -> String {
    switch token {
    case Vocabulary.unknown: unknownName
    case Vocabulary.endOfText: endOfTextName
    default:
      tokenizer.vocabulary.withUTF8(of: token) { bytes in
        bytes.count == 1 && bytes[0] >= 0x80
          ? "bytes:\\x" + String(bytes[0], radix: 16) : String(decoding: bytes, as: UTF8.self)
      }
    }
  }

  // MARK: Tokens of clients

  /// The tokens of a prompt. `<|endoftext|>` at its beginning is that token.
  package func tokens(of text: String) throws -> (tokens: [TokenID], prompt: Prompt) {
    // By bytes: the text may continue with a combining mark, which is no part of the token.
    let name = Self.endOfTextName.utf8
    let begins = text.utf8.starts(with: name)
    let rest = text.utf8.dropFirst(begins ? name.count : 0)
    let prompt = try Prompt(String(Substring(rest)), tokenizer: tokenizer)
    return ((begins ? [Vocabulary.endOfText] : []) + prompt.tokens, prompt)
  }

  /// The text of tokens; `<|endoftext|>` for that token at the beginning.
  package func text(of tokens: [TokenID]) -> String {
    guard tokens.first == Vocabulary.endOfText else { return tokenizer.decode(tokens) }
    return Self.endOfTextName + tokenizer.decode(tokens.dropFirst())
  }
}
