import ArgumentParser
import Kernels
import ModelFiles
import RecurrentNetwork
import Reporting
import Tokenization

struct Inspect: Command {
  static let configuration = CommandConfiguration(
    abstract: "Show the contents of a model file or a checkpoint.",
    discussion: """
      Examples:
        charlm inspect novel.safetensors
        charlm inspect first.safetensors second.safetensors

      Of several files a table is printed; what cannot be read is reported after it. Every file is \
      first verified completely against its checksums.
      """)

  @Argument(
    help: ArgumentHelp(
      "The model file, or the checkpoint of a training run; or several.",
      valueName: "model"), completion: .file(extensions: ["safetensors", "checkpoint"]))
  var models: [String]

  @Flag(name: .shortAndLong, help: "Print a JSON object for each file, one a line.")
  var json = false

  @OptionGroup(title: "Machine") var shared: SharedOptions

  func execute() throws {
    let processor = try shared.processor()
    if models.count == 1 {
      let archive = try SafetensorsArchive(model: models[0])
      guard !json else { return try object(archive, processor: processor).print() }
      return try StandardOutput.write(report(archive, processor: processor))
    }
    var faults: [any CommandError] = []
    /// What `show` returns for each file; a file that cannot be read is reported after all others.
    func shown<Result>(_ show: (SafetensorsArchive) throws -> Result) throws -> [Result] {
      try models.compactMap { path in
        do {
          return try show(SafetensorsArchive(model: path))
        } catch let fault as any CommandError {
          faults.append(fault)
          return nil
        }
      }
    }
    if json {
      for object in try shown({ try object($0, processor: processor) }) { try object.print() }
    } else {
      let rows = try shown { try row($0, processor: processor) }
      if !rows.isEmpty { try StandardOutput.write(table(rows)) }
    }
    guard let last = faults.popLast() else { return }
    for fault in faults { StandardError.write("charlm: \(harmless(fault.message))\n") }
    throw last
  }

  private func object(_ archive: SafetensorsArchive, processor: Processor) throws -> JSONLine {
    guard !archive.isCheckpoint else { return try checkpointObject(archive) }
    let model = try TextModel(archive, processor: processor)
    return try JSONLine([
      ("file", archive.name), ("bytes", archive.byteCount),
      ("charlm_version", archive.metadata[TextModel.versionKey]),
      ("parameters", model.weights.parameters.count),
      ("weights_sha256", archive.tensorDigest().hex),
      ("network", model.weights.configuration), ("tokenizer", model.tokenizer),
      ("training", model.training),
      ("tensors", archive.tensors.map { Tensor(name: $0.name, shape: $0.shape) }),
    ])
  }

  struct Tensor: Encodable {
    let name: String
    let shape: [Int]
  }

  private func report(_ archive: SafetensorsArchive, processor: Processor) throws -> String {
    guard !archive.isCheckpoint else { return try checkpointReport(archive) }
    let model = try TextModel(archive, processor: processor)
    return try TextTable.pairs(
      file(archive) + network(model.weights.configuration)
        + [("SHA-256 of weights", archive.tensorDigest().hex)] + tokenizer(model.tokenizer)
        + training(model.training) + tensors(archive))
  }

  /// Anything longer is not a version.
  private static let longestVersion = 40

  func file(_ archive: SafetensorsArchive) -> [(String, String)] {
    [
      (
        archive.name,
        "\(archive.byteCount.grouped) bytes, verified"
          + (archive.metadata[TextModel.versionKey].map {
            ", written by charlm \(visible(String($0.prefix(Self.longestVersion))))"
          } ?? "")
      )
    ]
  }

  func tensors(_ archive: SafetensorsArchive) -> [(String, String)] {
    archive.tensors.map { ($0.name, $0.shape.map(String.init).joined(separator: " x ")) }
  }

  func network(_ network: NetworkConfiguration) -> [(String, String)] {
    [
      (
        "network",
        network.cell.rawValue + (network.activation.map { " (\($0.rawValue))" } ?? "")
          + ", \(network.layerCount) x \(network.hiddenSize) units, "
          + "embedding \(network.embeddingSize)\(network.tiesEmbeddings ? ", tied" : "")"
          + (network.normalizationGroups.map {
            ", normalized in \($0) group\($0 == 1 ? "" : "s")"
          } ?? "") + (network.isResidual ? ", residual" : "")
      ),
      ("parameters", ParameterLayout(network).count.grouped),
    ]
  }

  func tokenizer(_ tokenizer: Tokenizer) -> [(String, String)] {
    let configuration = tokenizer.configuration
    let units = (0..<tokenizer.vocabularySize).prefix(400).map {
      visible(tokenizer.vocabulary.spelling(of: TokenID($0)))
    }
    return [
      (
        "tokenizer",
        "unit \(configuration.unit.rawValue), normalization "
          + "\(configuration.normalization.rawValue), "
          + "case \(configuration.foldsCase ? "folded" : "kept"), "
          + "newlines \(configuration.newlines.rawValue), "
          + "documents \(configuration.documents.rawValue), "
          + "minimum count \(configuration.minimumCount), "
          + "Unicode \(visible(tokenizer.unicodeVersion))"
      ),
      (
        "vocabulary",
        "\(tokenizer.vocabularySize.grouped) tokens: unknown, end of text, and "
          + (tokenizer.vocabulary.unit == .byte
            ? "all bytes"
            : units.dropFirst(2).joined(separator: " ")
              + (units.count < tokenizer.vocabularySize ? " ..." : ""))
      ),
    ]
  }

