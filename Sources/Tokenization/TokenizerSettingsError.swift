/// The settings of a tokenizer that can be wrong; the raw value is the name in words.
public enum TokenizerSetting: String, Sendable, CaseIterable {
  case minimumCount = "minimum count"
}

/// Errors in the settings of a tokenizer.
public enum TokenizerSettingsError: Error, Equatable, CustomStringConvertible {
  /// The minimum count is less than 1.
  case minimumCountTooSmall(minimumCount: Int)
  /// The minimum count would make bytes unknown, but a vocabulary of bytes has all of them.
  case minimumCountOfBytes(minimumCount: Int)

  /// The settings concerned, in the words of the description.
  public var settings: [String] { [TokenizerSetting.minimumCount.rawValue] }

  public var description: String {
    switch self {
    case .minimumCountTooSmall(let minimumCount):
      "The minimum count is \(minimumCount): give 1 or more."
    case .minimumCountOfBytes(let minimumCount):
      "The minimum count is \(minimumCount), but no byte is ever unknown: "
        + "leave it at 1, or choose another unit."
    }
  }
}
