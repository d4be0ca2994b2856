/// RMS normalization of a layer's sums in plain loops: the fused gates' sums together, both sums of
/// the separate gates apart.
package struct NaiveNormalization {
  package let groupSize: Int

  package init(groupSize: Int) {
    self.groupSize = groupSize
  }

  /// The number of fused sums, J H.
  private func fusedCount(_ weights: NaiveLayer.Weights) -> Int {
    weights.inputGain.count - weights.recurrentGain.count
  }

  /// From the sums to those that the cell starts from: all of the fused gates in the first.
  func forward(
    _ inputSums: [Double], _ recurrentSums: [Double], _ weights: NaiveLayer.Weights
  ) -> (input: [Double], recurrent: [Double]) {
    let fused = fusedCount(weights)
    let bias = inputSums.indices.map {
      weights.inputBias[$0] + ($0 < fused ? weights.recurrentBias[$0] : 0)
    }
    let recurrent = normalized(
      Array(recurrentSums[fused...]), weights.recurrentGain, Array(weights.recurrentBias[fused...]))
    return (
      normalized(together(inputSums, recurrentSums, fused), weights.inputGain, bias),
      Array(repeating: 0, count: fused) + recurrent
    )
  }

  /// From the gradients of the cell's sums to those of the sums before normalization.
  func backward(
    _ inputSums: [Double], _ recurrentSums: [Double], _ inputGradient: [Double],
    _ recurrentGradient: [Double], _ weights: NaiveLayer.Weights,
    into gradients: inout NaiveLayer.Weights
  ) -> (input: [Double], recurrent: [Double]) {
    let fused = fusedCount(weights)
    for index in inputGradient.indices {
      gradients.inputBias[index] += inputGradient[index]
      gradients.recurrentBias[index] +=
        index < fused ? inputGradient[index] : recurrentGradient[index]
    }
    let input = backward(
      together(inputSums, recurrentSums, fused), inputGradient, weights.inputGain,
      into: &gradients.inputGain)
    let recurrent = backward(
      Array(recurrentSums[fused...]), Array(recurrentGradient[fused...]), weights.recurrentGain,
      into: &gradients.recurrentGain)
    return (input, input[..<fused] + recurrent)
  }

  /// The input sums, those of the fused gates with the recurrent ones added.
  private func together(
    _ inputSums: [Double], _ recurrentSums: [Double], _ fused: Int
  ) -> [Double] {
    inputSums.indices.map { inputSums[$0] + ($0 < fused ? recurrentSums[$0] : 0) }
  }

  private func scale(_ group: ArraySlice<Double>) -> Double {
    let mean = group.reduce(0) { $0 + $1 * $1 } / Double(group.count)
    return 1 / (mean + 1e-5).squareRoot()
  }

  private func normalized(_ z: [Double], _ gain: [Double], _ bias: [Double]) -> [Double] {
    z.indices.map { index in
      let first = index / groupSize * groupSize
      return gain[index] * z[index] * scale(z[first..<first + groupSize]) + bias[index]
    }
  }

  /// For a group with y = gain * s z and s = 1 / sqrt(mean(z^2) + 1e-5):
  /// dL/dz_j = s gain_j dL/dy_j - z_j s^3 mean(gain z dL/dy).
  private func backward(
    _ z: [Double], _ gradient: [Double], _ gain: [Double], into gainGradient: inout [Double]
  ) -> [Double] {
    var result: [Double] = []
    for index in z.indices {
      let first = index / groupSize * groupSize
      let group = first..<first + groupSize
      let s = scale(z[group])
      let mean = group.reduce(0) { $0 + gain[$1] * z[$1] * gradient[$1] } / Double(groupSize)
      gainGradient[index] += gradient[index] * z[index] * s
      result.append(s * gain[index] * gradient[index] - z[index] * s * s * s * mean)
    }
    return result
  }
}
