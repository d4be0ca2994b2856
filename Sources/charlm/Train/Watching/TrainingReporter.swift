import ModelFiles
import Training

/// Passes the events of a training run to its observers, and saves each improvement and each
/// checkpoint.
struct TrainingReporter {
  private(set) var outputs: RunOutputs
  private var observers: [any TrainingObserver]
  let samples: SampleWriter
  /// Steps between the samples that the user asked for; nil for none.
  let sampleInterval: Int?
  /// Whether a person at a terminal is shown occasional samples without asking for them.
  private let samplesImprovements: Bool
  private let stopwatch = Stopwatch()
  private var lastSampleSeconds = 0.0

  private static let secondsBetweenSamples = 30.0

  init(
    outputs: RunOutputs, observers: [any TrainingObserver], samples: SampleWriter,
    sampleInterval: Int?,
    samplesImprovements: Bool
  ) {
    self.outputs = outputs
    self.observers = observers
    self.samples = samples
    self.sampleInterval = sampleInterval
    self.samplesImprovements = samplesImprovements
  }

  /// Called before `report` if the run is resumed from `checkpoint`; reports of later steps are
  /// removed.
  mutating func resume(after checkpoint: TrainingCheckpoint) throws {
    let earlier = EarlierPart(
      stepCount: checkpoint.stepCount, history: checkpoint.history,
      pendingLosses: outputs.command.pendingLosses ?? [:])
    for index in observers.indices { try observers[index].resume(after: earlier) }
  }

  mutating func report(_ event: TrainingEvent) throws {
    switch event {
    case .improved(let model): try outputs.write(model)
    case .checkpoint(let checkpoint):
      for index in observers.indices { try observers[index].synchronize() }
      try outputs.write(checkpoint, pendingLosses: pendingLosses)
    default: break
    }
    for index in observers.indices { try observers[index].observe(event) }
    switch event {
    case .snapshot(let model): try showSample(of: model)
    case .improved(let model) where samplesImprovements:
      guard stopwatch.seconds - lastSampleSeconds >= Self.secondsBetweenSamples else { break }
      try showSample(of: model)
    default: break
    }
  }

  mutating func finish(_ result: TrainingResult) throws {
    if result.reason != .interrupted { try outputs.finish(result.model) }
    for index in observers.indices { try observers[index].finish(result) }
  }

  private var pendingLosses: [String: MeanLoss] {
    observers.reduce(into: [:]) { losses, observer in
      if let (name, loss) = observer.pendingLoss { losses[name] = loss }
    }
  }

  private mutating func showSample(of model: TextModel) throws {
    lastSampleSeconds = stopwatch.seconds
    guard let sample = try samples.sample(of: model) else { return }
    for index in observers.indices { try observers[index].observe(sample) }
  }
}
