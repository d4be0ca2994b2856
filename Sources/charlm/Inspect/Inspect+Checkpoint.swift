import ModelFiles
import RecurrentNetwork
import Training

extension Inspect {
  /// The progress of the run that the checkpoint is of, for programs.
  func checkpointObject(_ archive: SafetensorsArchive) throws -> JSONLine {
    let checkpoint = try TrainingCheckpoint(archive)
    return JSONLine([
      ("file", archive.name), ("bytes", archive.byteCount),
      ("charlm_version", archive.metadata[TextModel.versionKey]),
      ("parameters", ParameterLayout(checkpoint.network).count),
      ("network", checkpoint.network), ("tokenizer", checkpoint.tokenizer),
      ("configuration", checkpoint.configuration), ("step", checkpoint.stepCount),
      ("epoch", checkpoint.epochs), ("characters_seen", checkpoint.charactersSeen),
      ("seconds", checkpoint.seconds), ("learning_rate_scale", checkpoint.learningRateScale),
      ("best", checkpoint.bestTraining), ("history", checkpoint.history),
      ("tensors", archive.tensors.map { Tensor(name: $0.name, shape: $0.shape) }),
    ])
  }

  /// The same for people.
  func checkpointReport(_ archive: SafetensorsArchive) throws -> String {
    let checkpoint = try TrainingCheckpoint(archive)
    return TextTable.pairs(
      file(archive) + [
        ("checkpoint", "to resume: charlm train --resume \(shellQuoted(archive.name))")
      ]
        + network(checkpoint.network) + tokenizer(checkpoint.tokenizer) + progress(checkpoint)
        + settings(checkpoint.configuration)
        + [("best so far", best(checkpoint))] + history(checkpoint.history)
        + files(checkpoint, archive.name) + tensors(archive))
  }

  /// The files that a resumed run reads and writes.
  private func files(_ checkpoint: TrainingCheckpoint, _ file: String) -> [(String, String)] {
    guard let command = try? RunCommand(of: checkpoint, file: file) else { return [] }
    let watching = (try? Train.parse(command.arguments))?.watchOptions
    let files = [
      ("model", command.output), ("log", watching?.log), ("plot", watching?.plot),
      ("TensorBoard", watching?.tensorboard), ("validation text", command.validationText?.name),
    ]
    return command.texts.map { ("text", "\($0.name), \($0.byteCount.grouped) bytes") }
      + files.compactMap { name, path in path.map { (name, $0) } }
  }

  private func progress(_ checkpoint: TrainingCheckpoint) -> [(String, String)] {
    let budget = checkpoint.configuration.budget
    let scale = checkpoint.learningRateScale
    return [
      (
        "progress",
        "step \(checkpoint.stepCount.grouped), epoch \(checkpoint.epochs.fixed(2)), "
          + "\(checkpoint.charactersSeen.grouped) characters, \(duration(checkpoint.seconds)), "
          + "of a budget of \(budget.text)"
          + (checkpoint.earlierSteps.map { ", from a model of \($0.grouped) steps" } ?? "")
          + (scale == 1 ? "" : ", at \(plain(scale)) times the learning rate of the schedule")
      )
    ]
  }

  private func best(_ checkpoint: TrainingCheckpoint) -> String {
    checkpoint.bestTraining.map { "\(validation($0)), after step \($0.steps.grouped)" } ?? "none"
  }
}
