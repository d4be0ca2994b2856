import Foundation
import RecurrentNetwork
import TestSupport
import Testing

/// `charlm diagnose example`, run as a command, and the numbers of `docs/backpropagation.md`.
@Suite struct DiagnoseExampleTests {
  let charlm: Charlm

  init() throws { charlm = try Charlm() }

  private func run(_ arguments: String) throws -> String {
    let outcome = try charlm.run(
      ["diagnose", "example"] + arguments.split(separator: " ").map(String.init))
    #expect(outcome.status == 0, "\(outcome.messages)")
    return outcome.output
  }

  /// The numbers of the lines whose name, up to " =", begins with one of `names`.
  private func numbers(_ output: String, _ names: String...) -> [Double] {
    output.split(separator: "\n").filter { line in
      names.contains { line.hasPrefix("  \($0) ") || line.hasPrefix("  \($0)[") }
    }.flatMap { line in
      line.split(separator: " ").reversed().prefix { Double($0) != nil && $0.contains(".") }
        .reversed().map { Double($0)! }
    }
  }

  /// Five digits are printed, of numbers in single precision.
  static let tolerance = 6e-6

  private func expect(
    _ found: [Double], _ expected: [Double], _ name: String,
    _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(found.count == expected.count, "\(name)", sourceLocation: location)
    for (found, expected) in zip(found, expected) {
      #expect(abs(found - expected) < Self.tolerance, "\(name)", sourceLocation: location)
    }
  }

  @Test(arguments: CellKind.allCases, ["", " --input 1.5,-2 --target 0 --weights b_out=1,2,-3"])
  func everyNumberIsThatOfTheTwin(cell: CellKind, options: String) throws {
    let output = try run("--cell \(cell.rawValue)" + options)
    let sections = output.components(separatedBy: "\n\n")
    let weights = numbers(
      sections[1], "embedding", "W_ih", "W_hh", "b_ih", "b_hh", "W_out", "b_out")
    let network = NetworkConfiguration(
      cell: cell, vocabularySize: 3, embeddingSize: 2, hiddenSize: 2, layerCount: 1)
    let twin = NaiveNetwork(configuration: network, parameters: weights)
    #expect(weights.count == twin.layout.count)
    var state = twin.zeroState(batchSize: 1)
    state[0][0].hidden = numbers(sections[2], "h'")
    if cell.stateVectorCount > 1 { state[0][0].cell = numbers(sections[2], "c'") }
    #expect(state[0][0].hidden == [0.1, -0.2])

    let vectors = twin.trace([0], from: state)[0][0]
    for (vector, expected) in vectors {
      expect(numbers(sections[2], vector.rawValue), expected, vector.rawValue)
    }
    let logits = twin.logits(vectors[.hidden]!)
    expect(numbers(sections[2], "logits"), logits, "logits")
    let sum = logits.reduce(0) { $0 + exp($1) }
    expect(numbers(sections[2], "p"), logits.map { exp($0) / sum }, "p")
    let target = options.isEmpty ? 2 : 0
    expect(numbers(sections[2], "L"), [log(sum) - logits[target]], "L")

    let gradients = twin.gradients(inputs: [[0]], targets: [[target]], state: state)
    let names = ["dembedding", "dW_ih", "dW_hh", "db_ih", "db_hh", "dW_out", "db_out"]
    for (name, tensor) in zip(names, twin.layout.tensors) {
      expect(numbers(sections[4], name), Array(gradients[tensor.range]), name)
    }
    // In a single step these are gradients of biases and of a row of the embedding.
    let layout = twin.layout
    let sumGradients = Array(gradients[layout.layers[0].inputBias.range])
    expect(numbers(sections[3], "dlogits"), Array(gradients[layout.outputBias.range]), "dlogits")
    expect(numbers(sections[3], "dx"), Array(gradients[0..<2]), "dx")
    let blocks = numbers(
      sections[3], "dz_i", "dz_f", "dz_g", "dz_o", "da", "da_r", "da_z", "da_n")
    expect(blocks, sumGradients, "gates")
    if cell == .gru {
      let recurrent = gradients[layout.layers[0].recurrentBias.range].suffix(2)
      expect(numbers(sections[3], "ds_n"), Array(recurrent), "ds_n")
    }
    let outputWeight = Array(weights[layout.outputWeight.range])
    let hidden = (0..<2).map { unit in
      (0..<3).reduce(0) { sum, row in
        sum + outputWeight[row * 2 + unit] * gradients[layout.outputBias.offset + row]
      }
    }
    expect(numbers(sections[3], "dh"), hidden, "dh")
    guard cell.stateVectorCount > 1 else { return }
    let cellGradient = (0..<2).map { unit in
      hidden[unit] * vectors[.outputGate]![unit] * (1 - pow(tanh(vectors[.cell]![unit]), 2))
    }
    expect(numbers(sections[3], "dc"), cellGradient, "dc")
    // The sums before the gates: their sigmoids and tanh are the gates.
    for gate in cell == .lstm ? ["i", "f", "g", "o"] : ["f", "g", "o"] {
      let sums = numbers(sections[2], "z_\(gate),", "z_\(gate)")
      let values = sums.map { gate == "g" ? tanh($0) : 1 / (1 + exp(-$0)) }
      expect(values, vectors[TracedVector(rawValue: gate)!]!, gate)
    }
  }

