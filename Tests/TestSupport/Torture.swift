import Foundation

/// How thoroughly crashes and damage are tested: briefly in every run, at length under
/// `scripts/torture.sh`.
package enum Torture {
  /// Whether the long versions run.
  package static let isLong = ProcessInfo.processInfo.environment["CHARLM_TORTURE"] != nil

  /// The number of repetitions.
  package static func count(short: Int, long: Int) -> Int { isLong ? long : short }

  /// Prints a row of the script's table of figures.
  package static func tell(_ what: String, _ figures: String) {
    if isLong { print("torture: | \(what) | \(figures) |") }
  }
}
