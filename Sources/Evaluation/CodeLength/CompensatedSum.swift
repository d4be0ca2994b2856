/// A sum whose error does not grow with the number of terms (Neumaier 1974, "Rundungsfehleranalyse
/// einiger Verfahren zur Summation endlicher Summen").
///
/// Terms are added in order, so the sum does not depend on how they are divided into chunks.
package struct CompensatedSum {
  private var sum = 0.0
  /// The accumulated rounding error.
  private var lost = 0.0

  package init() {}

  package mutating func add(_ term: Double) {
    let next = sum + term
    lost += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
    sum = next
  }

  package var value: Double {
    // An infinite or NaN sum needs no correction, and the correction would hide an infinity.
    sum.isFinite ? sum + lost : sum
  }
}
