import CKernels

/// The kernels of one instruction set. Each call runs on the calling thread.
///
/// ```swift
/// import Kernels
///
/// let kernels = KernelSet(.best)
/// kernels.multiply(a, by: packed, into: c)  // c = a B
/// kernels.multiply(a, by: packed, into: c, adding: true)  // c += a B
/// ```
///
/// Every element of a product is summed in ascending order of the inner index, however rows are
/// split over calls. `CKernels.h` defines what each kernel computes.
public struct KernelSet: @unchecked Sendable {  // the table is constant
  /// The instructions that the kernels use.
  public let instructionSet: InstructionSet
  let table: UnsafePointer<charlm_kernels>

  /// - Precondition: the processor has the instruction set (`InstructionSet.isAvailable`).
  public init(_ instructionSet: InstructionSet) {
    guard let table = instructionSet.table else {
      preconditionFailure("this processor does not have the instruction set \(instructionSet)")
    }
    self.instructionSet = instructionSet
    self.table = table
  }

  // MARK: Matrix products

  /// The floats that the panels of a matrix of `depth` x `columns` take, with padding.
  public func packedCount(depth: Int, columns: Int) -> Int {
    table.pointee.packed_count(depth, columns)
  }

  /// The bytes of a matrix packed in 8 bits, without its scales.
  func quantizedCount(depth: Int, columns: Int) -> Int {
    table.pointee.quantized_count(depth, columns)
  }

  /// Packs B = `matrix`, or B = its transpose, for products a B, in the precision of `packed`.
  public func pack(_ matrix: MatrixView, transposed: Bool = false, into packed: PackedMatrixView) {
    let depth = transposed ? matrix.columnCount : matrix.rowCount
    let columns = transposed ? matrix.rowCount : matrix.columnCount
    assert(packed.depth == depth && packed.columnCount == columns, "packed shape differs")
    let depthStride = transposed ? 1 : matrix.stride
    let columnStride = transposed ? matrix.stride : 1
    if let scales = packed.scales {
      table.pointee.pack_quantized(
        packed.panels.assumingMemoryBound(to: Int8.self), scales, matrix.start, depth, columns,
        depthStride, columnStride)
    } else {
      table.pointee.pack(
        packed.panels.assumingMemoryBound(to: Float.self), matrix.start, depth, columns,
        depthStride, columnStride)
    }
  }

  /// c = a B, or c += a B: a [rows x depth], B [depth x columns], c [rows x columns].
  /// - Parameters:
  ///   - a: [rows x depth].
  ///   - packed: B, as `pack` wrote it.
  ///   - c: [rows x columns], receives the product.
  ///   - adding: whether the product is added to `c`.
  ///   - fromEnd: whether B's last columns come first. Alternating the direction between calls
  ///     reuses the part of a large B that is still in the cache.
  public func multiply(
    _ a: MatrixView, by packed: PackedMatrixView, into c: MatrixView, adding: Bool = false,
    fromEnd: Bool = false
  ) {
    multiply(
      a, by: packed, into: c, initial: adding ? c.start : nil, initialStride: c.stride,
      fromEnd: fromEnd)
  }

  /// c = bias + a B, with the bias [1 x columns] for every row.
  public func multiply(
    _ a: MatrixView, by packed: PackedMatrixView, bias: MatrixView, into c: MatrixView,
    fromEnd: Bool = false
  ) {
    assert(bias.columnCount == c.columnCount)
    multiply(a, by: packed, into: c, initial: bias.start, initialStride: 0, fromEnd: fromEnd)
  }

  private func multiply(
    _ a: MatrixView, by packed: PackedMatrixView, into c: MatrixView,
    initial: UnsafePointer<Float>?, initialStride: Int, fromEnd: Bool
  ) {
    assert(a.columnCount == packed.depth && c.columnCount == packed.columnCount)
    assert(a.rowCount == c.rowCount)
    if let scales = packed.scales {
      table.pointee.multiply_quantized(
        c.start, c.stride, initial, initialStride, a.start, a.stride,
        packed.panels.assumingMemoryBound(to: Int8.self), scales, a.rowCount, packed.depth,
        packed.columnCount)
    } else {
      table.pointee.multiply(
        c.start, c.stride, initial, initialStride, a.start, a.stride,
        packed.panels.assumingMemoryBound(to: Float.self), a.rowCount, packed.depth,
        packed.columnCount, fromEnd)
    }
  }

  /// A packed matrix can be split at multiples of this many columns.
  public var panelWidth: Int { table.pointee.panel_width }

  /// The floats of scratch space that `addTransposedProduct` needs for each thread.
  public func transposedScratchCount(columns: Int) -> Int {
    table.pointee.transposed_scratch_count(columns)
  }

  /// Rows `rows` of c += a' b: a [depth x rows], b [depth x columns], c [rows x columns].
  /// - Parameters:
  ///   - a: [depth x rows].
  ///   - b: [depth x columns].
  ///   - c: [rows x columns], to which the product is added.
  ///   - rows: the rows of `c` to compute.
  ///   - columnSums: if given, the sums of a's columns `rows` are added to it.
  ///   - scratch: `transposedScratchCount(columns:)` floats for this thread alone.
  public func addTransposedProduct(
    _ a: MatrixView, _ b: MatrixView, into c: MatrixView, rows: Range<Int>,
    columnSums: UnsafeMutablePointer<Float>? = nil, scratch: UnsafeMutablePointer<Float>
  ) {
    assert(a.rowCount == b.rowCount && a.columnCount == c.rowCount)
    assert(b.columnCount == c.columnCount)
    table.pointee.accumulate_transposed(
      c.start, c.stride, a.start, a.stride, b.start, b.stride, a.rowCount, rows.lowerBound,
      rows.upperBound, b.columnCount, columnSums, scratch)
  }

