import Benchmarking
import Compression
import Diagnosis
import Evaluation
import Generation
import Interchange
import ModelFiles
import Patterns
import Processes
import RecurrentNetwork
import Storage
import Tokenization
import Training

/// An error that a user can act on: it ends a command with one sentence and an exit status.
protocol CommandError: Error, CustomStringConvertible {
  var exitStatus: Int32 { get }
  /// The sentence for the user; the description unless there is more to say.
  var message: String { get }
}

extension CommandError {
  var message: String { description }
}

/// Options that are wrong or do not go together.
protocol UsageFault: CommandError {}

extension UsageFault {
  var exitStatus: Int32 { ExitStatus.usage }
}

/// A text, a model or another file with contents that cannot be used.
protocol DataFault: CommandError {}

extension DataFault {
  var exitStatus: Int32 { ExitStatus.badData }
}

extension BenchmarkingError: SettingsError {}
extension EvaluationSettingsError: SettingsError {}
extension GenerationSettingsError: SettingsError {}
extension NetworkError: SettingsError {}
extension PatternError: SettingsError {}
extension TokenizerSettingsError: SettingsError {}
extension TrainingSettingsError: SettingsError {}

extension ProcessError: UsageFault {}

extension CheckpointError: DataFault {}
extension ExportError: DataFault {}
extension ImportError: DataFault {}
extension SafetensorsError: DataFault {}
extension TextModelError: DataFault {}

// Faults of data that settings may remedy.
extension CompressionError: SettingsNamingError, DataFault {}
extension DiagnosisError: SettingsNamingError, DataFault {}
extension EvaluationError: SettingsNamingError, DataFault {}
extension GenerationError: SettingsNamingError, DataFault {}
extension TokenizationError: SettingsNamingError, DataFault {}

extension TokenizationError {
  /// The description and, where it is known, the command that converts the file.
  var message: String {
    let (file, content): (String, ContentGuess)
    switch self {
    case .invalidUTF8(let path, _, let guess?): (file, content) = (path, guess)
    case .otherEncoding(let path, let guess): (file, content) = (path, guess)
    case .notText(let path, let format): (file, content) = (path, .format(format))
    default: return messageNamingOptions
    }
    guard file != TextSource.standardInputName else { return messageNamingOptions }
    let command: String? =
      if case .format(let format) = content {
        format.converter.map { "\($0) \(shellQuoted(file))" }
      } else {
        content.encodingName.map { "iconv -f \($0) -t UTF-8 \(shellQuoted(file)) > utf8.txt" }
      }
    return command.map { "\(description.dropLast()): \($0)" } ?? description
  }
}

extension TrainingError: SettingsNamingError {
  var exitStatus: Int32 {
    switch self {
    case .notFinite, .gaveUp: ExitStatus.stoppedButResumable
    default: ExitStatus.badData
    }
  }
}

extension StorageError: CommandError {
  /// The description and, for a missing file, files whose names differ by their ending alone.
  var message: String {
    guard case .notFound(let path) = self else { return description }
    let others = [".safetensors", ".txt"].map { path + $0 }.filter(fileExists)
    guard !others.isEmpty else { return description }
    return "There is no file '\(path)': did you mean "
      + others.map { "'\($0)'" }.joined(separator: " or ") + "?"
  }

  var exitStatus: Int32 {
    switch self {
    case .notFound, .isDirectory, .noFiles, .cannotOpen: ExitStatus.inputMissing
    case .cannotCreate, .notReplaceable, .unreadPipe, .inUse: ExitStatus.cannotCreate
    case .readFailed, .writeFailed, .notDurable, .outputFailed: ExitStatus.readOrWriteFailed
    }
  }
}
