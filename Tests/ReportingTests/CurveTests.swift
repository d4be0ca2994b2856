import Reporting
import Testing

@Suite struct CurveTests {
  @Test func aLossCurveIsBoundedAndKeepsTheMean() throws {
    var curve = LossCurve(limit: 100)
    for step in 1...6_400 { curve.append(step: step, natsPerToken: Double(step)) }
    #expect(curve.points.count <= 100 && curve.points.count >= 50)
    // 6,400 steps are 100 points of 64: the first is the mean of 1 ... 64.
    #expect(curve.points[0].step == 64 && curve.points[0].natsPerToken == 32.5)
    let last = try #require(curve.points.last)
    #expect(last.step == 6_400 && last.natsPerToken == 6_400 - 31.5)
  }

  @Test func aRunThatGoesBackTakesItsCurveAlong() {
    var curve = LossCurve(limit: 10)
    for step in 1...20 { curve.append(step: step, natsPerToken: 1) }
    #expect(curve.points.map(\.step) == Array(stride(from: 2, through: 20, by: 2)))
    curve.truncate(toStep: 13)
    #expect(curve.points.last?.step == 12)
    curve.append(step: 14, natsPerToken: 1)
    #expect(curve.points.map(\.step) == [2, 4, 6, 8, 10, 12, 14])
  }

  @Test func sparklinesShowShapes() {
    #expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], width: 8) == "▁▂▃▄▅▆▇█")
    #expect(sparkline([7, 0], width: 8) == "█▁")
    #expect(sparkline([3, 3, 3], width: 8) == "▁▁▁")
    #expect(sparkline([], width: 8) == "")
    #expect(sparkline([.nan, 1, .infinity], width: 8) == "▁")
    #expect(sparkline((0..<1_000).map(Double.init), width: 10).count == 10)
    // A steep beginning leaves the rest its shape.
    let fall = sparkline([100] + (0..<19).map { Double(19 - $0) / 10 }, width: 20)
    #expect(Set(fall).count == 8)
  }

  @Test func ticksAreRoundNumbers() {
    func chart(_ xs: [Double]) -> String {
      LineChart(
        title: "a < b & c", x: ChartAxis(linear: xs, label: "steps"),
        y: ChartAxis(linear: [1.37, 2.41], label: "nats"),
        curves: [
          .init(title: "one", colorIndex: 0, points: [(xs[0], 1.37), (xs[1], 2.41)]),
          .init(title: "two", colorIndex: 1, style: .dots, points: [(xs[1], 2)]),
        ]
      ).svg
    }
    let svg = chart([0, 2_000])
    for text in ["0", "200", "400", "2000", "1.4", "1.6", "2.4"] {
      #expect(svg.contains(">\(text)</text>"), "\(text)")
    }
    #expect(svg.contains("<title>a &lt; b &amp; c</title>"))
    #expect(svg.contains(">a &lt; b &amp; c</text>"))
    #expect(svg.contains(">steps</text>") && svg.contains(">nats</text>"))
    // The corners of the frame.
    #expect(svg.contains(#"points="60.0,410.0 696.0,58.0""#))
    #expect(svg.split(separator: "<circle").count == 1 + 2)
    #expect(chart([0, 7]).contains(">7</text>"))
    // A column of marks has the same number of digits.
    let marks = chart([0, 0.4]).matches(of: />([0-9.]+)<\/text>/).map { String($0.1) }
    #expect(marks.contains("0.00") && marks.contains("0.05") && marks.contains("0.40"))
    // A single value has a place, too.
    #expect(!chart([5, 5]).contains("nan") && !chart([5, 5]).contains("inf"))
  }

  /// Whatever scheme a viewer chooses, ground and text follow the same choice.
  @Test func aChartOpenedByItselfIsReadable() {
    let svg = LossChart(
      title: "run", runs: [.init(name: nil, training: [(1, 2), (2, 1)], validation: [])]
    ).svg
    #expect(svg.contains(#"style="color-scheme: light dark""#))
    #expect(svg.contains(#"<rect class="ground" width="100%" height="100%"/>"#))
    #expect(svg.contains("@media(prefers-color-scheme:dark){.ground{fill:#121212}text{fill:#ccc}"))
    #expect(svg.contains(">step</text>") && svg.contains(">loss in nats per token</text>"))
  }

  @Test func aLegendNamesEveryRunAndItsBestValidation() {
    let svg = LossChart(
      title: "runs",
      runs: [
        .init(
          name: "first.jsonl", training: [(1, 4), (100, 2)], validation: [(50, 2.25), (100, 2.5)]),
        .init(
          name: "a-folder-with-a-long-name/second.jsonl", training: [(50, 1.9)], validation: []),
      ]
    ).svg
    #expect(svg.contains(">first.jsonl, training</text>"))
    #expect(svg.contains(">first.jsonl, validation, best 2.250</text>"))
    #expect(svg.contains(">…-long-name/second.jsonl, training</text>"))
    #expect(svg.split(separator: "<polyline").count == 1 + 3)
    // The steep fall at the beginning exceeds the chart.
    #expect(svg.contains(">2.5</text>") && !svg.contains(">3.0</text>"))
  }
}
