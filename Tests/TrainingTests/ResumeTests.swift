import ModelFiles
import RecurrentNetwork
import TestSupport
import Testing
import Tokenization
import Training

/// A run that was stopped and resumed gives the same results as an uninterrupted one.
@Suite struct ResumeTests {
  @Test(arguments: CellKind.allCases, [1, 2])
  func aResumedRunGoesOnToTheSameBits(cell: CellKind, threadCount: Int) throws {
    var small = try SmallRun(cell)
    small.threadCount = threadCount
    let uninterrupted = try small.events()
    #expect(uninterrupted.validations.contains { !$0.isBest } && uninterrupted.improvements > 2)
    #expect(uninterrupted.steps.last!.epochs > 2)
    #expect(uninterrupted.snapshots == Array(stride(from: 9, through: 99, by: 9)))
    #expect(uninterrupted.history.count > 2 && uninterrupted.history[1][0] == 14)
    var numbers = SystemRandomNumberGenerator()
    // The first step, one with a validation, one with that and a snapshot, the last but one.
    var steps = Set([1, 7, 63, 99])
    while steps.count < Torture.count(short: 5, long: 100) {
      steps.insert(Int.random(in: 0..<100, using: &numbers))
    }
    for step in steps {
      var events = SmallRun.Events()
      let checkpoint = try small.follow(&events, forSteps: step)
      // With another number of threads: a checkpoint moves between machines.
      var other = small
      other.threadCount = 3 - threadCount
      try other.follow(&events, resuming: checkpoint)
      #expect(events == uninterrupted, "stopped before step \(step + 1)")
    }
    Torture.tell(
      "resumed at \(steps.count) steps, \(cell.rawValue), \(threadCount) then \(3 - threadCount) threads",
      "weights, steps and validations equal to the bit: \(steps.count)")
  }

  @Test func aCheckpointOfEveryStepChangesNothing() throws {
    let small = try SmallRun(.gru, steps: 30)
    var events = SmallRun.Events()
    var steps: [Int] = []
    try small.follow(
      &events, checkpoints: CheckpointPlan(seconds: 0, includesEnd: true),
      keep: { steps.append($0.stepCount) })
    #expect(try events == small.events())
    #expect(steps == Array(0...30))
  }

  @Test func aFinishedRunGoesOnWithALargerBudget() throws {
    var small = try SmallRun(.lstm, steps: 21)
    small.configuration.schedule = .constant
    var events = SmallRun.Events()
    var last: TrainingCheckpoint?
    try small.follow(
      &events, checkpoints: CheckpointPlan(includesEnd: true), keep: { last = try $0.stored() })
    let checkpoint = try #require(last)
    var again = SmallRun.Events()
    try small.follow(&again, resuming: checkpoint)
    #expect(again.steps.isEmpty && again.parameters == events.parameters)
    small.configuration.budget = .init(42, .steps)
    try small.follow(&events, resuming: checkpoint)
    #expect(try events == small.events())
  }

  /// Before the average of the last part, within it and in its first and last step.
  @Test func theAverageOfTheLastPartSurvivesResuming() throws {
    var small = try SmallRun(.lstm, steps: 40)
    small.configuration.averageDecay = nil
    small.configuration.averageLast = 0.5
    small.configuration.learningRate = 0.02
    let uninterrupted = try small.events()
    for step in [5, 20, 21, 30, 39] {
      var events = SmallRun.Events()
      let checkpoint = try small.follow(&events, forSteps: step)
      var other = small
      other.threadCount = 2
      try other.follow(&events, resuming: checkpoint)
      #expect(events == uninterrupted, "stopped before step \(step + 1)")
    }
    small.configuration.averageLast = nil
    let plain = try small.events()
    #expect(plain.steps == uninterrupted.steps)
    // Validations after steps 7, 14, 21, 28, 35 and 40.
    #expect(plain.validations.prefix(2) == uninterrupted.validations.prefix(2))
    #expect(plain.validations.last != uninterrupted.validations.last)
  }

  @Test func tiedEmbeddingsAndATextOfItsOwnAreResumed() throws {
    var small = try SmallRun(.gru, steps: 20)
    small.network.tiesEmbeddings = true
    small.network.embeddingSize = small.network.hiddenSize
    small.configuration.optimizer = .sgd
    small.configuration.momentum = 0
    let uninterrupted = try small.events()
    var events = SmallRun.Events()
    let checkpoint = try small.follow(&events, forSteps: 9)
    try small.follow(&events, resuming: checkpoint)
    #expect(events == uninterrupted)
  }

  @Test func aResidualNetworkIsResumed() throws {
    var small = try SmallRun(.gru, steps: 20)
    small.network.isResidual = true
    let uninterrupted = try small.events()
    var events = SmallRun.Events()
    let checkpoint = try small.follow(&events, forSteps: 9)
    #expect(checkpoint.network.isResidual)
    try small.follow(&events, resuming: checkpoint)
    #expect(events == uninterrupted)
    small.network.isResidual = false
    #expect(try small.events() != uninterrupted)
  }

  @Test func patienceEndsARunAndSurvivesResuming() throws {
    var small = try SmallRun(.lstm, steps: 400)
    small.configuration.patience = 3
    small.configuration.learningRate = 0.1
    small.configuration.schedule = .constant
    let uninterrupted = try small.events()
    #expect(uninterrupted.reason == .patience)
    #expect(uninterrupted.validations.suffix(4).map(\.isBest) == [true, false, false, false])
    var events = SmallRun.Events()
    // Between the second validation without improvement and the third.
    let checkpoint = try small.follow(&events, forSteps: uninterrupted.steps.count - 3)
    try small.follow(&events, resuming: checkpoint)
    #expect(events == uninterrupted)
  }

  @Test func anotherTextIsRejected() throws {
    let small = try SmallRun(.lstm, steps: 9)
    var events = SmallRun.Events()
    let checkpoint = try small.follow(&events, forSteps: 0)
    let source = TextSource.text(SmallRun.text + "1", name: "longer")
    let run = try TrainingRun(
      tokens: TokenFile.write([source], tokenizer: small.tokenizer, beside: "/tmp/model"),
      tokenizer: small.tokenizer, network: small.network, configuration: small.configuration,
      processor: TrainingRunTests.processor)
    #expect(
      throws: CheckpointError.otherText(
        name: "The text",
        reason: "it has \(small.tokens.count + 1) tokens instead of \(small.tokens.count)")
    ) { try run.run(resuming: checkpoint) { _ in } }
  }
}
