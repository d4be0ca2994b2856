import Kernels

/// The owner of random orthonormal vectors, every such set being equally likely (the Haar measure).
///
/// ```
/// v_j = normal numbers
/// v_j -= (q_k . v_j) q_k      for k = 0 ... j - 1
/// q_j = v_j / |v_j|
/// ```
///
/// This is the QR decomposition of a matrix of normal numbers by modified Gram-Schmidt. The
/// diagonal of R consists of the divisors, so it is positive, and Q needs no correction of signs to
/// be uniform (Mezzadri 2007, "How to generate random matrices from the classical compact groups").
///
/// Products of two vectors deviate from zero by about 1e-16 a / b, where a and b are |v_j| before
/// and after the subtractions. If a / b is so large that this could matter, in about one of 10,000
/// square matrices, v_j is drawn again. The direction of the remainder does not depend on its
/// length, so redrawing favors no set.
struct OrthonormalVectors: ~Copyable {
  private typealias Lanes = SIMD8<Double>

  private let values: AlignedBuffer<Lanes>
  /// The lanes of a vector; those after its end are zero.
  private let laneCount: Int

  /// The share of a vector's length that the subtractions must leave.
  private static let leastLength = 1e-6

  /// - Precondition: `count` is at most `length`.
  init(count: Int, length: Int, stream: inout RandomStream) {
    precondition(count <= length, "there are at most as many directions as dimensions")
    let laneCount = (length + Lanes.scalarCount - 1) / Lanes.scalarCount
    let values = AlignedBuffer(repeating: Lanes.zero, count: count * laneCount)
    for index in 0..<count {
      let vector = values.start + index * laneCount
      repeat {
        Self.draw(vector, length: length, from: &stream)
      } while !Self.orthonormalize(vector, against: values.start, index, laneCount)
    }
    self.laneCount = laneCount
    self.values = values
  }

  /// The numbers of a vector; valid while the owner lives.
  func vector(_ index: Int) -> UnsafePointer<Double> {
    UnsafeRawPointer(values.start + index * laneCount).assumingMemoryBound(to: Double.self)
  }

  private static func draw(
    _ vector: UnsafeMutablePointer<Lanes>, length: Int, from stream: inout RandomStream
  ) {
    for index in 0..<length {
      vector[index / Lanes.scalarCount][index % Lanes.scalarCount] = stream.nextNormal()
    }
  }

  /// Returns whether enough of the vector was left; if so, its length is now 1.
  private static func orthonormalize(
    _ vector: UnsafeMutablePointer<Lanes>, against others: UnsafePointer<Lanes>, _ count: Int,
    _ laneCount: Int
  ) -> Bool {
    let before = product(vector, vector, laneCount).squareRoot()
    for index in 0..<count {
      let other = others + index * laneCount
      let share = Lanes(repeating: product(other, vector, laneCount))
      for lane in 0..<laneCount { vector[lane] -= share * other[lane] }
    }
    let length = product(vector, vector, laneCount).squareRoot()
    guard length > leastLength * before else { return false }
    for lane in 0..<laneCount { vector[lane] /= length }
    return true
  }

  /// a . b, summed in the same order on every processor.
  private static func product(
    _ a: UnsafePointer<Lanes>, _ b: UnsafePointer<Lanes>, _ laneCount: Int
  ) -> Double {
    var sums = Lanes.zero
    for lane in 0..<laneCount { sums += a[lane] * b[lane] }
    let quarter = sums.lowHalf + sums.highHalf
    let pair = quarter.lowHalf + quarter.highHalf
    return pair[0] + pair[1]
  }
}
