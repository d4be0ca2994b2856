import ModelFiles
import Training

/// Tells all who watch a training run how it goes, and saves each improvement.
struct TrainingReporter {
  private let output: String
  private var observers: [any TrainingObserver]
  private let samples: Samples
  /// Steps between the samples that were asked for; nil for none.
  let sampleInterval: Int?
  /// Whether a person at a terminal is shown a sample now and then, without asking for it.
  private let samplesImprovements: Bool
  private let stopwatch = Stopwatch()
  private var lastSampleSeconds = 0.0

  private static let secondsBetweenSamples = 30.0

  init(
    output: String, observers: [any TrainingObserver], samples: Samples, sampleInterval: Int?,
    samplesImprovements: Bool
  ) {
    self.output = output
    self.observers = observers
    self.samples = samples
    self.sampleInterval = sampleInterval
    self.samplesImprovements = samplesImprovements
  }

  /// Before `report`, where a run goes on from `step`: what was told of later ones is forgotten.
  mutating func resume(atStep step: Int, history: TrainingHistory) throws {
    for index in observers.indices {
      try observers[index].resume(atStep: step, history: history)
    }
  }

  mutating func report(_ event: TrainingEvent) throws {
    if case .improved(let model) = event { try model.write(to: output) }
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
    for index in observers.indices { try observers[index].finish(result) }
  }

  private mutating func showSample(of model: TextModel) throws {
    lastSampleSeconds = stopwatch.seconds
    guard let sample = try samples.sample(of: model) else { return }
    for index in observers.indices { try observers[index].observe(sample) }
  }
}
