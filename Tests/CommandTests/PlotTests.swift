import Foundation
import Testing

/// `charlm plot`, run as a command.
@Suite(.serialized) struct PlotTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.write(
      """
      {"event":"step","step":1,"train_nats_per_token":4}
      {"event":"sample","step":40,"text":"of a model"}
      {"event":"step","step":50,"train_nats_per_token":2}
      {"event":"validation","step":50,"nats_per_token":2.5,"best":true}
      {"event":"step","step":100,"train_nats_per_token":9}
      {"event":"validation","step":100,"nats_per_token":9,"best":false}
      {"event":"went_back","step":50,"learning_rate_scale":0.5}
      {"event":"step","step":100,"train_nats_per_token":1.5}
      {"event":"validation","step":100,"nats_per_token":2.25,"best":true}
      {"event":"finished","steps":100,"validation_nats_per_token":2.25}

      """, to: "first.jsonl")
    // The last line is still being written.
    try charlm.write(
      #"{"event":"step","step":200,"train_nats_per_token":1.75}"# + "\n" + #"{"event":"st"#,
      to: "second.jsonl")
  }

  private func points(_ svg: String) -> [Int] {
    svg.matches(of: /<polyline[^>]*points="([^"]*)"/).map { $0.1.split(separator: " ").count }
  }

  @Test func everyLogHasItsCurves() throws {
    let outcome = try charlm.run("plot", "first.jsonl", "second.jsonl", "--output", "losses.svg")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.output.isEmpty && outcome.messages.isEmpty)
    let svg = try charlm.text("losses.svg")
    #expect(svg.contains(">Training and validation loss</text>"))
    #expect(svg.contains(">step</text>") && svg.contains(">loss in nats per token</text>"))
    #expect(svg.contains(">first.jsonl, training</text>"))
    #expect(svg.contains(">first.jsonl, validation, best 2.250</text>"))
    #expect(svg.contains(">second.jsonl, training</text>"))
    #expect(!svg.contains("second.jsonl, validation"))
    // What came before the roll-back is not drawn.
    #expect(points(svg) == [3, 2, 1])
    #expect(svg.contains(">200</text>") && !svg.contains(">9</text>"))
  }

  @Test func aLogOfARunIsDrawnAsTheRunWouldDrawIt() throws {
    try charlm.write(String(repeating: "line 3: sheep\n", count: 500), to: "text.txt")
    let run = try charlm.run(
      "train", "text.txt", "--output", "model.safetensors", "--hidden-size", "8", "--max-steps",
      "60", "--batch-size", "8", "--window", "16", "--evaluate-every", "20", "--quiet", "--log",
      "run.jsonl", "--plot", "run.svg")
    #expect(run.status == 0, "\(run.messages)")
    let outcome = try charlm.run(
      "plot", "run.jsonl", "--output", "log.svg", "--title", "a < b")
    #expect(outcome.status == 0, "\(outcome.messages)")
    let svg = try charlm.text("log.svg")
    #expect(svg.contains(">a &lt; b</text>"))
    // The log has steps 1, 50 and 60, the run all 60; both have 3 validations.
    #expect(points(svg) == [3, 3])
    #expect(points(try charlm.text("run.svg")) == [60, 3])
  }

  @Test func badInputGivesOneSentence() throws {
    try charlm.write("{\"event\":\"finished\"}\n", to: "empty.jsonl")
    try charlm.write("{\"event\":\"finished\"}\nno event\n", to: "text.jsonl")
    let inputs = [
      BadInput("first.jsonl --output first.jsonl", 64, "--output 'first.jsonl'"),
      BadInput("first.jsonl second.jsonl --output ./second.jsonl", 64, "--output"),
      BadInput("missing.jsonl --output new.svg", 66, "'missing.jsonl'"),
      BadInput("empty.jsonl --output new.svg", 65, "'empty.jsonl' reports no loss"),
      BadInput("first.jsonl text.jsonl --output new.svg", 65, "Line 2 of 'text.jsonl'"),
      BadInput("first.jsonl --output missing/new.svg", 73, "missing/new.svg"),
    ]
    let before = try charlm.read("first.jsonl")
    try charlm.expectRefusal(of: inputs, after: "plot")
    #expect(try charlm.read("first.jsonl") == before)
    #expect(!FileManager.default.fileExists(atPath: charlm.url("new.svg").path))
  }
}
