import Foundation
import Kernels
import ModelFiles
import RecurrentNetwork
import Testing
import Tokenization
import Training

/// A run of a moment that can be stopped, resumed and disturbed.
struct SmallRun {
  let tokenizer: Tokenizer
  let tokens: TokenFile
  var network: NetworkConfiguration
  var configuration: TrainingConfiguration
  var threadCount = 1

  /// Everything that a checkpoint must hold is in use: moments, averages, dropout, epochs that end
  /// within the run, and rates so high that some validations do not improve.
  init(_ cell: CellKind, steps: Int = 100) throws {
    (tokenizer, tokens) = try TrainingRunTests.corpus(Self.text)
    network = NetworkConfiguration(
      cell: cell, vocabularySize: tokenizer.vocabularySize, embeddingSize: 5, hiddenSize: 9,
      layerCount: 2)
    configuration = TrainingRunTests.configuration(steps: steps)
    configuration.batchSize = 4
    configuration.windowLength = 10
    configuration.evaluateEvery = 7
    configuration.dropout = 0.1
    configuration.recurrentDropout = 0.1
    configuration.averageDecay = 0.8
    switch cell {
    case .lstm, .coupledLSTM:
      configuration.shards = cell == .lstm ? 1 : 4
      configuration.optimizer = .adam
      configuration.learningRate = cell == .lstm ? 0.2 : 0.8
    case .gru:
      configuration.shards = 3
      configuration.optimizer = .rmsProp
      configuration.momentum = 0.5
      configuration.learningRate = 0.2
    case .rnn:
      configuration.optimizer = .adagrad
      configuration.learningRate = 4
      configuration.averageDecay = nil
    }
  }

  static let text = (0..<60).map { "\($0 % 7) sheep, \($0 % 5) goats\n" }.joined()

  /// The events of a run, without times.
  struct Events: Equatable {
    var steps: [Trainer.Step] = []
    var validations: [ValidationResult] = []
    /// The steps before each of them.
    var snapshots: [Int] = []
    /// Of the best model: step, nats of training, nats of validation.
    var history: [[Double?]] = []
    var improvements = 0
    var skips: [SkippedStep] = []
    var rollbacks: [Rollback] = []
    var parameters: [UInt32] = []
    var reason = TrainingResult.Reason.steps
  }

  func run(_ backend: ComputeBackend = ComputeBackend()) throws -> TrainingRun {
    try TrainingRun(
      tokens: tokens, tokenizer: tokenizer, network: network, configuration: configuration,
      backend: backend, processor: Processor(threadCount: threadCount))
  }

  /// Runs, and appends the events to `events`.
  /// - Parameters:
  ///   - stepLimit: the number of steps in this call after which it is asked to stop, if necessary
  ///     within a validation.
  ///   - keepModel: receives each improved model.
  ///   - keep: receives each checkpoint.
  func follow(
    _ events: inout Events, resuming checkpoint: TrainingCheckpoint? = nil,
    checkpoints: CheckpointPlan = CheckpointPlan(),
    fault: @escaping (Int) -> InjectedFault? = { _ in nil },
    stepLimit: Int = .max, keepModel: (TextModel) throws -> Void = { _ in },
    keep: (TrainingCheckpoint) throws -> Void = { _ in }
  ) throws {
    var stepCount = 0
    let run = try run(
      ComputeBackend {
        FaultyEngine(
          ProcessorEngine(network: $0, configuration: $1, parameters: $2, processor: $3),
          fault: fault)
      })
    let result = try run.run(
      resuming: checkpoint, checkpoints: checkpoints, snapshotEvery: 9,
      shouldStop: { stepCount >= stepLimit }
    ) { event in
      switch event {
      case .started: break
      case .snapshot(let model): events.snapshots.append(model.training.steps)
      case .step(let step, _):
        events.steps.append(step)
        stepCount += 1
      case .validation(var validation):
        validation.seconds = 0
        events.validations.append(validation)
      case .improved(let model):
        events.improvements += 1
        try keepModel(model)
      case .skipped(let step): events.skips.append(step)
      case .rolledBack(let rollback): events.rollbacks.append(rollback)
      case .checkpoint(let checkpoint): try keep(checkpoint)
      }
    }
    events.reason = result.reason
    events.history = (result.model.training.history?.points ?? []).map {
      [Double($0.step), $0.trainingNatsPerToken, $0.validationNatsPerToken]
    }
    events.parameters = TrainingRunTests.parameters(result.model)
  }

  /// Runs for this many steps, and stores the checkpoint to resume from.
  func follow(
    _ events: inout Events, forSteps stepCount: Int
  ) throws -> TrainingCheckpoint {
    var checkpoint: TrainingCheckpoint?
    try follow(&events, stepLimit: stepCount, keep: { checkpoint = try $0.stored() })
    #expect(events.reason == .interrupted)
    guard let checkpoint else { throw Missing() }
    return checkpoint
  }

  private struct Missing: Error {}

  /// All events of an uninterrupted run.
  func events() throws -> Events {
    var events = Events()
    try follow(&events)
    return events
  }
}

extension TrainingCheckpoint {
  /// The checkpoint, written to a file and read again.
  func stored() throws -> TrainingCheckpoint {
    try TrainingCheckpoint(SafetensorsArchive(bytes: writer().bytes(name: "test"), name: "test"))
  }
}
