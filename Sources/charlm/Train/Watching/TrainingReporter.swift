import ModelFiles
import Training

/// Tells all who watch a training run how it goes, and saves each improvement and each checkpoint.
struct TrainingReporter {
  private(set) var files: RunOutputs
  private var observers: [any TrainingObserver]
  private let samples: SampleWriter
  /// Steps between the samples that were asked for; nil for none.
  let sampleInterval: Int?
  /// Whether a person at a terminal is shown a sample now and then, without asking for it.
  private let samplesImprovements: Bool
  private let stopwatch = Stopwatch()
  private var lastSampleSeconds = 0.0

  private static let secondsBetweenSamples = 30.0

  init(
    files: RunOutputs, observers: [any TrainingObserver], samples: SampleWriter,
    sampleInterval: Int?,
    samplesImprovements: Bool
  ) {
    self.files = files
    self.observers = observers
    self.samples = samples
    self.sampleInterval = sampleInterval
    self.samplesImprovements = samplesImprovements
  }

  /// Before `report`, where a run goes on from `checkpoint`: what was told of later steps is forgotten.
  mutating func resume(after checkpoint: TrainingCheckpoint) throws {
    let earlier = EarlierPart(
      stepCount: checkpoint.stepCount, history: checkpoint.history,
      pendingLosses: files.origin.pendingLosses ?? [:])
    for index in observers.indices { try observers[index].resume(after: earlier) }
  }

  mutating func report(_ event: TrainingEvent) throws {
    switch event {
    case .improved(let model): try files.write(model)
    case .checkpoint(let checkpoint):
      try files.write(checkpoint, pendingLosses: pendingLosses)
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
    if result.reason != .interrupted { try files.finish(result.model) }
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
