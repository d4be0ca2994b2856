/// A library's error about settings that a user chose: a usage error.
///
/// Libraries name settings in the words of their domain ("learning rate"); the command line adds the options that
/// set them.
protocol SettingsError: Error, CustomStringConvertible {
  /// The settings concerned, in the words of the description.
  var settings: [String] { get }
}

extension SettingsError {
  /// The description and the options: "The learning rate is -1: give a number above 0 (--learning-rate)."
  var messageWithOptions: String {
    let options = settings.map(OptionName.of(setting:)).joined(separator: ", ")
    guard !options.isEmpty else { return description }
    return description.hasSuffix(".")
      ? "\(description.dropLast()) (\(options))." : "\(description) (\(options))"
  }
}

/// The command line's names of the libraries' settings.
enum OptionName {
  /// Settings whose option is not spelled like them.
  static let exceptions: [String: String] = [
    "number of layers": "--layers",
    "tied embeddings": "--tie-embeddings",
  ]

  /// The option of a setting: "learning rate" is set by `--learning-rate`.
  static func of(setting: String) -> String {
    exceptions[setting] ?? "--" + setting.lowercased().replacing(" ", with: "-")
  }
}
