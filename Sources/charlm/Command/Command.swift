import ArgumentParser

/// A verb of the command line.
///
/// `Charlm.main` makes of a `CommandError` that `execute` throws one sentence on standard error and
/// an exit status; any other error is left to the argument parser.
protocol Command: ParsableCommand {
  func execute() throws
}

extension Command {
  func run() throws { try execute() }
}

/// The exit statuses of sysexits.h that charlm uses.
enum ExitStatus {
  static let usage: Int32 = 64
  static let badData: Int32 = 65
  static let inputMissing: Int32 = 66
  static let cannotCreate: Int32 = 73
  static let readOrWriteFailed: Int32 = 74
  static let stoppedButResumable: Int32 = 75
  /// Plus the number of the signal.
  static let afterSignal: Int32 = 128
}
