import ModelFiles
import RecurrentNetwork
import TestSupport
import Testing
import Training

/// Infinities and NaNs are found in the step that meets them, and never reach an event or a file.
@Suite struct NotFiniteTests {
  static let places: [InjectedFault.Place] =
    EngineBuffer.allCases.map { .buffer($0) } + [.gradients, .carriedState, .nextState]

  static func isFinite(_ checkpoint: TrainingCheckpoint) -> Bool {
    let state = checkpoint.state.engine
    let buffers = state.buffers.values.map(\.self) + [checkpoint.best].compactMap { $0 }
    return buffers.allSatisfy { buffer in
      (0..<buffer.values.count).allSatisfy { buffer.values.start[$0].isFinite }
    } && state.carriedStates.allSatisfy { $0.values.allSatisfy(\.isFinite) }
  }

  @Test(arguments: CellKind.allCases)
  func oneBadNumberIsFoundInItsStepAndTheRunRecovers(cell: CellKind) throws {
    var small = try SmallRun(cell, steps: 30)
    small.configuration.optimizer = .adam
    small.configuration.momentum = 0
    small.configuration.averageDecay = 0.9
    var numbers = SystemRandomNumberGenerator()
    var found = 0
    let count = Torture.count(short: 1, long: 100)
    for place in Self.places {
      for value in [Float.nan, .infinity, -.infinity] {
        for _ in 0..<count {
          let step = Int.random(in: 1..<29, using: &numbers)
          let index = Int.random(in: 0..<1_000_000, using: &numbers)
          var isDone = false
          var events = SmallRun.Events()
          try small.follow(
            &events, checkpoints: CheckpointPlan(seconds: 0),
            fault: {
              guard $0 == step, !isDone else { return nil }
              isDone = true
              return InjectedFault(place, index: index, value: value)
            },
            keepModel: { model in
              #expect(
                TrainingRunTests.parameters(model).allSatisfy { Float(bitPattern: $0).isFinite })
            }, keep: { #expect(Self.isFinite($0)) })
          #expect(events.skips.map(\.step) == [step + 1], "\(place) \(value) at \(index)")
          let isSpoilt = if case .buffer = place { true } else { false }
          #expect(events.rollbacks.count == (isSpoilt ? 1 : 0))
          #expect(
            events.skips.first.map { Self.names($0.tensor, place) } ?? false, "\(events.skips)")
          #expect(events.reason == .steps)
          if events.skips.first?.step == step + 1 { found += 1 }
        }
      }
    }
    Torture.tell(
      "NaN and infinities put into weights, moments, averages, gradients and states, \(cell.rawValue)",
      "\(Self.places.count * 3 * count), found in the same step: \(found)")
  }

  /// Whether a message that names `tensor` identifies the fault.
  private static func names(_ tensor: String, _ place: InjectedFault.Place) -> Bool {
    switch place {
    case .buffer(.parameters): !tensor.contains("the ") && tensor.contains(".")
    case .buffer(.firstMoments): tensor.contains("moments of") || tensor.contains(".")
    case .buffer(.secondMoments): tensor.contains("second moments of") || tensor.contains(".")
    case .buffer(.averages): tensor.contains("averages of")
    case .gradients: tensor.contains("gradients of")
    case .carriedState, .nextState: tensor == "the carried state"
    }
  }

  @Test func threeSkippedStepsInARowLeadBackWithHalfTheRate() throws {
    let small = try SmallRun(.lstm, steps: 40)
    var attempts = 0
    var events = SmallRun.Events()
    try small.follow(
      &events,
      fault: { step in
        guard (16...18).contains(step), attempts < 3 else { return nil }
        attempts += 1
        return InjectedFault(.gradients, index: 3, value: .nan)
      })
    #expect(events.skips.map(\.step) == [17, 18, 19])
    #expect(events.rollbacks == [Rollback(step: 14, learningRateScale: 0.5)])
    #expect(events.steps.map(\.number) == Array(1...16) + Array(15...40))
    let uninterrupted = try small.events()
    #expect(
      events.steps[14..<16].map(\.natsPerToken) == uninterrupted.steps[14..<16].map(\.natsPerToken))
    #expect(events.steps[16].natsPerToken == uninterrupted.steps[14].natsPerToken)
    #expect(events.steps[16].learningRate == uninterrupted.steps[14].learningRate / 2)
    #expect(events.snapshots == [9, 18, 18, 27, 36])
    let history = events.history.compactMap { $0[0] }
    #expect(history == [7, 14, 21, 28, 35, 40].filter { $0 <= history.last ?? 0 })
    #expect(history.count > 2)
  }

  @Test func twoSkippedStepsAreGoneOverAndOthersGoOn() throws {
    let small = try SmallRun(.gru, steps: 20)
    var events = SmallRun.Events()
    try small.follow(
      &events,
      fault: {
        [4, 5].contains($0) ? InjectedFault(.gradients, index: $0, value: .infinity) : nil
      })
    #expect(events.skips.map(\.step) == [5, 6])
    #expect(events.rollbacks.isEmpty)
    #expect(events.steps.map(\.number) == Array(1...4) + Array(7...20))
  }

  @Test func aRunGivesUpAfterThreeReturnsAndCanBeResumed() throws {
    var small = try SmallRun(.rnn, steps: 40)
    var events = SmallRun.Events()
    var last: TrainingCheckpoint?
    #expect(
      throws: TrainingError.gaveUp(
        step: 18, tensor: "the gradients of embedding.weight", rollbackCount: 3)
    ) {
      try small.follow(
        &events, fault: { $0 >= 15 ? InjectedFault(.gradients, index: 0, value: .nan) : nil },
        keep: { last = try $0.stored() })
    }
    #expect(events.rollbacks.map(\.learningRateScale) == [0.5, 0.25, 0.125])
    #expect(Set(events.rollbacks.map(\.step)) == [14])
    let checkpoint = try #require(last)
    #expect(checkpoint.stepCount == 14 && Self.isFinite(checkpoint))
    let before = events.steps.count
    try small.follow(&events, resuming: checkpoint)
    #expect(events.reason == .steps)
    // A newly chosen rate is used without the run's earlier roll-backs.
    let peak = small.configuration.learningRate
    small.configuration.learningRate = peak / 4
    let place = events.steps.count
    try small.follow(&events, resuming: checkpoint)
    let ratio = events.steps[place].learningRate / events.steps[before].learningRate
    #expect(abs(ratio - (peak / 4) / (peak / 8)) < 1e-12)
  }
}
