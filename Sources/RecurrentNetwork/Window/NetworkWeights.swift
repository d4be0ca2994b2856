import Kernels

/// The weights of a finished network: immutable, packed for one instruction set, shared by all its
/// users.
public final class NetworkWeights: Sendable {
  /// The shape of the network.
  public let configuration: NetworkConfiguration
  /// The weights as they are stored, not packed.
  public let parameters: ParameterBuffer
  /// The precision of the packed weights.
  public let precision: WeightPrecision
  let packed: PackedWeights

  /// At most this many floats are spent on a table of layer 0's input sums of the vocabulary (64
  /// MB).
  private static let vocabularyTableLimit = 1 << 24

  /// - Parameters:
  ///   - configuration: the network.
  ///   - parameters: its parameters.
  ///   - precision: of the packed weights; `parameters` keep theirs.
  ///   - processor: the instruction set and the threads to compute with.
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
