import Kernels
import ModelFiles
import Processes
import RecurrentNetwork

/// Where a run computes: in this process, or in several.
public struct ComputeBackend {
  package typealias Maker = (
    NetworkConfiguration, TrainingConfiguration, consuming ParameterBuffer, Processor
  ) -> any TrainingEngine

  /// Makes the engine that trains a network from these parameters.
  package let makeEngine: Maker
  /// Makes what scores the blocks of long texts.
  package let makeScorer: (NetworkWeights, Processor) -> any BlockScoring

  /// In this process.
  public init() {
    self.init {
      ProcessorEngine(network: $0, configuration: $1, parameters: $2, processor: $3)
    }
  }

  /// In all processes of a group, of which this is process 0.
  /// - Parameter threadCount: threads of each process; nil for its cores.
  package init(_ group: ProcessGroup, threadCount: Int?) {
    makeEngine = {
      DistributedEngine(
        network: $0, configuration: $1, parameters: $2, processor: $3, threadCount: threadCount,
        group: group)
    }
    makeScorer = {
      DistributedScorer(weights: $0, processor: $1, threadCount: threadCount, group: group)
    }
  }

  /// In this process, with an engine of another kind.
  package init(_ makeEngine: @escaping Maker) {
    self.makeEngine = makeEngine
    makeScorer = { BlockScorer(weights: $0, processor: $1) }
  }
}
