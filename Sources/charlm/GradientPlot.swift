import RecurrentNetwork

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Curves of gradient norms in one SVG, readable on light and dark pages: distance from the loss to the
/// right, the norm upwards in powers of ten.
///
/// A line is the median, the band around it goes from quartile to quartile; dL/dc_t is dashed. What falls
/// below 1e-9 of the norm at the loss is cut off. The legend stands below, so that it hides no curve.
struct GradientPlot {
  let profiles: [GradientProfile]

  private static let width = 720
  private static let (left, right, top, bottom) = (60, 24, 30, 382)
  private static let legendRowHeight = 20
  private static let colors = ["#2f6fde", "#d9772b", "#2f9e62", "#a34fc4", "#c43d5b", "#7a8290"]
  private static let lowestPower = -9

  /// One line of the picture.
  private struct Curve {
    let title, color: String
    let isDashed: Bool
    let values: GradientCurve
  }

  private var curves: [Curve] {
    profiles.enumerated().flatMap { index, profile in
      profile.namedCurves.map { name, values in
        Curve(
          title: "\(profile.title), \(name)", color: Self.colors[index % Self.colors.count],
          isDashed: name == GradientProfile.curveNames[1], values: values)
      }
    }
  }

  var svg: String {
    let curves = curves
    let scale = PlotScale(
      curves.map(\.values.medians), lowestPower: Self.lowestPower,
      x: Double(Self.left)...Double(Self.width - Self.right),
      y: Double(Self.top)...Double(Self.bottom))
    let height = Self.bottom + 56 + (curves.count + 1) / 2 * Self.legendRowHeight
    var lines = head(height: height) + grid(scale)
    for curve in curves { lines += draw(curve, scale) }
    for (row, curve) in curves.enumerated() { lines += legend(row, curve) }
    return (lines + ["</svg>", ""]).joined(separator: "\n")
  }

  private func head(height: Int) -> [String] {
    [
      #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \#(Self.width) \#(height)" "#
        + #"width="\#(Self.width)" height="\#(height)" role="img" "#
        + #"font-family="system-ui, sans-serif" font-size="13">"#,
      "<title>How far back gradients reach</title>",
      "<style>text{fill:#666}.grid{stroke:#8884}"
        + "@media(prefers-color-scheme:dark){text{fill:#ccc}}</style>",
      #"<clipPath id="inside"><rect x="\#(Self.left)" y="\#(Self.top - 2)" "#
        + #"width="\#(Self.width - Self.left - Self.right)" "#
        + #"height="\#(Self.bottom - Self.top + 2)"/></clipPath>"#,
    ]
  }

  private func grid(_ scale: PlotScale) -> [String] {
    let rows = scale.powers.flatMap { power in
      let y = scale.y(pow(10, Double(power)))
      return [
        #"<line class="grid" x1="\#(Self.left)" x2="\#(Self.width - Self.right)" "#
          + #"y1="\#(y)" y2="\#(y)"/>"#,
        text(power == 0 ? "1" : "1e\(power)", x: "\(Self.left - 8)", y: y, "end", dy: 4),
      ]
    }
    let below = "\(Self.bottom + 20)"
    return rows + scale.distances.map { text("\($0)", x: scale.x($0), y: below, "middle") }
      + [
        text(
          "characters before the loss", x: "\(Self.width - Self.right)", y: "\(Self.bottom + 40)",
          "end"),
        text(
          "norm of the gradient, 1 at the loss: medians and quartiles of many windows",
          x: "\(Self.left)", y: "16", "start"),
      ]
  }

  private func draw(_ curve: Curve, _ scale: PlotScale) -> [String] {
    func points(_ norms: [Double]) -> [String] {
      norms.enumerated().map { "\(scale.x($0)),\(scale.y($1))" }
    }
    let band = points(curve.values.upperQuartiles) + points(curve.values.lowerQuartiles).reversed()
    let line = points(curve.values.medians)
    return [
      #"<polygon clip-path="url(#inside)" points="\#(band.joined(separator: " "))" "#
        + #"fill="\#(curve.color)" fill-opacity="0.14"/>"#,
      #"<polyline clip-path="url(#inside)" points="\#(line.joined(separator: " "))" fill="none" "#
        + #"stroke="\#(curve.color)" stroke-width="1.8"\#(dashes(curve.isDashed))/>"#,
    ]
  }

  private func legend(_ row: Int, _ curve: Curve) -> [String] {
    let x = row % 2 == 0 ? Self.left : (Self.left + Self.width) / 2
    let y = Self.bottom + 66 + row / 2 * Self.legendRowHeight
    return [
      #"<line x1="\#(x)" x2="\#(x + 28)" y1="\#(y - 4)" y2="\#(y - 4)" "#
        + #"stroke="\#(curve.color)" stroke-width="2.4"\#(dashes(curve.isDashed))/>"#,
      text(escaped(curve.title), x: "\(x + 36)", y: "\(y)", "start"),
    ]
  }

  private func dashes(_ isDashed: Bool) -> String {
    isDashed ? #" stroke-dasharray="5 4""# : ""
  }

  private func text(
    _ text: String, x: String, y: String, _ anchor: String, dy: Int = 0
  ) -> String {
    #"<text x="\#(x)" y="\#(y)" dy="\#(dy)" text-anchor="\#(anchor)">\#(text)</text>"#
  }
}

/// A text without control characters as the content of an XML element.
private func escaped(_ text: String) -> String {
  text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
}
