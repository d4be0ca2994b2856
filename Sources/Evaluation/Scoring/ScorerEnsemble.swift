import Kernels
import RecurrentNetwork
import Tokenization

/// Scorers of one vocabulary that work as one: what comes next is predicted by the mean of their probabilities
/// (Hansen & Salamon 1990, "Neural network ensembles").
///
/// ```
/// nats = -log(1/M sum over m of e^-nats_m)
/// ```
///
/// Each member reads the text by itself, so weights that follow it do as they would alone. A single member gives
/// the same bits as alone.
struct ScorerEnsemble<Scorer: ScoringModel & ~Copyable>: ~Copyable, ScoringModel {
  private let members: [EnsembleMember<Scorer>]
  private let processor: Processor
  /// How many tokens are read at a time where logits are kept, so that these take little memory.
  private let pieceLength: Int
  private var visitsLogits = true

  /// The most floats that the logits of a piece take for each member (1 MB), unless a single row takes more.
  private static var logitsLimit: Int { 1 << 18 }

  /// - Parameters:
  ///   - count: how many members there are, at least 1.
  ///   - makeScorer: gives them by their place from 0. They must give their scores after the same tokens.
  init(
    count: Int, vocabularySize: Int, processor: Processor, makeScorer: (_ index: Int) -> Scorer
  ) {
    precondition(count >= 1, "there must be a scorer")
    members = (0..<count).map { EnsembleMember(makeScorer($0)) }
    self.processor = processor
    pieceLength = max(1, Self.logitsLimit / vocabularySize)
  }

  static func notFinite(name: String) -> EvaluationError { Scorer.notFinite(name: name) }

  /// Shows `body` a member.
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

  /// Appends the means of what the members have given, and lets these forget it.
  private func appendMeans(to nats: inout [Double], _ visit: (MatrixView) -> Void) {
    let members = members
    let count = members[0].nats.count
    precondition(members.allSatisfy { $0.nats.count == count }, "the scorers must keep step")
    for position in 0..<count {
      nats.append(EnsembleAverage.nats(members.lazy.map { $0.nats[position] }))
    }
    if visitsLogits, count > 0 { visitMeans(of: members.flatMap(\.logits), count: count, visit) }
    for member in members { member.forget() }
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

/// A scorer of an ensemble, and what it has given since the last `forget`.
private final class EnsembleMember<Scorer: ScoringModel & ~Copyable> {
  var scorer: Scorer
  private(set) var nats: [Double] = []
  /// [nats x V], where they are to be kept.
  private(set) var logits: [Float] = []
  private var keepsLogits = true

  init(_ scorer: consuming Scorer) { self.scorer = scorer }

  func beginText(visitsLogits: Bool) {
    scorer.beginText(visitsLogits: visitsLogits)
    keepsLogits = visitsLogits
    forget()
  }

  func append(_ tokens: UnsafeBufferPointer<TokenID>) {
    scorer.append(tokens, nats: &nats, visitingLogits: keep)
  }

  func endText() {
    scorer.endText(nats: &nats, visitingLogits: keep)
  }

  func forget() {
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
