import Kernels

/// Scores several texts side by side, each from a zero state.
///
/// Each row of a batch reads a text, and then the next one that no row has read, so one product per
/// step reads the weights once for all rows. Every text gets the same bits as it would alone, in a
/// `Predictor`.
package struct TextBatchScorer {
  private let weights: NetworkWeights
  private let processor: Processor
  private let zeroState: RecurrentState

  private static let mostRows = 64
  /// How often cancellation is checked, in steps.
  private static let pieceLength = 16

  package init(weights: NetworkWeights, processor: Processor) {
    self.weights = weights
    self.processor = processor
    zeroState = RecurrentState(weights.configuration)
  }

  /// - Parameters:
  ///   - texts: the tokens of each, all below V.
  ///   - first: the token before each text.
  ///   - shouldStop: called from time to time.
  /// - Returns: -log p of each token of each text; nil if `shouldStop` returned true.
  package func score(
    _ texts: [[UInt16]], after first: UInt16, shouldStop: () -> Bool = { false }
  ) -> [[Double]]? {
    var results = texts.map { [Double](repeating: 0, count: $0.count) }
    // The longest come first, so that all rows end at about the same time.
    var waiting = Array(
      texts.indices.filter { !texts[$0].isEmpty }.sorted {
        (texts[$0].count, $1) < (texts[$1].count, $0)
      })
    let rowCount = min(Self.mostRows, waiting.count)
    guard rowCount > 0 else { return results }
    var rows = waiting.suffix(rowCount).reversed().map { Row(text: $0, token: first) }
    waiting.removeLast(rowCount)
    var batch = BatchPredictor(
      weights: weights, states: rows.map { _ in zeroState }, processor: processor)
    var nats = [Double](repeating: 0, count: rowCount)
    var step = 0
    while true {
      step += 1
      let logits = batch.advance(rows.map(\.token))
      let targets = rows.map { $0.isIdle ? 0 : texts[$0.text][$0.position] }
      nats.withUnsafeMutableBufferPointer { nats in
        processor.crossEntropy(logits, targets: targets, nats: nats.baseAddress!)
      }
      for row in rows.indices where !rows[row].isIdle {
        let text = rows[row].text
        results[text][rows[row].position] = nats[row]
        rows[row].advance(reading: targets[row])
        guard rows[row].position == texts[text].count else { continue }
        if let next = waiting.popLast() {
          rows[row] = Row(text: next, token: first)
          batch.setState(of: row, to: zeroState)
        } else {
          rows[row].isIdle = true
        }
      }
      let open = rows.indices.filter { !rows[$0].isIdle }
      if open.isEmpty { return results }
      if 2 * open.count <= rows.count {
        batch = BatchPredictor(
          weights: weights, states: open.map { batch.state(of: $0) }, processor: processor)
        rows = open.map { rows[$0] }
      }
      if step.isMultiple(of: Self.pieceLength), shouldStop() { return nil }
    }
  }

  private struct Row {
    let text: Int
    /// The next token to read.
    var token: UInt16
    /// The position of the token after it, which is scored next.
    var position = 0
    var isIdle = false

    init(text: Int, token: UInt16) {
      (self.text, self.token) = (text, token)
    }

    mutating func advance(reading target: UInt16) {
      token = target
      position += 1
    }
  }
}
