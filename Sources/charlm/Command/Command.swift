import ArgumentParser
import Benchmarking
import Compression
import Evaluation
import Generation
import Kernels
import ModelFiles
import Patterns
import RecurrentNetwork
import Storage
import Tokenization
import Training

/// A verb. What its `execute` throws becomes one sentence on standard error and the contract's exit code.
protocol Command: ParsableCommand {
  func execute() throws
}

extension Command {
  func run() throws {
    do {
      try execute()
    } catch let error where exitStatus(for: error) != nil {
      let message = (error as? any SettingsError)?.messageWithOptions ?? "\(error)"
      StandardError.write("charlm: \(message)\n")
      throw ExitCode(exitStatus(for: error)!)
    }
  }
}

/// The exit codes of sysexits.h, as far as they are used.
enum ExitStatus {
  static let usage: Int32 = 64
  static let badData: Int32 = 65
  static let inputMissing: Int32 = 66
  static let cannotCreate: Int32 = 73
  static let readOrWriteFailed: Int32 = 74
  static let stoppedButResumable: Int32 = 75
  /// And the signal's number.
  static let afterSignal: Int32 = 128
}

/// The exit code for an error of this package; nil for one of the argument parser.
private func exitStatus(for error: any Error) -> Int32? {
  switch error {
  case let error as StorageError: exitStatus(ofStorage: error)
  case is any SettingsError: ExitStatus.usage
  case TokenizationError.minimumCountTooSmall, TokenizationError.minimumCountOfBytes,
    TrainingError.invalidSetting, TrainingError.unusedSetting, is UsageError,
    is BenchmarkingError, EvaluationError.settingOutOfRange,
    GenerationError.temperatureOutOfRange, GenerationError.topKTooSmall,
    GenerationError.lengthTooSmall, GenerationError.minimumLengthOutOfRange,
    GenerationError.emptyStop, GenerationError.settingOutOfRange,
    GenerationError.contradictingSettings, GenerationError.everythingBanned,
    GenerationError.severalTokens, GenerationError.pattern, is PatternError:
    ExitStatus.usage
  case TrainingError.notFinite, TrainingError.gaveUp, is ResumableStop:
    ExitStatus.stoppedButResumable
  case is TokenizationError, is CheckpointError, is SafetensorsError, is TextModelError,
    is TrainingError,
    is EvaluationError, is CompressionError, is GenerationError, is TokenListError,
    is DiagnosisError:
    ExitStatus.badData
  default: nil
  }
}

private func exitStatus(ofStorage error: StorageError) -> Int32 {
  switch error {
  case .notFound, .isDirectory, .cannotOpen: ExitStatus.inputMissing
  case .cannotCreate, .alreadyExists, .inUse: ExitStatus.cannotCreate
  case .readFailed, .writeFailed, .notDurable, .outputFailed: ExitStatus.readOrWriteFailed
  }
}
