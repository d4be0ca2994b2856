/// The distribution of costs: two bars for each half bit, the share of the characters and the share
/// of all bits.
struct SurprisalHistogram {
  let costs: CharacterCosts

  private static let (width, height, left, bottom) = (720, 230, 44, 190)
  private static let plotHeight = 160.0

  var svg: String {
    let slot = Double(Self.width - Self.left) / Double(CharacterCosts.binCount)
    let shares = costs.bins.map { bin in
      (
        Double(bin.count) / Double(max(1, costs.total.count)),
        costs.total.bits > 0 ? bin.bits / costs.total.bits : 0
      )
    }
    let top = max(0.01, shares.flatMap { [$0.0, $0.1] }.max() ?? 0)
    var lines = [
      #"<svg viewBox="0 0 \#(Self.width) \#(Self.height)" role="img" "#
        + #"aria-label="Histogram of bits per character">"#
    ]
    let ticks = Self.ticks(top)
    let digits = ticks.count > 1 && ticks[1] < 0.01 ? 1 : 0
    for tick in ticks {
      let y = Double(Self.bottom) - tick / top * Self.plotHeight
      lines.append(
        #"<line class="grid" x1="\#(Self.left)" x2="\#(Self.width)" y1="\#(short(y))" "#
          + #"y2="\#(short(y))"/><text x="\#(Self.left - 6)" y="\#(short(y + 4))" "#
          + #"text-anchor="end">\#(ChartAxis.text(100 * tick, digits: digits)) %</text>"#)
    }
    lines.append(
      #"<text x="\#(Self.width)" y="\#(Self.bottom + 34)" text-anchor="end">"#
        + "bits of a character</text>")
    for (index, share) in shares.enumerated() {
      let x = Double(Self.left) + Double(index) * slot
      let heading =
        "\(Self.name(of: index)) bits: \(oneDecimal(100 * share.0)) % of the characters, "
        + "\(oneDecimal(100 * share.1)) % of all bits"
      lines.append(
        "<g><title>\(heading)</title>" + bar("characters", x + 1, slot / 2 - 1, share.0 / top)
          + bar("bits", x + slot / 2, slot / 2 - 1, share.1 / top) + "</g>")
      if index % 2 == 0 {
        lines.append(
          #"<text x="\#(short(x))" y="\#(Self.bottom + 16)" text-anchor="middle">"#
            + "\(index / 2)\(index == CharacterCosts.binCount - 1 ? "+" : "")</text>")
      }
    }
    return (lines + ["</svg>"]).joined(separator: "\n")
  }

  private func bar(_ name: String, _ x: Double, _ width: Double, _ share: Double) -> String {
    let height = share * Self.plotHeight
    return #"<rect class="\#(name)" x="\#(short(x))" y="\#(short(Double(Self.bottom) - height))" "#
      + #"width="\#(short(width))" height="\#(short(height))"/>"#
  }

  /// Round shares up to `top`, three to six of them.
  private static func ticks(_ top: Double) -> [Double] {
    let step = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2].first { top / $0 <= 6 } ?? 0.2
    return (0...Int(top / step)).map { Double($0) * step }
  }

  private static func name(of bin: Int) -> String {
    let start = Double(bin) * CharacterCosts.binWidth
    return bin == CharacterCosts.binCount - 1
      ? "\(oneDecimal(start)) and more"
      : "\(oneDecimal(start)) to \(oneDecimal(start + CharacterCosts.binWidth))"
  }
}

/// With one decimal digit, so that the numbers of a column are alike.
func oneDecimal(_ number: Double) -> String { ChartAxis.text(number, digits: 1) }

/// With one decimal digit, or none if it is zero.
func short(_ number: Double) -> String {
  let rounded = (number * 10).rounded() / 10
  return rounded == rounded.rounded() && rounded.magnitude < 1e15 ? "\(Int(rounded))" : "\(rounded)"
}
