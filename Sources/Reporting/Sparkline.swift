/// A curve in one line of text: eighths of a block, one for each value, or for each mean of
/// neighbors if there are more values than room.
///
/// The highest tenth of the values is capped: the steep fall at the beginning of a training run
/// would make the rest a flat line.
/// would make all the rest a flat line.
package func sparkline(_ values: [Double], width: Int) -> String {
  let values = values.filter(\.isFinite)
  let count = min(width, values.count)
  guard count > 0 else { return "" }
  let means = (0..<count).map { index in
    let range = index * values.count / count..<(index + 1) * values.count / count
    return range.reduce(0) { $0 + values[$1] / Double(range.count) }
  }
  let sorted = means.sorted()
  let (low, high) = (sorted[0], sorted[count - 1 - count / 10])
  return String(
    means.map { mean in
      let share = high > low ? min(1, max(0, (mean - low) / (high - low))) : 0
      return blocks[Int((share * Double(blocks.count - 1)).rounded())]
    })
}

private let blocks = Array("▁▂▃▄▅▆▇█")
