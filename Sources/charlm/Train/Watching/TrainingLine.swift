import Glibc
import Reporting
import Training

/// The progress of a training run in one line, with as many parts as fit.
struct TrainingLine {
  let step: Trainer.Step
  let pace: TrainingPace
  /// The mean loss of the last steps.
  let natsPerCharacter: Double
  /// The losses since the run began; empty if there are none.
  let losses: [Double]

  private static let longestSparkline = 24
  private static let shortestSparkline = 6
  private static let sparklineRank = 5
  private static let gap = "  "

  /// In the order of the line; the part with the largest rank is dropped first.
  private var parts: [(text: String, rank: Int)] {
    [
      ("step \(step.number.grouped)", 0),
      ("epoch \(step.epochs.fixed(1))", 4),
      ("\(natsPerCharacter.fixed(3)) nats", 1),
      ("\((natsPerCharacter / log(2)).fixed(3)) bits per character", 5),
      ("rate \(step.learningRate.fixed(5))", 6),
      ("gradient \(step.gradientNorm.fixed(2))", 7),
      ("\(Int(pace.charactersPerSecond).grouped) characters/s", 3),
      ("\(duration(pace.secondsLeft)) left", 2),
      ("\((PeakMemory.byteCount / 1_000_000).grouped) MB", 8),
    ]
  }

  /// All parts, without the sparkline.
  var text: String { parts.map(\.text).joined(separator: Self.gap) }

  /// The parts that fit in `width` columns; a sparkline fills the remaining room.
  func text(width: Int, hasColor: Bool) -> String {
    var parts = parts
    func length() -> Int {
      parts.reduce(-Self.gap.count) { $0 + Self.gap.count + $1.text.count }
    }
    let curveWidth = Self.gap.count + Self.shortestSparkline
    while parts.count > 1, let last = parts.indices.max(by: { parts[$0].rank < parts[$1].rank }) {
      // The shape of the curve says more than the figures of the last step.
      let room = parts[last].rank > Self.sparklineRank ? width - curveWidth : width
      guard length() > room else { break }
      parts.remove(at: last)
    }
    let line = parts.map(\.text).joined(separator: Self.gap)
    let room = min(Self.longestSparkline, width - line.count - Self.gap.count)
    guard room >= Self.shortestSparkline, losses.count > 1 else { return line }
    let curve = sparkline(losses, width: room)
    return line + Self.gap + (hasColor ? "\u{1B}[36m\(curve)\u{1B}[0m" : curve)
  }
}
