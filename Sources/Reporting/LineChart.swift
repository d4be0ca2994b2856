/// A chart of curves as one SVG, readable by itself and on light and dark pages; the legend is
/// below, so that it hides no curve.
///
/// The ground is painted, so that the text has the contrast that it is made for whatever a viewer
/// takes for a light or dark page.
package struct LineChart {
  package typealias Point = (x: Double, y: Double)

  package struct Curve {
    package enum Style { case solid, dashed, dots }

    let title: String
    let colorIndex: Int
    let style: Style
    let points: [Point]
    let band: (upper: [Point], lower: [Point])?

    /// - Parameters:
    ///   - title: without control characters.
    ///   - band: the shaded area around the curve.
    package init(
      title: String, colorIndex: Int, style: Style = .solid, points: [Point],
      band: (upper: [Point], lower: [Point])? = nil
    ) {
      self.title = title
      self.colorIndex = colorIndex
      self.style = style
      self.points = points
      self.band = band
    }
  }

  private let title: String
  private let x: ChartAxis
  private let y: ChartAxis
  private let curves: [Curve]
  private let id: String?

  private static let width = 720
  private static let (left, right, top, bottom) = (60, 24, 58, 410)
  private static let legendRowHeight = 20
  private static let colors = ["#2f6fde", "#d9772b", "#2f9e62", "#a34fc4", "#c43d5b", "#7a8290"]

  /// - Parameter id: that of the SVG element.
  package init(
    title: String, x: ChartAxis, y: ChartAxis, curves: [Curve], id: String? = nil
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.curves = curves
    self.id = id
  }

  package var svg: String {
    let height = Self.bottom + 56 + (curves.count + 1) / 2 * Self.legendRowHeight
    var lines = head(height: height) + grid
    for curve in curves { lines += draw(curve) }
    for (row, curve) in curves.enumerated() { lines += legend(row, curve) }
    return (lines + ["</svg>", ""]).joined(separator: "\n")
  }

  // MARK: Frame

  private func head(height: Int) -> [String] {
    [
      #"<svg \#(id.map { #"id="\#(Markup.content($0))" "# } ?? "")"#
        + #"xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \#(Self.width) \#(height)" "#
        + #"width="\#(Self.width)" height="\#(height)" role="img" "#
        + #"style="color-scheme: light dark" font-family="system-ui, sans-serif" font-size="13">"#,
      "<title>\(Markup.content(title))</title>",
      "<style>.ground{fill:#fff}text{fill:#444}.title{fill:#111}.grid{stroke:#8884}"
        + "@media(prefers-color-scheme:dark){.ground{fill:#121212}text{fill:#ccc}"
        + ".title{fill:#eee}}</style>",
      #"<rect class="ground" width="100%" height="100%"/>"#,
      #"<text class="title" x="\#(Self.left)" y="22" font-size="15" font-weight="600">"#
        + "\(Markup.content(title))</text>",
      #"<clipPath id="inside"><rect x="\#(Self.left)" y="\#(Self.top - 2)" "#
        + #"width="\#(Self.width - Self.left - Self.right)" "#
        + #"height="\#(Self.bottom - Self.top + 2)"/></clipPath>"#,
    ]
  }

  private var grid: [String] {
    let rows = y.ticks.flatMap { tick in
      let y = verticalPosition(tick.value)
      return [
        #"<line class="grid" x1="\#(Self.left)" x2="\#(Self.width - Self.right)" "#
          + #"y1="\#(y)" y2="\#(y)"/>"#,
        text(tick.text, x: "\(Self.left - 8)", y: y, "end", dy: 4),
      ]
    }
    let columns = x.ticks.map { tick in
      text(tick.text, x: horizontalPosition(tick.value), y: "\(Self.bottom + 20)", "middle")
    }
    return rows + columns + [
      text(
        Markup.content(x.label), x: "\(Self.width - Self.right)", y: "\(Self.bottom + 40)", "end"),
      text(Markup.content(y.label), x: "\(Self.left)", y: "46", "start"),
    ]
  }

  // MARK: Curves

  private func draw(_ curve: Curve) -> [String] {
    let color = color(curve)
    let band = curve.band.map { band in
      #"<polygon clip-path="url(#inside)" points="\#(coordinates(band.upper + band.lower.reversed()))" "#
        + #"fill="\#(color)" fill-opacity="0.14"/>"#
    }
    // Dots on the border are whole; beyond it there are none.
    let dots =
      curve.style == .dots
      ? curve.points.filter { 0...1 ~= y.share($0.y) }.map {
        #"<circle cx="\#(horizontalPosition($0.x))" "#
          + #"cy="\#(verticalPosition($0.y))" r="\#(dotRadius(curve))" fill="\#(color)"/>"#
      } : []
    let line =
      #"<polyline clip-path="url(#inside)" points="\#(coordinates(curve.points))" fill="none" "#
      + #"stroke="\#(color)" stroke-width="1.8"\#(dashes(curve))/>"#
    return [band].compactMap { $0 } + [line] + dots
  }

  private func legend(_ row: Int, _ curve: Curve) -> [String] {
    let x = row % 2 == 0 ? Self.left : (Self.left + Self.width) / 2
    let y = Self.bottom + 66 + row / 2 * Self.legendRowHeight
    let dot =
      curve.style == .dots
      ? #"<circle cx="\#(x + 14)" cy="\#(y - 4)" r="3.5" fill="\#(color(curve))"/>"# : nil
    return [
      #"<line x1="\#(x)" x2="\#(x + 28)" y1="\#(y - 4)" y2="\#(y - 4)" "#
        + #"stroke="\#(color(curve))" stroke-width="2.4"\#(dashes(curve))/>"#,
      dot, text(Markup.content(curve.title), x: "\(x + 36)", y: "\(y)", "start"),
    ].compactMap { $0 }
  }

  private func color(_ curve: Curve) -> String {
    Self.colors[curve.colorIndex % Self.colors.count]
  }

  private func dashes(_ curve: Curve) -> String {
    curve.style == .dashed ? #" stroke-dasharray="5 4""# : ""
  }

  /// Many dots are drawn small, so that they do not hide their line.
  private func dotRadius(_ curve: Curve) -> String { curve.points.count > 40 ? "2" : "3.5" }

  // MARK: Positions

  private func coordinates(_ points: [Point]) -> String {
    points.map { "\(horizontalPosition($0.x)),\(verticalPosition($0.y))" }.joined(separator: " ")
  }

  private func horizontalPosition(_ value: Double) -> String {
    pixels(Double(Self.left) + x.share(value) * Double(Self.width - Self.right - Self.left))
  }

  private func verticalPosition(_ value: Double) -> String {
    pixels(Double(Self.bottom) - y.share(value) * Double(Self.bottom - Self.top))
  }

  private func pixels(_ pixels: Double) -> String { "\((pixels * 10).rounded() / 10)" }

  private func text(
    _ text: String, x: String, y: String, _ anchor: String, dy: Int = 0
  ) -> String {
    #"<text x="\#(x)" y="\#(y)" dy="\#(dy)" text-anchor="\#(anchor)">\#(text)</text>"#
  }
}
