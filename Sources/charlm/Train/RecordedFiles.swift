import ModelFiles
import Storage
import Training

/// The files that a checkpoint says its run reads and writes.
///
/// A checkpoint may come from somebody else, who must not choose which files of this machine are
/// overwritten, nor which pipes or devices are read. A recorded output is used only if it is in the
/// folder of the checkpoint or below it, is not hidden, and does not exist or is of its kind. All
/// others must be given again on the command line.
struct RecordedFiles {
  /// What names files on the command line.
  enum Option: String {
    case texts
    case validationFile = "--validation-file"
    case output = "--output"
    case log = "--log"
    case plot = "--plot"
    case tensorboard = "--tensorboard"
  }

  private let checkpointPath: String
  private let outputs: [(option: Option, path: String)]
  private let inputs: [(option: Option, path: String)]

  /// - Parameters:
  ///   - checkpoint: the path of the checkpoint.
  ///   - command: the recorded command, and `watching` its options.
  init(checkpoint: String, command: RunCommand, watching: WatchOptions) {
    checkpointPath = checkpoint
    let all: [(Option, String?)] = [
      (.output, command.output), (.log, watching.log), (.plot, watching.plot),
      (.tensorboard, watching.tensorboard),
    ]
    outputs = all.compactMap { option, path in path.map { (option, $0) } }
    let texts: [(Option, String)] = command.texts.map { (.texts, $0.name) }
    inputs = texts + (command.validationText.map { [(.validationFile, $0.name)] } ?? [])
  }

  /// The command that resumes the run, for a shell.
  var resumeCommand: String {
    let options = outputs.filter { !isTrusted($0.option, $0.path) }.map(argument)
    return (["charlm train --resume \(shellQuoted(checkpointPath))"] + options)
      .joined(separator: " ")
  }

  /// Rejects outputs that must be given again and were not, and texts that are not plain files.
  /// - Parameter given: what was given again.
  /// - Throws: `UsageError.recordedOutputs`, `.recordedText` or `CheckpointError.impossible`.
  func check(given: Set<Option>) throws {
    guard !(outputs + inputs).contains(where: { $0.path.utf8.contains(0) }) else {
      throw CheckpointError.impossible(
        file: checkpointPath, reason: "the name of one of its files contains a zero byte.")
    }
    let refused = outputs.filter { !given.contains($0.option) && !isTrusted($0.option, $0.path) }
    guard refused.isEmpty else {
      throw UsageError.recordedOutputs(
        checkpoint: checkpointPath, options: refused.map(argument))
    }
    let unsafe = inputs.first { !given.contains($0.option) && !isSafeText($0.path) }
    if let unsafe { throw UsageError.recordedText(checkpoint: checkpointPath, text: unsafe.path) }
  }

  /// Whether the file at `path` was written by the run of `checkpoint`, which may continue it.
  func isContinued(_ path: String, by checkpoint: TrainingCheckpoint) -> Bool {
    outputs.contains {
      ($0.path == path || isSameFile($0.path, path)) && isOfKind($0.option, path)
        && isOfRun($0.option, path, checkpoint)
    }
  }

  private func argument(_ output: (option: Option, path: String)) -> String {
    "\(output.option.rawValue) \(shellQuoted(output.path))"
  }

  /// Standard input is the user's own. A text that is missing is reported when it is read.
  private func isSafeText(_ path: String) -> Bool {
    guard path != "-", let file = try? InputFile(path: path) else { return true }
    return file.isRegularFile
  }

  private func isTrusted(_ option: Option, _ path: String) -> Bool {
    isInFolder(of: checkpointPath, path)
      && (!fileExists(path) || isOfKind(option, path))
  }

  /// Whether the file at `path` is of the kind that a run writes there.
  private func isOfKind(_ option: Option, _ path: String) -> Bool {
    switch option {
    case .output: (try? SafetensorsArchive(path: path))?.isModel ?? false
    case .log: begins(path, with: #"{"event":"#)
    case .plot: begins(path, with: "<svg ")
    // Files in it have names of our own, and only new ones are written.
    case .tensorboard, .texts, .validationFile: true
    }
  }

  /// Whether the file at `path`, which is of the right kind, names the run of `checkpoint`. Logs
  /// and charts of runs that began with an older version name none.
  private func isOfRun(
    _ option: Option, _ path: String, _ checkpoint: TrainingCheckpoint
  ) -> Bool {
    switch option {
    case .output:
      guard let archive = try? SafetensorsArchive(path: path) else { return false }
      return (try? TextModel.training(of: archive)).map(checkpoint.isOfRun) ?? false
    case .log:
      guard let run = checkpoint.sources?.run, let line = firstLine(path) else { return true }
      return line.contains(#""run":"\#(run)""#)
    case .plot:
      guard let run = checkpoint.sources?.run, let line = firstLine(path) else { return true }
      return line.contains(#"id="run-\#(run)""#)
    case .tensorboard, .texts, .validationFile: return true
    }
  }

  /// The first line of a file; nil if the file is empty.
  private func firstLine(_ path: String) -> String? {
    guard let file = try? MappedFile(path: path), file.byteCount > 0 else { return nil }
    return file.withBytes { bytes in
      String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
  }

  private func begins(_ path: String, with start: String) -> Bool {
    guard let file = try? MappedFile(path: path) else { return false }
    return file.byteCount == 0 || file.withBytes { $0.starts(with: start.utf8) }
  }
}