  /// The object has the numbers of the text, and no others.
  @Test(arguments: CellKind.allCases) func jsonHasTheNumbersOfTheText(cell: CellKind) throws {
    let arguments = "--cell \(cell.rawValue) --input 1.5,-2 --target 1"
    let sections = try run(arguments).components(separatedBy: "\n\n")
    let outcome = try charlm.run(
      ["diagnose", "example", "--json"] + arguments.split(separator: " ").map(String.init))
    #expect(outcome.status == 0 && outcome.objects.count == 1, "\(outcome.messages)")
    let object = try #require(outcome.objects.first)
    #expect(object["cell"] as? String == cell.rawValue)
    #expect(object["token"] as? Int == 0 && object["target"] as? Int == 1)
    func list(_ value: Any?) -> [Double] {
      ((value as? [[Double]])?.flatMap { $0 } ?? value as? [Double]) ?? []
    }
    let gradients = try #require(object["gradients"] as? [String: Any])
    for (key, section, prefix) in [("weights", sections[1], ""), ("gradients", sections[4], "d")] {
      let holder = key == "weights" ? object : gradients
      let tensors = try #require(holder["weights"] as? [String: Any])
      #expect(tensors.count == 7)
      // All keys of an object are in lower case.
      for name in ["embedding", "W_ih", "W_hh", "b_ih", "b_hh", "W_out", "b_out"] {
        expect(list(tensors[name.lowercased()]), numbers(section, prefix + name), name)
      }
    }
    let previous = try #require(object["previous"] as? [String: Any])
    expect(list(previous["hidden"]), numbers(sections[2], "h'"), "h'")
    expect(list(previous["cell_state"]), numbers(sections[2], "c'"), "c'")
    #expect((previous["cell_state"] is NSNull) == (cell.stateVectorCount == 1))
    expect(list(object["input"]), numbers(sections[2], "x"), "x")
    let vectors = try #require(object["vectors"] as? [String: Any])
    #expect(Set(vectors.keys) == Set(cell.tracedVectors.map(\.rawValue)))
    for (name, values) in vectors { expect(list(values), numbers(sections[2], name), name) }
    expect(list(object["logits"]), numbers(sections[2], "logits"), "logits")
    expect(list(object["probabilities"]), numbers(sections[2], "p"), "p")
    expect([try #require(object["nats"] as? Double)], numbers(sections[2], "L"), "L")
    let sums = zip(list(object["input_sums"]), list(object["recurrent_sums"])).map { $0 + $1 }
    let names = ["z_i", "z_f", "z_f,", "z_g,", "z_o,", "a", "a_r", "a_z"]
    let printed = names.flatMap { numbers(sections[2], $0) }
    expect(Array(sums.prefix(printed.count)), printed, "sums")
    for (key, name) in [
      ("logits", "dlogits"), ("hidden", "dh"), ("cell_state", "dc"), ("input", "dx"),
    ] {
      expect(list(gradients[key]), numbers(sections[3], name), name)
    }
    let tensors = try #require(gradients["weights"] as? [String: Any])
    #expect(list(gradients["input_sums"]) == list(tensors["b_ih"]))
    #expect(list(gradients["recurrent_sums"]) == list(tensors["b_hh"]))
  }

  @Test func thePageQuotesTheProgram() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appending(path: "docs/backpropagation.md"), encoding: .utf8)
    let lstm = try run("--cell lstm").components(separatedBy: "\n\n")
    let gru = try run("--cell gru").components(separatedBy: "\n\n")
    #expect(lstm.count == 5 && gru.count == 5)
    for section in lstm + gru[2...3] {
      #expect(page.contains(section), "\(section)")
    }
    // The sums that the page works out by hand, as products and their sum.
    let sums: [(line: String, products: [(Double, Double)], sum: Double)] = [
      (
        "0.2 · 0.5 - 0.1 · (-0.3) + 0 + 0.1 · 0.1 + 0.2 · (-0.2) = 0.1",
        [(0.2, 0.5), (-0.1, -0.3), (0.1, 0.1), (0.2, -0.2)], 0.1
      ),
      (
        "0.67918 · 0.3 + 0.52498 · 0.36271 = 0.39417",
        [(0.67918, 0.3), (0.52498, 0.36271)], 0.39417
      ),
      (
        "0.32082 · 0.41902 + 0.67918 · 0.1 = 0.20235",
        [(0.32082, 0.41902), (0.67918, 0.1)], 0.20235
      ),
    ]
    for (line, products, sum) in sums {
      #expect(page.contains(line), "\(line)")
      let found = products.reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(found - sum) < Self.tolerance, "\(line)")
    }
  }

  @Test(arguments: CellKind.allCases) func theLargestNumbersDoNotOverflow(cell: CellKind) throws {
    let output = try run(
      "--cell \(cell.rawValue) --input 1e6,-1e6 --weights W_out=1e6,-1e6,1e6,1e6,-1e6,1e6")
    #expect(!output.contains("nan") && !output.contains("inf"))
  }

  @Test func otherNumbersAreUsed() throws {
    let output = try run("--cell rnn --state 0,0 --input 0,0 --weights b_ih=0.5,0 --target 1")
    #expect(numbers(output, "h") == [0.46212, 0])
    #expect(output.contains("L = -ln p[1]") && output.contains("dlogits = p - (0, 1, 0)"))
  }

  @Test func badInputGivesOneSentenceAndItsExitCode() throws {
    let inputs = [
      BadInput("--input 1", 64, "--input has 1 number: give 2"),
      BadInput("--state 1,2,3", 64, "--state has 3 numbers: give 4"),
      BadInput("--cell gru --state 1,2,3,4", 64, "--state has 4 numbers: give 2"),
      BadInput("--target 3", 64, "--target is 3", "0 to 2"),
      BadInput("--target -1", 64, "--target is -1"),
      BadInput("--weights W=1", 64, "'W'", "W_ih"),
      BadInput("--weights b_out=1", 64, "b_out has 1 number: give 3"),
    ]
    try charlm.expectRefusal(of: inputs, after: "diagnose example")
    let malformed = [
      "--input x,1", "--input nan,1", "--weights b_out", "--input 1,,2", "--input 1,2e6",
    ]
    for arguments in malformed {
      let words = arguments.split(separator: " ").map(String.init)
      #expect(try charlm.run(["diagnose", "example"] + words).status == 64)
    }
  }
}