  // MARK: Rows and elements

  /// destination[r] = source[ids[r]]
  public func gatherRows(
    of source: MatrixView, _ ids: UnsafePointer<UInt16>, into destination: MatrixView
  ) {
    assert(source.columnCount == destination.columnCount)
    table.pointee.gather_rows(
      destination.start, destination.stride, source.start, source.stride, ids,
      destination.rowCount, destination.columnCount)
  }

  /// destination[ids[r]] += source[r]
  public func scatterAddRows(
    of source: MatrixView, _ ids: UnsafePointer<UInt16>, into destination: MatrixView
  ) {
    assert(source.columnCount == destination.columnCount)
    table.pointee.scatter_add_rows(
      destination.start, destination.stride, source.start, source.stride, ids, source.rowCount,
      source.columnCount)
  }

  /// destination[column] += the sum of that column, for the columns in `columns` only.
  public func addColumnSums(
    of source: MatrixView, into destination: UnsafeMutablePointer<Float>, columns: Range<Int>
  ) {
    table.pointee.add_column_sums(
      destination, source.start, source.rowCount, source.stride, columns.lowerBound,
      columns.upperBound)
  }

  /// destination += source, element by element: matrices of equal sizes without gaps.
  public func add(_ source: MatrixView, to destination: MatrixView) {
    assert(source.count == destination.count)
    table.pointee.add_column_sums(
      destination.start, source.start, 1, source.count, 0, source.count)
  }

  /// destination = a * b, element by element; `destination` may be `a`.
  public func multiplyElements(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    into destination: UnsafeMutablePointer<Float>, count: Int
  ) {
    table.pointee.multiply_elements(destination, a, b, count)
  }

  /// destination += a * b, element by element.
  public func addProducts(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    to destination: UnsafeMutablePointer<Float>, count: Int
  ) {
    table.pointee.add_products(destination, a, b, count)
  }

  /// values *= factor, element by element.
  public func scale(_ values: UnsafeMutablePointer<Float>, by factor: Float, count: Int) {
    table.pointee.scale_elements(values, factor, count)
  }

  /// Draws a dropout mask: mask[i] is 0 with probability `rate` and else 1 / (1 - rate).
  ///
  /// Each number of `stream` serves two elements, so the rate is taken in steps of 2^-32. Every
  /// instruction set draws the same mask.
  /// - Precondition: `rate` is in 0 ..< 1.
  public func drawMask(
    _ mask: UnsafeMutablePointer<Float>, count: Int, rate: Double, stream: RandomStream
  ) {
    precondition(rate >= 0 && rate < 1, "a share to drop is below 1")
    table.pointee.draw_mask(
      mask, count, stream.state, UInt32(rate * 0x1p32), Float(1 / (1 - rate)))
  }

  // MARK: Loss and parameters

  /// nats[r] = -log softmax(logits[r])[targets[r]], and logits becomes its gradient times `scale`.
  public func crossEntropyGradient(
    _ logits: MatrixView, targets: UnsafePointer<UInt16>, nats: UnsafeMutablePointer<Double>,
    scale: Float
  ) {
    assert(logits.stride == logits.columnCount)
    table.pointee.cross_entropy_gradient(
      logits.start, targets, nats, logits.rowCount, logits.columnCount, scale)
  }

  /// nats[r] = -log softmax(logits[r])[targets[r]]
  public func crossEntropy(
    _ logits: MatrixView, targets: UnsafePointer<UInt16>, nats: UnsafeMutablePointer<Double>
  ) {
    assert(logits.stride == logits.columnCount)
    table.pointee.cross_entropy(logits.start, targets, nats, logits.rowCount, logits.columnCount)
  }

  /// The sum of squares, in double precision.
  public func sumOfSquares(_ values: UnsafePointer<Float>, count: Int) -> Double {
    table.pointee.sum_of_squares(values, count)
  }

  // MARK: Functions

  /// A function that the gates apply to each element.
  public enum ElementFunction: CaseIterable, Sendable {
    case exponential, sigmoid, hyperbolicTangent
  }

  /// destination = function(source), element by element.
  public func map(
    _ function: ElementFunction, _ source: UnsafePointer<Float>,
    into destination: UnsafeMutablePointer<Float>, count: Int
  ) {
    switch function {
    case .exponential: table.pointee.exponential(destination, source, count)
    case .sigmoid: table.pointee.sigmoid(destination, source, count)
    case .hyperbolicTangent: table.pointee.hyperbolic_tangent(destination, source, count)
    }
  }

  /// Fills `weights` with numbers proportional to the probabilities of a row of logits:
  ///
  /// ```
  /// exp(max(logit - largest, -100))
  /// ```
  ///
  /// The exponential is this instruction set's own, so the bits of finite logits determine those of
  /// the weights.
  package func softmaxWeights(
    of logits: UnsafeBufferPointer<Float>, into weights: inout [Float]
  ) {
    let largest = logits.max() ?? 0
    weights.removeAll(keepingCapacity: true)
    for logit in logits { weights.append(max(logit - largest, -100)) }
    weights.withUnsafeMutableBufferPointer {
      guard let start = $0.baseAddress else { return }
      map(.exponential, start, into: start, count: $0.count)
    }
  }
}
