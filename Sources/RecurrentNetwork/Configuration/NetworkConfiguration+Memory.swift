/// The memory that a valid network takes, by the formulas of docs/memory.md. In `Double`, because
/// sizes that nobody's machine has must not overflow.
extension NetworkConfiguration {
  private var layers: Double { Double(layerCount) }
  private var hidden: Double { Double(hiddenSize) }
  private var gates: Double { Double(cell.gateCount) }
  /// The sums of a unit that are normalized: both of a separate gate.
  private var normalizedSums: Double {
    Double(cell.gateCount + recurrentCell.separateGateCount)
  }
  private var embedding: Double { Double(embeddingSize) }
  private var vocabulary: Double { Double(vocabularySize) }

  private var parameters: Double { Double(ParameterLayout(self).count) }

  /// The bytes that training takes, without the text.
  public func trainingByteCount(batchSize: Int, windowLength: Int) -> Double {
    let (batch, window) = (Double(batchSize), Double(windowLength))
    let numbers: [Double] = [
      4 * parameters,  // weights, gradients and two moments
      2 * parameters,  // packed for both passes
      min(vocabulary, window * batch) * (gates * hidden + embedding),
      layers * (window + 1) * batch * (gates + 3) * hidden,
      normalizationGroups == nil ? 0 : layers * window * batch * normalizedSums * hidden,
      isResidual ? layers * window * batch * hidden : 0,
      window * batch * hidden,
      projectsOutput ? 2 * window * batch * embedding : 0,
      max(1_048_576, vocabulary),
      2 * (2 * parameters + vocabulary * gates * hidden),  // best and validated weights
      3 * parameters,  // the last good state
    ]
    return Self.bytesOfProgram + Double(MemoryLayout<Float>.size) * numbers.reduce(0, +)
  }

  /// The bytes that reading `textCount` texts side by side takes.
  public func inferenceByteCount(textCount: Int) -> Double {
    let perText =
      Self.bytesOfText + Double(MemoryLayout<Float>.size)
      * (6 * layers * hidden * Double(cell.stateVectorCount) + (isResidual ? layers * hidden : 0)
        + 4 * vocabulary)
    return Self.bytesOfProgram
      + Double(MemoryLayout<Float>.size) * (2 * parameters + vocabulary * gates * hidden)
      + Double(textCount) * perText
  }

  /// The program without any network.
  private static let bytesOfProgram = 30e6
  /// What is kept of a text besides numbers of the network: its characters and histories.
  private static let bytesOfText = 800.0
}
