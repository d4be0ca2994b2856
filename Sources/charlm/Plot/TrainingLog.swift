import FoundationEssentials
import Reporting
import Storage
import Tokenization

/// The losses that the log of a training run reports.
struct TrainingLog {
  /// Means of the training loss, a bounded number of them.
  var training: [LineChart.Point] {
    curve.points.map { (Double($0.step), $0.natsPerToken) }
  }
  /// Every validation.
  private(set) var validation: [LineChart.Point] = []
  private var curve = LossCurve()

  /// What a line may report; lines without a loss are skipped.
  private struct Event: Decodable {
    let event: String?
    let step: Int?
    let trainNatsPerToken: Double?
    let natsPerToken: Double?
  }

  /// Reads the complete lines of the log at `path`.
  /// - Throws: `TrainingLogError` or `StorageError`.
  init(path: String) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    try MappedFile(path: path).withBytes { bytes in
      var (start, number) = (0, 0)
      // The last line of a running training may not be complete.
      while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
        number += 1
        guard let event = try? decoder.decode(Event.self, from: Data(bytes[start..<end])) else {
          throw TrainingLogError.notAnEvent(file: path, line: number)
        }
        append(event)
        start = end + 1
      }
    }
    guard !curve.points.isEmpty || !validation.isEmpty else {
      throw TrainingLogError.noLoss(file: path)
    }
  }

  private mutating func append(_ event: Event) {
    guard let step = event.step else { return }
    if event.event == "went_back" {
      curve.truncate(toStep: step)
      validation.removeAll { $0.x > Double(step) }
    } else if let nats = event.trainNatsPerToken {
      curve.append(step: step, natsPerToken: nats)
    } else if let nats = event.natsPerToken {
      validation.append((Double(step), nats))
    }
  }
}

/// Errors in the log of a training run.
enum TrainingLogError: DataFault {
  case notAnEvent(file: String, line: Int)
  case noLoss(file: String)

  var description: String {
    switch self {
    case .notAnEvent(let file, let line):
      "Line \(line) of '\(visible(file, keepingSpaces: true))' is not an event of a training run: "
        + "give a file that charlm train --log wrote."
    case .noLoss(let file):
      "'\(visible(file, keepingSpaces: true))' reports no loss: "
        + "give a file that charlm train --log wrote."
    }
  }
}
