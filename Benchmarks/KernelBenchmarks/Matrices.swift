import Kernels

/// Matrices of small random numbers, and their memory.
final class Matrices: Sendable {
  private let arena: FloatArena
  private let slots: [ArenaPlan.Slot]
  private let packedSlot: ArenaPlan.PackedSlot?

  /// - Parameters:
  ///   - shapes: rows and columns of each matrix.
  ///   - packing: the index of the matrix that is wanted packed, too.
  init(_ shapes: [(rows: Int, columns: Int)], packing index: Int? = nil, kernels: KernelSet) {
    var plan = ArenaPlan()
    let slots = shapes.map { plan.reserve(rows: $0.rows, columns: $0.columns) }
    let packedSlot = index.map {
      plan.reservePacked(depth: shapes[$0].rows, columns: shapes[$0].columns, kernels: kernels)
    }
    arena = FloatArena(plan)
    self.slots = slots
    self.packedSlot = packedSlot
    var stream = RandomStream(seed: 1, purpose: 1)
    for slot in slots {
      let matrix = arena.view(slot)
      for place in 0..<matrix.count {
        matrix.start[place] = Float(stream.nextUniform() - 0.5)
      }
    }
    if let index { kernels.pack(self[index], into: packed) }
  }

  subscript(index: Int) -> MatrixView { arena.view(slots[index]) }

  /// - Precondition: one of the matrices was packed.
  var packed: PackedMatrixView { arena.view(packedSlot!) }
}
