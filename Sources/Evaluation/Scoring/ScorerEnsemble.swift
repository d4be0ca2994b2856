import Kernels
import RecurrentNetwork
import Tokenization

/// One or more scorers of one vocabulary that predict by the mean of their probabilities (Hansen &
/// Salamon 1990, "Neural network ensembles").
///
/// ```
/// nats = -log(1/M sum over m of e^-nats_m)
/// ```
///
/// Each member reads the text by itself, so adapting weights change as they would alone. A single
/// member gives the same bits as alone.
struct ScorerEnsemble<Scorer: ScoringModel & ~Copyable>: ~Copyable, ScoringModel {
  private let members: [EnsembleMember<Scorer>]
  private let processor: Processor
  /// The number of tokens read at a time if logits are kept, which limits the memory that they
  /// take.
  private let pieceLength: Int
  private var visitsLogits = true

  /// The maximum size of a member's logits in floats (1 MB), unless a single row is larger.
  private static var logitsLimit: Int { 1 << 18 }

  /// - Parameters:
  ///   - count: the number of members, at least 1.
  ///   - makeScorer: makes the member of an index from 0. All members must give their scores after
  ///     the same tokens.
  init(
    count: Int, vocabularySize: Int, processor: Processor, makeScorer: (_ index: Int) -> Scorer
  ) {
    precondition(count >= 1, "there must be a scorer")
    members = (0..<count).map { EnsembleMember(makeScorer($0)) }
    self.processor = processor
    pieceLength = max(1, Self.logitsLimit / vocabularySize)
  }

  static func notFinite(name: String) -> EvaluationError { Scorer.notFinite(name: name) }

  /// Calls `body` with a member.
  func withMember<Result>(_ index: Int, _ body: (borrowing Scorer) -> Result) -> Result {
    body(members[index].scorer)
  }

  mutating func beginText(visitsLogits: Bool) {
    self.visitsLogits = visitsLogits
    for member in members { member.beginText(visitsLogits: visitsLogits) }
  }

  mutating func append(
    _ tokens: UnsafeBufferPointer<TokenID>, nats: inout [Double],
    visitingLogits visit: (MatrixView) -> Void
  ) {
    if members.count == 1 {
      return members[0].scorer.append(tokens, nats: &nats, visitingLogits: visit)
    }
    let length = visitsLogits ? pieceLength : max(1, tokens.count)
    for first in stride(from: 0, to: tokens.count, by: length) {
      let piece = UnsafeBufferPointer(
        rebasing: tokens[first..<min(first + length, tokens.count)])
      for member in members { member.append(piece) }
      appendMeans(to: &nats, visit)
    }
  }

  mutating func endText(nats: inout [Double], visitingLogits visit: (MatrixView) -> Void) {
    if members.count == 1 {
      return members[0].scorer.endText(nats: &nats, visitingLogits: visit)
    }
    for member in members { member.endText() }
    appendMeans(to: &nats, visit)
  }

  /// Appends the averages of the members' scores, and clears those.
  private func appendMeans(to nats: inout [Double], _ visit: (MatrixView) -> Void) {
    let members = members
    let count = members[0].nats.count
    precondition(
      members.allSatisfy { $0.nats.count == count }, "the scorers must give equally many scores")
    for position in 0..<count {
      nats.append(EnsembleAverage.nats(members.lazy.map { $0.nats[position] }))
    }
    if visitsLogits, count > 0 { visitMeans(of: members.flatMap(\.logits), count: count, visit) }
    for member in members { member.clear() }
  }

  /// - Parameter logits: [M x count x V].
  private func visitMeans(
    of logits: [Float], count: Int, _ visit: (MatrixView) -> Void
  ) {
    let memberCount = members.count
    let vocabularySize = logits.count / (memberCount * count)
    var means = [Float](repeating: 0, count: count * vocabularySize)
    logits.withUnsafeBufferPointer { logits in
      means.withUnsafeMutableBufferPointer { means in
        let start = logits.baseAddress!
        let view = MatrixView(
          start: means.baseAddress!, rowCount: count, columnCount: vocabularySize)
        processor.team.forEachRange(of: count) { rows, _ in
          for row in rows {
            EnsembleAverage.logits(
              (0..<memberCount).map { start + ($0 * count + row) * vocabularySize },
              count: vocabularySize, into: view.row(row))
          }
        }
        visit(view)
      }
    }
  }
}

/// A scorer of an ensemble, and its scores and logits since the last `clear`.
///
/// It is a class because an array cannot hold noncopyable scorers.
private final class EnsembleMember<Scorer: ScoringModel & ~Copyable> {
  var scorer: Scorer
  private(set) var nats: [Double] = []
  /// [scores x V], if logits are kept.
  private(set) var logits: [Float] = []
  private var keepsLogits = true

  init(_ scorer: consuming Scorer) { self.scorer = scorer }

  func beginText(visitsLogits: Bool) {
    scorer.beginText(visitsLogits: visitsLogits)
    keepsLogits = visitsLogits
    clear()
  }

  func append(_ tokens: UnsafeBufferPointer<TokenID>) {
    scorer.append(tokens, nats: &nats, visitingLogits: keep)
  }

  func endText() {
    scorer.endText(nats: &nats, visitingLogits: keep)
  }

  func clear() {
    nats.removeAll(keepingCapacity: true)
    logits.removeAll(keepingCapacity: true)
  }

  private func keep(_ rows: MatrixView) {
    guard keepsLogits else { return }
    for row in 0..<rows.rowCount {
      logits.append(
        contentsOf: UnsafeBufferPointer(start: rows.row(row), count: rows.columnCount))
    }
  }
}
