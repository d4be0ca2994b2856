import Kernels

/// The scratch space of the backward pass; all layers use the same, one after the other.
struct BackwardWorkspace: ~Copyable {
  private let arena: FloatArena
  private let batchSize: Int
  private let output, hidden: ArenaPlan.Slot
  private let projected: ArenaPlan.Slot?
  private let stateGradient: ArenaPlan.Slot
  private let normalizationOfGates, normalizationOfSeparate: NormalizationSlots?
  private let logitsSlot: ArenaPlan.Slot
  private let scratchSlot: ArenaPlan.Slot

  /// `NormalizationGradients`
  private struct NormalizationSlots {
    let gain, bias: ArenaPlan.Slot
  }

  /// A block of logits has at most this many floats (4 MB), unless a few rows for each thread have
  /// more.
  private static let logitsLimit = 1 << 20
  private static let fewestLogitsRows = 8

  init(
    configuration: NetworkConfiguration, batchSize: Int, windowLength: Int, processor: Processor
  ) {
    self.batchSize = batchSize
    let rows = batchSize * windowLength
    let vocabularySize = configuration.vocabularySize
    let widest = max(configuration.hiddenSize, configuration.embeddingSize)
    let separateSize =
      configuration.recurrentCell.separateGateCount * configuration.hiddenSize
    var plan = ArenaPlan()
    func normalization(_ columns: Int) -> NormalizationSlots? {
      guard configuration.normalizationGroups != nil, columns > 0 else { return nil }
      return NormalizationSlots(
        gain: plan.reserve(rows: batchSize, columns: columns),
        bias: plan.reserve(rows: batchSize, columns: columns))
    }
    let hidden = plan.reserve(rows: rows, columns: configuration.hiddenSize)
    self.hidden = hidden
    output =
      configuration.isResidual
      ? plan.reserve(rows: rows, columns: configuration.hiddenSize) : hidden
    projected =
      configuration.projectsOutput
      ? plan.reserve(rows: rows, columns: configuration.outputSize) : nil
    stateGradient = plan.reserve(rows: batchSize, columns: configuration.hiddenSize)
    normalizationOfGates = normalization(configuration.gateSize)
    normalizationOfSeparate = normalization(separateSize)
    logitsSlot = plan.reserve(
      rows: min(
        rows,
        max(
          BackwardWorkspace.fewestLogitsRows * processor.team.threadCount,
          BackwardWorkspace.logitsLimit / vocabularySize)),
      columns: vocabularySize)
    scratchSlot = plan.reserve(
      rows: processor.team.threadCount,
      columns: processor.kernels.transposedScratchCount(columns: widest))
    arena = FloatArena(plan)
  }

  var layerGradients: LayerGradients {
    LayerGradients(
      batchSize: batchSize, output: arena.view(output), hidden: arena.view(hidden),
      stateGradient: arena.view(stateGradient),
      normalizationOfGates: normalizationOfGates.map { view($0) },
      normalizationOfSeparate: normalizationOfSeparate.map { view($0) })
  }

  /// dL/d(`ForwardPass.finalOutput`); without a projection that of the last layer's output.
  var finalOutputGradient: MatrixView { arena.view(projected ?? output) }

  private func view(_ slots: NormalizationSlots) -> NormalizationGradients {
    NormalizationGradients(gain: arena.view(slots.gain), bias: arena.view(slots.bias))
  }

  /// A block of rows, [rows x V].
  var logits: MatrixView { arena.view(logitsSlot) }
  /// One row for each thread, for the products of weight gradients.
  var scratch: MatrixView { arena.view(scratchSlot) }
}
