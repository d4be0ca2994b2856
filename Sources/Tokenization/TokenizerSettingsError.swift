/// The settings of a tokenizer that can be wrong; the raw value is the name in words.
public enum TokenizerSetting: String, Sendable, CaseIterable {
  case minimumCount = "minimum count"
  case documents = "documents"
  case newlines = "newlines"
}

/// Errors in the settings of a tokenizer.
public enum TokenizerSettingsError: Error, Equatable, CustomStringConvertible {
  /// The minimum count is less than 1.
  case minimumCountTooSmall(minimumCount: Int)
  /// The minimum count would make bytes unknown, but a vocabulary of bytes has all of them.
  case minimumCountOfBytes(minimumCount: Int)
  /// Documents are separated by line feeds, but other line ends are kept.
  case documentsOfKeptNewlines(DocumentSeparator)

  /// The settings concerned, in the words of the description.
  public var settings: [String] {
    switch self {
    case .minimumCountTooSmall, .minimumCountOfBytes: [TokenizerSetting.minimumCount.rawValue]
    case .documentsOfKeptNewlines:
      [TokenizerSetting.documents.rawValue, TokenizerSetting.newlines.rawValue]
    }
  }

  /// What is wrong, where, and what to do, in one sentence.
  public var description: String {
    switch self {
    case .minimumCountTooSmall(let minimumCount):
      "The minimum count is \(minimumCount): give 1 or more."
    case .minimumCountOfBytes(let minimumCount):
      "The minimum count is \(minimumCount), but no byte is ever unknown: "
        + "leave it at 1, or choose another unit."
    case .documentsOfKeptNewlines(let documents):
      "Documents are separated by \(documents == .lines ? "line ends" : "blank lines"), "
        + "but line ends are kept as they are: let them become LF, or make each file a document."
    }
  }
}