  /// The settings of the optimizer, without those that have no effect.
  private func optimizer(_ configuration: TrainingConfiguration) -> String {
    func text(_ name: String, _ value: Double?) -> String? {
      value.map { $0 == 0 ? nil : "\(name) \($0)" } ?? nil
    }
    return [
      "\(configuration.optimizer.rawValue) \(configuration.learningRate)",
      text("momentum", configuration.momentum),
      configuration.isNesterov ? "Nesterov" : nil,
      text("smoothing", configuration.smoothing),
      configuration.schedule.rawValue,
      text("decay every", configuration.decayEvery),
      text("decay after", configuration.decayAfter),
      text("decay factor", configuration.decayFactor),
      "warm-up \(configuration.warmupSteps)",
      "clip norm \(configuration.clipNorm.map { "\($0)" } ?? "none")",
      text("clip value", configuration.clipValue),
      text("weight decay", configuration.weightDecay),
      text("L1", configuration.l1),
      configuration.decayScope == .matrices ? "of matrices only" : nil,
      text("average of weights", configuration.averageDecay),
      configuration.averageLast.map { "mean of the weights of the last \($0) of the budget" },
    ].compactMap { $0 }.joined(separator: ", ")
  }

  private func text(of initialization: Initialization) -> String {
    [
      initialization.weights.rawValue,
      initialization.recurrentWeights.map { "recurrent \($0.rawValue)" },
      initialization.forgetBias.map { "forget bias \($0)" },
      initialization.outputBias.map { "output bias \($0.rawValue)" },
    ].compactMap { $0 }.joined(separator: ", ")
  }

  /// The dropout rates; those that are 0 are omitted, except the first.
  private func dropout(_ configuration: TrainingConfiguration) -> String {
    var text = "dropout \(configuration.dropout)"
    if configuration.dropout > 0, configuration.dropoutMask == .perStep { text += " (per step)" }
    for (name, rate) in [
      ("embedding", configuration.embeddingDropout), ("recurrent", configuration.recurrentDropout),
    ] where rate > 0 {
      text += ", \(name) dropout \(rate)"
    }
    return text
  }

  private func training(_ training: TrainingSummary) -> [(String, String)] {
    let configuration = training.configuration
    let budget = configuration.budget
    return [
      (
        "trained",
        "\(training.steps.grouped) steps, \(training.charactersSeen.grouped) characters, "
          + "\(duration(training.seconds)), of a budget of \(budget.text)"
          + (training.earlierSteps.map { ", from a model of \($0.grouped) steps" } ?? "")
      )
    ] + sources(training.sources) + settings(configuration)
      + [("validation", validation(training))]
      + history(training.history)
  }

  /// The texts that a report of one model shows; `--json` has all that are recorded.
  private static let shownTextCount = 20

  /// The texts and the model that the weights come from.
  private func sources(_ sources: TrainingSources?) -> [(String, String)] {
    guard let sources else { return [] }
    func row(_ name: String, _ text: TextFingerprint) -> (String, String) {
      (
        name,
        "\(visible(text.name, keepingSpaces: true)), \(text.byteCount.grouped) bytes, "
          + "SHA-256 \(shortened(text.digest))"
      )
    }
    let texts = sources.texts.prefix(Self.shownTextCount)
    let others = sources.textCount - texts.count
    return texts.map { row("text", $0) }
      + (others > 0 ? [("", "and \(others.grouped) more texts")] : [])
      + (sources.validationText.map { [row("validation text", $0)] } ?? [])
      + (sources.base.map { base in
        let name = visible(base.name, keepingSpaces: true)
        return [("trained from", "\(name), weights \(shortened(base.weightsDigest))")]
      } ?? [])
  }

  /// The digits of a digest where it only has to distinguish a few files.
  private static let digestDigits = 12

  func shortened(_ digest: String) -> String {
    visible(String(digest.prefix(Self.digestDigits)))
  }

  func settings(_ configuration: TrainingConfiguration) -> [(String, String)] {
    [
      (
        "settings",
        "batch \(configuration.batchSize), window \(configuration.windowLength), "
          + "\(dropout(configuration)), seed \(configuration.seed)"
      ),
      ("initial weights", text(of: configuration.initialization)),
      ("optimizer", optimizer(configuration)),
    ]
  }

  func validation(_ training: TrainingSummary) -> String {
    training.validationNatsPerToken.map {
      "\($0.fixed(4)) nats per token on \(training.validationTokens.grouped) tokens"
        + (training.configuration.validationSplit == .interleaved ? " in blocks of the text" : "")
    } ?? "none"
  }

  private static let sparklineWidth = 60

  /// The course of the loss, if it was recorded: a line for training and one for validation.
  func history(_ history: TrainingHistory?) -> [(String, String)] {
    let points = history?.points ?? []
    func row(_ name: String, _ losses: [(step: Int, nats: Double)]) -> (String, String)? {
      guard losses.count > 1, let first = losses.first, let last = losses.last else { return nil }
      return (
        name,
        sparkline(losses.map(\.nats), width: Self.sparklineWidth)
          + "  \(first.nats.fixed(3)) to \(last.nats.fixed(3)) nats per token, "
          + "step \(first.step.grouped) to \(last.step.grouped)"
      )
    }
    return [
      row("training loss", points.map { ($0.step, $0.trainingNatsPerToken) }),
      row(
        "validation loss",
        points.compactMap { point in point.validationNatsPerToken.map { (point.step, $0) } }),
    ].compactMap { $0 }
  }
}

extension TrainingConfiguration.Budget {
  /// For people, such as `15 minutes or 40 passes`.
  var text: String {
    "\(plain(amount)) \(unit.rawValue)" + (mostEpochs.map { " or \(plain($0)) passes" } ?? "")
  }
}
