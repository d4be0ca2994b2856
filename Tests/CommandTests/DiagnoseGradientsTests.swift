import Foundation
import Testing

/// `charlm diagnose gradients`, run as a command.
@Suite(.serialized) struct DiagnoseGradientsTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.trainSmallModel()
  }

  private func run(_ arguments: String) throws -> Charlm.Outcome {
    try charlm.run(
      ["diagnose", "gradients"] + arguments.split(separator: " ").map(String.init))
  }

  private func networks(_ outcome: Charlm.Outcome) throws -> [[String: Any]] {
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.objects.count == 1)
    return try #require(outcome.objects.first?["networks"] as? [[String: Any]])
  }

  @Test func figuresAreOneJSONObject() throws {
    let outcome = try run(
      "model.safetensors text.txt --cell gru --cell rnn --hidden-size 12 --window 30 "
        + "--windows 20 --json")
    let networks = try networks(outcome)
    #expect(outcome.objects[0]["text"] as? String == "text.txt")
    #expect(outcome.objects[0]["window"] as? Int == 30)
    #expect(networks.map { $0["label"] as? String } == ["model", "untrained", "untrained"])
    #expect(networks.map { $0["trained"] as? Bool } == [true, false, false])
    for (network, cell) in zip(networks, ["lstm", "gru", "rnn"]) {
      #expect((network["network"] as? [String: Any])?["cell"] as? String == cell)
      #expect(network["windows"] as? Int == 20)
      #expect(network["layer"] as? Int == 0)
      let hidden = try #require(network["hidden"] as? [String: Any])
      for name in ["median", "lower_quartile", "upper_quartile"] {
        let norms = try #require(hidden[name] as? [Double])
        #expect(norms.count == 31)
        #expect(norms[0] == 1)
        #expect(norms[30] < 0.1)
      }
      let median = hidden["median"] as! [Double]
      #expect(hidden["half_distance"] as? Int == median.firstIndex { $0 <= 0.5 })
      #expect(hidden["thousandth_distance"] as? Int == median.firstIndex { $0 <= 1e-3 })
      #expect((network["cell_state"] is [String: Any]) == (cell == "lstm"))
    }
  }

  /// A distance at which single precision underflows to 0.
  @Test func aGradientThatIsGoneHasALine() throws {
    let outcome = try run("text.txt --cell rnn --hidden-size 8 --window 1000 --windows 4")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.output.contains("\n    1000         0  \n"), "\(outcome.output)")
  }

  /// Shows the purpose of the gates, before any training: the forget gate starts open, at
  /// sigmoid(1) = 0.73, so that dL/dc falls by about that factor per step. A simple RNN has nothing
  /// like it.
  @Test func untrainedCellsDifferAsTheirEquationsSay() throws {
    let networks = try networks(
      run("text.txt --cell lstm --cell gru --cell rnn --hidden-size 64 --window 20 --json"))
    func median(_ index: Int, _ vector: String) throws -> [Double] {
      let curve = try #require(networks[index][vector] as? [String: Any])
      return try #require(curve["median"] as? [Double])
    }
    let (cell, gru, rnn) = try (
      median(0, "cell_state"), median(1, "hidden"), median(2, "hidden")
    )
    let decay = pow(cell[20] / cell[10], 0.1)
    #expect(0.65 < decay && decay < 0.9, "\(decay)")
    #expect(cell[20] > 10 * gru[20])
    #expect(gru[20] > 10 * rnn[20])
  }

  @Test func theTableShowsBothStateVectorsAndReadsThem() throws {
    let outcome = try run("model.safetensors text.txt --window 60")
    #expect(outcome.status == 0)
    for words in ["lstm (model), 1 x 16: medians of 200 windows", "|dL/dh_t|", "|dL/dc_t|"] {
      #expect(outcome.output.contains(words), "\(words)")
    }
    let distances = outcome.output.split(separator: "\n").compactMap {
      $0.split(separator: " ").first.flatMap { Int($0) }
    }
    #expect(distances == [0, 1, 2, 5, 10, 20, 50, 60, 0, 1, 2, 5, 10, 20, 50, 60])
    #expect(outcome.output.contains("dL/dc_t has fallen to 1/2 at distance "))
  }

  @Test func thePictureHoldsEveryCurve() throws {
    let outcome = try run("model.safetensors text.txt --cell rnn --plot curves.svg")
    #expect(outcome.status == 0)
    let picture = try String(decoding: charlm.read("curves.svg"), as: UTF8.self)
    #expect(picture.contains("prefers-color-scheme:dark"))
    #expect(picture.split(separator: "<polyline").count == 1 + 3)
    #expect(picture.contains("lstm (model), 1 x 16, dL/dc_t"))
    #expect(picture.contains("rnn (untrained), 1 x 128, dL/dh_t"))
    #expect(!picture.contains("nan") && !picture.contains("inf"))
    #expect(picture.hasSuffix("</svg>\n"))
  }

  @Test func figuresDoNotDependOnThreadsAndNameALayer() throws {
    let options = "text.txt --cell lstm --layers 2 --hidden-size 8 --json --window 10"
    let top = try run(options)
    #expect(try networks(top)[0]["layer"] as? Int == 1)
    #expect(try run(options + " --layer 1 --threads 1").output == top.output)
    let lower = try run(options + " --layer 0")
    #expect(try networks(lower)[0]["layer"] as? Int == 0)
    #expect(lower.output != top.output)
  }

  @Test func badInputGivesOneSentenceAndItsExitCode() throws {
    try charlm.write("short\n", to: "short.txt")
    try charlm.write("", to: "empty.txt")
    let inputs = [
      BadInput("model.safetensors short.txt", 65, "'short.txt'", "6 characters", "more than 100"),
      BadInput(
        "model.safetensors text.txt --window 9223372036854775807", 65, "'text.txt'", "--window"),
      BadInput("model.safetensors empty.txt", 65, "'empty.txt'", "0 characters"),
      BadInput("model.safetensors missing.txt", 66, "'missing.txt'"),
      BadInput("missing.safetensors text.txt", 66, "'missing.safetensors'"),
      BadInput("text.txt text.txt", 65, "'text.txt'"),
      BadInput("model.safetensors text.txt --window 0", 64, "--window is 0"),
      BadInput("model.safetensors text.txt --windows 0", 64, "--windows is 0"),
      BadInput("model.safetensors text.txt --layer 1", 64, "--layer is 1", "only layer 0"),
      BadInput("model.safetensors text.txt --layer -1", 64, "--layer is -1"),
      BadInput("text.txt --cell gru --layers 2 --layer 2", 64, "--layer is 2", "layers 0 to 1"),
      BadInput("text.txt --cell gru --hidden-size 0", 64, "hidden size"),
      BadInput("model.safetensors text.txt --hidden-size 8", 64, "--hidden-size", "--cell"),
      BadInput("text.txt --cell gru --activation relu", 64, "relu", "gru"),
      BadInput("model.safetensors text.txt --plot text.txt", 64, "--plot 'text.txt'"),
      BadInput("model.safetensors text.txt --plot missing/a.svg", 73, "missing/a.svg"),
    ]
    let text = try charlm.read("text.txt")
    try charlm.expectRefusal(of: inputs, after: "diagnose gradients")
    #expect(try charlm.read("text.txt") == text)
    #expect(try run("text.txt").status == 64)
  }

  @Test func aTextOfOneWindowIsEnough() throws {
    try charlm.write("line 1: sheep\n", to: "short.txt")
    let networks = try networks(run("model.safetensors short.txt --window 13 --json"))
    #expect(networks[0]["windows"] as? Int == 1)
    #expect(try run("model.safetensors short.txt --window 14").status == 65)
  }
}
