import Foundation
import Kernels
import Testing

/// The gates' own functions against the C library's in double precision.
@Suite struct VectorFunctionTests {
  /// The errors that `Vectors.h` states, in units in the last place of the float result.
  static func allowedError(_ function: KernelSet.ElementFunction) -> Double {
    switch function {
    case .exponential: 2
    case .sigmoid, .hyperbolicTangent: 4
    }
  }

  static func exact(_ function: KernelSet.ElementFunction, _ x: Double) -> Double {
    switch function {
    case .exponential: exp(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .hyperbolicTangent: tanh(x)
    }
  }

  static func apply(
    _ function: KernelSet.ElementFunction, _ values: [Float], _ instructionSet: InstructionSet
  ) -> [Float] {
    var results = [Float](repeating: .nan, count: values.count)
    KernelSet(instructionSet).map(function, values, into: &results, count: values.count)
    return results
  }

  @Test(arguments: InstructionSet.available, KernelSet.ElementFunction.allCases)
  func errorsAreAtMostThoseStated(
    instructionSet: InstructionSet, function: KernelSet.ElementFunction
  ) {
    var stream = RandomStream(seed: 1)
    // Magnitudes from 1e-20 to 87, uniform by their logarithm, and uniform by value.
    var values = (0..<200_003).map { _ in
      Float(exp(stream.nextUniform() * 50.5 - 46) * (stream.next() & 1 == 0 ? 1 : -1))
    }
    values += (0..<200_000).map { _ in Float(stream.nextUniform() * 174 - 87) }
    values.removeAll { abs($0) > 87 }
    var largest = 0.0
    for (x, result) in zip(values, Self.apply(function, values, instructionSet)) {
      let exact = Self.exact(function, Double(x))
      let error = abs(Double(result) - exact) / Double(Float(exact).ulp)
      largest = error.isNaN ? .infinity : max(largest, error)
    }
    #expect(largest <= Self.allowedError(function), "\(largest) ulp")
  }

  @Test(arguments: InstructionSet.available)
  func extremesAreClampedAndNotANumberStays(instructionSet: InstructionSet) {
    let values: [Float] = [-.infinity, -1e30, -200, 200, 1e30, .infinity, .nan]
    let exponentials = Self.apply(.exponential, values, instructionSet)
    #expect(exponentials[..<6].allSatisfy { $0.isFinite && $0 >= 0 })
    let sigmoids = Self.apply(.sigmoid, values, instructionSet)
    #expect(sigmoids[..<3].allSatisfy { $0 >= 0 && $0 < 1e-37 })
    #expect(sigmoids[3..<6].allSatisfy { $0 == 1 })
    let tangents = Self.apply(.hyperbolicTangent, values, instructionSet)
    #expect(tangents[..<6].elementsEqual([-1, -1, -1, 1, 1, 1]))
    for function in KernelSet.ElementFunction.allCases {
      #expect(Self.apply(function, values, instructionSet)[6].isNaN)
    }
  }
}
