/// A library's error that names settings.
///
/// Libraries name settings in the words of their domain ("learning rate"); the command line appends
/// the options that set them.
protocol SettingsNamingError: CommandError {
  /// The settings that are wrong or that may help, in words.
  var settings: [String] { get }
}

/// A library's error in settings that the user chose.
protocol SettingsError: SettingsNamingError, UsageFault {}

extension SettingsNamingError {
  /// The description and the options, as in "The learning rate is -1: give a number above 0
  /// (--learning-rate)."
  var message: String { messageNamingOptions }

  var messageNamingOptions: String {
    let options = settings.compactMap(OptionName.of(setting:)).joined(separator: ", ")
    guard !options.isEmpty else { return description }
    return description.hasSuffix(".")
      ? "\(description.dropLast()) (\(options))." : "\(description) (\(options))"
  }
}

/// The command line's names of the libraries' settings.
package enum OptionName {
  /// Settings whose option is not spelled like them; nil for those that no option sets.
  static let exceptions: [String: String?] = [
    "vocabulary size": "--vocabulary-size",
    "number of layers": "--layers",
    "tied embeddings": "--tie-embeddings",
    "normalization groups": "--layer-norm-groups",
    "residual connections": "--residual",
    "number of shards": "--shards",
    "number of steps": "--max-steps",
    "number of epochs": "--epochs",
    "number of minutes": "--minutes",
    "number of warm-up steps": "--warmup-steps",
    "evaluation interval": "--evaluate-every",
    "L1 penalty": "--l1",
    "RMSProp decay": "--rmsprop-decay",
    "EMA decay": "--ema",
    "share of averaged steps": "--average-last",
    "Nesterov momentum": "--nesterov",
    "decay interval": "--decay-every",
    "decay start": "--decay-after",
    "minimum count": "--min-count",
    "minimum length": "--min-length",
    "invalid UTF-8": "--invalid-utf8 replace",
  ]

  /// The option of a setting: "learning rate" is set by `--learning-rate`.
  package static func of(setting: String) -> String? {
    exceptions[setting] ?? "--" + setting.lowercased().replacing(" ", with: "-")
  }
}
