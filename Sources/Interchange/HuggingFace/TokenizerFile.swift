import ModelFiles
import Tokenization

/// A tokenizer as the `tokenizer.json` of Hugging Face's tokenizers library: the same token for
/// each unit, without any code of ours.
///
/// A vocabulary of scalars is a WordLevel model of single characters, one of grapheme clusters the
/// same after a split at the boundaries of clusters (`\X`), and one of bytes a BPE model without
/// merges that falls back to the bytes of everything.
struct TokenizerFile {
  static let unknown = "<|unknown|>"
  static let endOfText = "<|endoftext|>"

  /// The line ends that become a line feed.
  static let lineEnds = "\\r\\n?"

  private let tokenizer: Tokenizer
  private var configuration: TokenizerConfiguration { tokenizer.configuration }

  /// - Throws: `ExportError`.
  init(_ tokenizer: Tokenizer) throws(ExportError) {
    guard !tokenizer.configuration.foldsCase else { throw .foldsCase }
    let documents = tokenizer.configuration.documents
    guard !documents.splitsTexts else { throw .documents(documents) }
    self.tokenizer = tokenizer
  }

  /// `tokenizer.json`
  var content: JSONValue {
    [
      "version": "1.0", "truncation": nil, "padding": nil,
      "added_tokens": .array(
        [(Vocabulary.unknown, Self.unknown), (Vocabulary.endOfText, Self.endOfText)].map {
          [
            "id": .integer(Int($0)), "content": .string($1), "single_word": false, "lstrip": false,
            "rstrip": false, "normalized": false, "special": true,
          ]
        }),
      "normalizer": normalizer, "pre_tokenizer": preTokenizer, "post_processor": nil,
      "decoder": decoder, "model": model,
    ]
  }

  /// `tokenizer_config.json`
  var settings: JSONValue {
    [
      "tokenizer_class": "PreTrainedTokenizerFast", "unk_token": .string(Self.unknown),
      "bos_token": .string(Self.endOfText), "eos_token": .string(Self.endOfText),
      // A text that spells a special token is not one.
      "split_special_tokens": true, "clean_up_tokenization_spaces": false,
      "model_max_length": 1_000_000_000,
    ]
  }

  private var normalizer: JSONValue {
    var steps: [JSONValue] = []
    if configuration.newlines == .lf {
      steps.append(
        ["type": "Replace", "pattern": ["Regex": .string(Self.lineEnds)], "content": "\n"])
    }
    let form: JSONValue? =
      switch configuration.normalization {
      case .none: nil
      case .nfc: "NFC"
      case .nfd: "NFD"
      case .nfkc: "NFKC"
      case .nfkd: "NFKD"
      }
    if let form { steps.append(["type": form]) }
    return steps.isEmpty ? nil : ["type": "Sequence", "normalizers": .array(steps)]
  }

  private var preTokenizer: JSONValue {
    func split(_ pattern: JSONValue) -> JSONValue {
      ["type": "Split", "pattern": ["Regex": pattern], "behavior": "Isolated", "invert": false]
    }
    return switch configuration.unit {
    case .scalar: split("[\\s\\S]")
    case .grapheme: split("\\X")
    case .byte: nil
    }
  }

  private var decoder: JSONValue {
    configuration.unit == .byte
      ? ["type": "Sequence", "decoders": [["type": "ByteFallback"], ["type": "Fuse"]]]
      : ["type": "Fuse"]
  }

  private var model: JSONValue {
    guard configuration.unit == .byte else {
      return ["type": "WordLevel", "vocab": vocabulary, "unk_token": .string(Self.unknown)]
    }
    return [
      "type": "BPE", "dropout": nil, "unk_token": .string(Self.unknown),
      "continuing_subword_prefix": nil, "end_of_word_suffix": nil, "fuse_unk": false,
      "byte_fallback": true, "ignore_merges": false, "vocab": vocabulary, "merges": [],
    ]
  }

  private var vocabulary: JSONValue {
    .object(
      (0..<tokenizer.vocabularySize).map { id in
        (key: spelling(of: TokenID(id)), value: .integer(id))
      })
  }

  private func spelling(of id: TokenID) -> String {
    switch id {
    case Vocabulary.unknown: return Self.unknown
    case Vocabulary.endOfText: return Self.endOfText
    case _ where configuration.unit == .byte:
      let digits = String(Int(id) - Vocabulary.firstUnit, radix: 16, uppercase: true)
      return "<0x\(digits.count < 2 ? "0" : "")\(digits)>"
    default: return tokenizer.spelling(of: id)
    }
  }
}
