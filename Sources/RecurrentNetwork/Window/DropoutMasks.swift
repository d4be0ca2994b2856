import Kernels

/// The masks of one window, and W_hh under them. A mask whose rate is 0 does not exist.
///
/// If some of the batch's lanes run here and others elsewhere, each lane has the masks that it would
/// have if all ran here.
struct DropoutMasks: ~Copyable {
  private let dropout: Dropout
  /// B of the whole batch.
  private let batchSize: Int
  /// The lanes that run here.
  private let lanes: Range<Int>
  private let arena: FloatArena
  private let outputSlots: [ArenaPlan.Slot]
  private let embeddingSlot: ArenaPlan.Slot?
  private let recurrentSlots: [RecurrentSlots]

  private struct RecurrentSlots {
    let mask: ArenaPlan.Slot
    let masked: ArenaPlan.Slot
  }

  /// - Parameters:
  ///   - batchSize: B of the whole batch.
  ///   - lanes: those of its rows that run here.
  ///   - windowLength: T, the length of the longest window.
  init(
    configuration: NetworkConfiguration, batchSize: Int, lanes: Range<Int>, windowLength: Int,
    dropout: Dropout
  ) {
    precondition(dropout.isValid, "a dropout rate is a share below 1")
    self.dropout = dropout
    self.batchSize = batchSize
    self.lanes = lanes
    let hiddenSize = configuration.hiddenSize
    let layers = 0..<configuration.layerCount
    let outputRows = dropout.maskKind == .locked ? lanes.count : windowLength * lanes.count
    var plan = ArenaPlan()
    func reserve(_ rows: Int, _ columns: Int) -> ArenaPlan.Slot {
      plan.reserve(rows: rows, columns: columns)
    }
    outputSlots =
      dropout.layerOutput > 0 ? layers.map { _ in reserve(outputRows, hiddenSize) } : []
    embeddingSlot = dropout.embedding > 0 ? reserve(1, configuration.vocabularySize) : nil
    recurrentSlots =
      dropout.recurrentWeight > 0
      ? layers.map { _ in
        RecurrentSlots(
          mask: reserve(configuration.gateSize, hiddenSize),
          masked: reserve(configuration.gateSize, hiddenSize))
      } : []
    arena = FloatArena(plan)
  }

  // MARK: Masks

  /// The factors of the output of layer `layer`: [B x H] for all steps if locked, else [T B x H].
  func output(of layer: Int) -> MatrixView? {
    outputSlots.isEmpty ? nil : arena.view(outputSlots[layer])
  }

  /// The factors of the symbols' embeddings, [1 x V].
  var embedding: MatrixView? { embeddingSlot.map { arena.view($0) } }

  /// The factors of W_hh of layer `layer`, [G H x H].
  func recurrentWeight(of layer: Int) -> MatrixView? {
    recurrentSlots.isEmpty ? nil : arena.view(recurrentSlots[layer].mask)
  }

  /// W_hh of layer `layer` under its mask, [G H x H]; after packing, scratch space for its
  /// gradient.
  func maskedRecurrentWeight(of layer: Int) -> MatrixView? {
    recurrentSlots.isEmpty ? nil : arena.view(recurrentSlots[layer].masked)
  }

  // MARK: Dropping

  /// Sets `result` to `values` under the masks of layer `layer`, or to `values` if it has none: its
  /// hidden states or the gradient of its output, [steps B x H].
  func dropOutput(
    of layer: Int, from values: MatrixView, into result: MatrixView, processor: Processor
  ) {
    guard let mask = output(of: layer) else {
      guard result.start != values.start else { return }
      return processor.team.forEachRange(of: values.rowCount) { rows, _ in
        result.rows(rows).copy(from: values.rows(rows))
      }
    }
    let kernels = processor.kernels
    let batchSize = lanes.count
    let isLocked = dropout.maskKind == .locked
    processor.team.forEachRange(of: values.rowCount / batchSize) { steps, _ in
      for step in steps {
        let factors = mask.block(isLocked ? 0 : step, of: batchSize)
        kernels.multiplyElements(
          values.block(step, of: batchSize).start, factors.start,
          into: result.block(step, of: batchSize).start, count: factors.count)
      }
    }
  }

