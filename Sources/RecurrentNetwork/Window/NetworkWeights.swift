import Kernels

/// The weights of a finished network: immutable, packed for one instruction set, shared by all who use them.
public final class NetworkWeights: Sendable {
  public let configuration: NetworkConfiguration
  public let parameters: ParameterBuffer
  /// What products compute with.
  public let precision: WeightPrecision
  let packed: PackedWeights

  /// The table of layer 0's input sums of the vocabulary is made where it takes at most as many floats as
  /// this (64 MB).
  private static let vocabularyTableLimit = 1 << 24

  /// - Parameter precision: of the packed weights; `parameters` stay as they are.
  /// - Precondition: the parameters' layout is that of `configuration`.
  public init(
    configuration: NetworkConfiguration, parameters: consuming ParameterBuffer,
    precision: WeightPrecision = .float32, processor: Processor
  ) {
    precondition(parameters.layout == ParameterLayout(configuration))
    var packed = PackedWeights(
      configuration: configuration, kernels: processor.kernels,
      hasVocabularyTable: configuration.vocabularySize * configuration.gateSize
        <= NetworkWeights.vocabularyTableLimit,
      hasBackward: false, precision: precision)
    packed.pack(parameters, processor: processor)
    self.configuration = configuration
    self.parameters = parameters
    self.precision = precision
    self.packed = packed
  }
}
