import Storage

/// What a model was trained on, and by which run, for people who have only its file.
///
/// Names are those of files without their folders.
public struct TrainingSources: Sendable, Codable, Equatable {
  /// The model that training started from.
  public struct Base: Sendable, Codable, Equatable {
    /// The name of its file.
    public var name: String
    /// The SHA-256 of its weights (`docs/model-file.md`), in hexadecimal digits.
    public var weightsDigest: String

    private enum CodingKeys: String, CodingKey {
      case name
      case weightsDigest = "weightsSha256"
    }
  }

  /// Distinguishes the run from all others; a resumed run keeps it.
  public let run: String
  /// The texts in their order, at most `limit` of them.
  public let texts: [TextFingerprint]
  /// The number of all texts.
  public let textCount: Int
  /// A separate validation text.
  public let validationText: TextFingerprint?
  /// nil if training started from random weights.
  public let base: Base?

  /// The most texts that are recorded, so that the record of a large folder stays small.
  public static let limit = 1_000

  /// The sources of a new run.
  public init(
    texts: [TextFingerprint], validationText: TextFingerprint? = nil, base: Base? = nil
  ) {
    run = String(UInt64.random(in: 1 << 60...UInt64.max), radix: 16)
    self.texts = texts.prefix(Self.limit).map(\.withoutFolder)
    textCount = texts.count
    self.validationText = validationText?.withoutFolder
    self.base = base
  }

  /// A value that no training gives, as key and value; nil if there is none.
  var impossibleValue: String? {
    guard texts.count <= min(Self.limit, textCount) else {
      return "'sources.text_count' is \(textCount)"
    }
    let sizes = (texts + [validationText].compactMap { $0 }).map(\.byteCount)
    return sizes.first { $0 < 0 }.map { "'sources' has a text of \($0) bytes" }
  }
}

extension TrainingSources.Base {
  package init(_ archive: SafetensorsArchive) throws {
    name = String(lastComponent(of: archive.name))
    weightsDigest = try archive.tensorDigest().hex
  }
}

extension TextFingerprint {
  fileprivate var withoutFolder: TextFingerprint {
    var copy = self
    copy.name = String(lastComponent(of: name))
    return copy
  }
}
