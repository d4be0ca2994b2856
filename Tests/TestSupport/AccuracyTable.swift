import Foundation

/// Prints a table of errors in Markdown if `CHARLM_PRINT_ACCURACY` is set, each line marked for
/// `scripts/measure-accuracy.sh`.
package func publishAccuracy(_ heading: String, titles: [String], rows: [[String]]) {
  guard ProcessInfo.processInfo.environment["CHARLM_PRINT_ACCURACY"] != nil else { return }
  let rule = Array(repeating: "---", count: titles.count)
  let table = ([titles, rule] + rows).map { "| \($0.joined(separator: " | ")) |" }
  // In a single write: other tests print at the same time.
  print((["## \(heading)", ""] + table + [""]).map { "accuracy: \(heading): \($0)\n" }.joined())
}

/// One digit of an error: more would be noise.
package func accuracyText(_ error: Double) -> String {
  error == 0 ? "0" : String(format: "%.0e", error)
}