  /// Multiplies each row by the mask of its symbol, `tokens[row]`.
  func dropSymbols(
    from matrix: MatrixView, tokens: UnsafePointer<UInt16>, processor: Processor
  ) {
    guard let mask = embedding else { return }
    let kernels = processor.kernels
    processor.team.forEachRange(of: matrix.rowCount) { rows, _ in
      for row in rows {
        kernels.scale(
          matrix.row(row), by: mask.start[Int(tokens[row])], count: matrix.columnCount)
      }
    }
  }

  /// Adds dL/dW_hh to `gradient`: M * dL/d(M * W_hh), the latter of which is in
  /// `maskedRecurrentWeight`.
  func addRecurrentGradient(of layer: Int, to gradient: MatrixView, processor: Processor) {
    guard let mask = recurrentWeight(of: layer), let masked = maskedRecurrentWeight(of: layer)
    else { return }
    let kernels = processor.kernels
    processor.team.forEachRange(of: gradient.rowCount) { rows, _ in
      for row in rows {
        kernels.addProducts(
          masked.row(row), mask.row(row), to: gradient.row(row), count: gradient.columnCount)
      }
    }
  }

  // MARK: Drawing

  /// Draws the masks of a window of `stepCount` steps. Each row has a stream of its own, so the
  /// masks depend only on `stream`, not on the number of threads.
  mutating func draw(
    from stream: RandomStream, stepCount: Int, parameters: borrowing ParameterBuffer,
    processor: Processor
  ) {
    var stream = stream
    let layers = parameters.layout.layers
    for layer in layers.indices {
      let seed = stream.next()
      guard let mask = output(of: layer) else { continue }
      switch dropout.maskKind {
      case .locked: drawLocked(mask, stream: RandomStream(seed: seed))
      case .perStep:
        let (batchSize, lanes) = (batchSize, lanes)
        drawRows(
          of: mask.rows(0..<stepCount * lanes.count), dropout.layerOutput, seed, processor
        ) { row in
          row / lanes.count * batchSize + lanes.lowerBound + row % lanes.count
        }
      }
    }
    let embeddingSeed = stream.next()
    if let mask = embedding { drawRows(of: mask, dropout.embedding, embeddingSeed, processor) }
    for (layer, tensors) in layers.enumerated() {
      let seed = stream.next()
      guard let mask = recurrentWeight(of: layer) else { continue }
      drawRows(
        of: mask, dropout.recurrentWeight, seed, processor,
        masking: parameters.matrix(tensors.recurrentWeight),
        into: maskedRecurrentWeight(of: layer))
    }
  }

  /// Draws a number for each element, on one thread: a locked mask is small.
  private func drawLocked(_ mask: MatrixView, stream: RandomStream) {
    var stream = stream
    stream.skip(lanes.lowerBound * mask.columnCount)
    let rate = dropout.layerOutput
    let kept = Float(1 / (1 - rate))
    for index in 0..<mask.count {
      mask.start[index] = stream.nextUniform() < rate ? 0 : kept
    }
  }

  /// Draws `mask`, and masks `weight` while the row is in the cache.
  /// - Parameter number: the number of each row, which its stream depends on.
  private func drawRows(
    of mask: MatrixView, _ rate: Double, _ seed: UInt64, _ processor: Processor,
    masking weight: MatrixView? = nil, into masked: MatrixView? = nil,
    number: (_ row: Int) -> Int = { $0 }
  ) {
    let kernels = processor.kernels
    let count = mask.columnCount
    processor.team.forEachRange(of: mask.rowCount) { rows, _ in
      for row in rows {
        let stream = RandomStream(seed: seed &+ UInt64(number(row)))
        kernels.drawMask(mask.row(row), count: count, rate: rate, stream: stream)
        if let weight, let masked {
          kernels.multiplyElements(
            weight.row(row), mask.row(row), into: masked.row(row), count: count)
        }
      }
    }
  }
}
