import Foundation
import Kernels
import Testing

/// Each optimizer's pass over the parameters against its definition in double precision.
@Suite struct UpdateRuleTests {
  static let rules: [UpdateRule] = [
    .sgd(momentum: 0, isNesterov: false), .sgd(momentum: 0.9, isNesterov: false),
    .sgd(momentum: 0.9, isNesterov: true),
    .rmsProp(smoothing: 0.95, momentum: 0, epsilon: 1e-8),
    .rmsProp(smoothing: 0.95, momentum: 0.8, epsilon: 1e-8), .adagrad(epsilon: 1e-10),
    .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8),
  ]

  /// Twenty updates of numbers of about 1 in float32, each of which rounds.
  static let tolerance = 5e-6
  static let count = 37

  /// One parameter's update by the definition.
  struct Definition {
    var p: Double
    var average: Double
    var m = 0.0
    var v = 0.0

    mutating func update(_ update: ParameterUpdate, gradient: Double) {
      var g = gradient * update.gradientScale
      if let limit = update.clipValue { g = max(-limit, min(limit, g)) }
      let sign = p == 0 ? 0.0 : p < 0 ? -1 : 1
      let decay = update.weightDecay * p + update.l1 * sign
      if update.isDecayDecoupled { p -= update.learningRate * decay } else { g += decay }
      p -= update.learningRate * direction(update, g)
      average = (1 - update.averageShare) * average + update.averageShare * p
    }

    private mutating func direction(_ update: ParameterUpdate, _ g: Double) -> Double {
      switch update.rule {
      case .sgd(let momentum, let isNesterov):
        m = momentum * m + g
        return isNesterov ? g + momentum * m : m
      case .rmsProp(let smoothing, let momentum, let epsilon):
        v = smoothing * v + (1 - smoothing) * g * g
        m = momentum * m + g / (v.squareRoot() + epsilon)
        return m
      case .adagrad(let epsilon):
        v += g * g
        return g / (v.squareRoot() + epsilon)
      case .adam(let beta1, let beta2, let epsilon):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        let mHat = m / (1 - pow(beta1, Double(update.step)))
        let vHat = v / (1 - pow(beta2, Double(update.step)))
        return mHat / (vHat.squareRoot() + epsilon)
      }
    }
  }

  /// The parameters and their averages after twenty updates, by the kernels and by the definition.
  struct Outcome {
    var found: [(p: Double, average: Double)] = []
    var expected: [Definition]

    var largestError: Double {
      zip(found, expected).map { max(abs($0.p - $1.p), abs($0.average - $1.average)) }.max()!
    }
  }

  static func run(
    _ rule: UpdateRule, _ instructionSet: InstructionSet,
    _ change: (inout ParameterUpdate) -> Void = { _ in }
  ) -> Outcome {
    let kernels = KernelSet(instructionSet)
    let parameters = RandomMatrix(1, count, seed: 1)
    parameters.buffer.start[3] = 0  // has no sign
    let averages = AlignedBuffer(copying: parameters.buffer)
    // Moments that the rule does not have must not be touched.
    let moments = (0..<2).map { [Float](repeating: $0 < rule.momentCount ? 0 : .nan, count: count) }
    let first = AlignedBuffer<Float>(repeating: moments[0][0], count: count)
    let second = AlignedBuffer<Float>(repeating: moments[1][0], count: count)
    var outcome = Outcome(
      expected: (0..<count).map { Definition(p: parameters[0, $0], average: parameters[0, $0]) })
    for step in 1...20 {
      let gradients = RandomMatrix(1, count, seed: UInt64(step + 1))
      var update = ParameterUpdate(rule: rule, learningRate: 0.01, step: step)
      update.averageShare = 0.25
      change(&update)
      // The split must not matter, and nothing outside a range may change.
      for range in [0..<20, 20..<count] {
        kernels.update(
          update, range: range, parameters: parameters.buffer.start,
          gradients: gradients.buffer.start,
          firstMoments: first.start, secondMoments: second.start, averages: averages.start)
      }
      for i in 0..<count { outcome.expected[i].update(update, gradient: gradients[0, i]) }
    }
    outcome.found = (0..<count).map { (parameters[0, $0], Double(averages.start[$0])) }
    #expect((0..<count).allSatisfy { first.start[$0].isNaN == (rule.momentCount < 1) })
    #expect((0..<count).allSatisfy { second.start[$0].isNaN == (rule.momentCount < 2) })
    return outcome
  }

  @Test(arguments: rules, InstructionSet.available)
  func everyRuleEqualsItsDefinition(rule: UpdateRule, instructionSet: InstructionSet) {
    #expect(Self.run(rule, instructionSet).largestError < Self.tolerance)
  }

  /// Gradients of the size of epsilon, so that its position in the formula matters.
  @Test(arguments: InstructionSet.available)
  func epsilonIsAddedOutsideTheRoot(instructionSet: InstructionSet) {
    for rule: UpdateRule in [
      .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8),
      .rmsProp(smoothing: 0.95, momentum: 0, epsilon: 1e-8), .adagrad(epsilon: 1e-8),
    ] {
      let outcome = Self.run(rule, instructionSet) { $0.gradientScale = 1e-8 }
      #expect(outcome.largestError < Self.tolerance, "\(rule)")
    }
  }

  @Test(arguments: rules, InstructionSet.available)
  func clippingAndDecayEqualTheirDefinition(rule: UpdateRule, instructionSet: InstructionSet) {
    let changes: [(String, (inout ParameterUpdate) -> Void)] = [
      ("scale", { $0.gradientScale = 0.37 }), ("clip value", { $0.clipValue = 0.2 }),
      ("L2", { $0.weightDecay = 0.3 }), ("L1", { $0.l1 = 0.3 }),
      (
        "decoupled",
        {
          $0.weightDecay = 0.3
          $0.l1 = 0.2
          $0.isDecayDecoupled = true
        }
      ),
      (
        "all",
        {
          $0.gradientScale = 0.5
          $0.clipValue = 0.2
          $0.weightDecay = 0.3
          $0.l1 = 0.2
        }
      ),
    ]
    let plain = Self.run(rule, instructionSet).expected.map(\.p)
    for (name, change) in changes {
      let outcome = Self.run(rule, instructionSet, change)
      #expect(outcome.largestError < Self.tolerance, "\(name)")
      // Adam, RMSProp and Adagrad are almost insensitive to a scale.
      let change = zip(outcome.expected, plain).map { abs($0.p - $1) }.max()!
      #expect(name == "scale" || change > 1e-3, "\(name)")
    }
  }

  @Test(arguments: InstructionSet.available)
  func withoutAnAverageTheParametersAreTheSame(instructionSet: InstructionSet) {
    let kernels = KernelSet(instructionSet)
    let gradients = RandomMatrix(1, Self.count, seed: 2)
    let with = AlignedBuffer<Float>(repeating: 1, count: Self.count)
    let without = AlignedBuffer<Float>(repeating: 1, count: Self.count)
    let average = AlignedBuffer<Float>(repeating: 5, count: Self.count)
    let update = ParameterUpdate(
      rule: .sgd(momentum: 0, isNesterov: false), learningRate: 0.5, step: 1)
    kernels.update(
      update, range: 0..<Self.count, parameters: with.start, gradients: gradients.buffer.start,
      averages: average.start)
    kernels.update(
      update, range: 0..<Self.count, parameters: without.start, gradients: gradients.buffer.start)
    for i in 0..<Self.count {
      #expect(with.start[i] == without.start[i])
      #expect(abs(average.start[i] - with.start[i]) < 1e-6)
    }
  }
}
