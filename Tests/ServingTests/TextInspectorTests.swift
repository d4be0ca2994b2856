import Foundation
import Kernels
import ModelFiles
import RecurrentNetwork
import Serving
import TestSupport
import Testing
import Tokenization

@Suite struct TextInspectorTests {
  private static let text = "The lazy dög jumps (over) “the” Fox.\nΩ quick!\n\nBrown é fox"

  private static func inspect(
    _ fields: String, text: String = text, with model: ServedModel
  ) async throws -> TextInspection {
    let quoted = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    let body = try JSONObject("{\"text\":\(quoted)\(fields)}".utf8)
    let inspector = TextInspector(processor: Processor(threadCount: 1))
    return try await inspector.inspect(
      InspectionRequest(body, of: model.model.weights.configuration), with: model)
  }

  private static func model(_ cell: CellKind, unit: TokenUnit = .scalar) throws -> ServedModel {
    let tokenizer = try Tokenizer.fit(
      [.text(ServedModel.text, name: "sample")],
      configuration: TokenizerConfiguration(unit: unit))
    let network = NetworkConfiguration(
      cell: cell, vocabularySize: tokenizer.vocabularySize, embeddingSize: 8, hiddenSize: 12,
      layerCount: 2)
    let summary = TrainingSummary(
      configuration: TrainingConfiguration(), steps: 0, charactersSeen: 0, seconds: 0,
      trainingTokens: 0, validationTokens: 0, validationNatsPerToken: nil)
    return ServedModel(
      id: "sample",
      model: TextModel(
        weights: NetworkWeights(
          configuration: network, parameters: ParameterBuffer(configuration: network, seed: 3),
          processor: Processor(threadCount: 1)),
        tokenizer: tokenizer, training: summary))
  }

  /// The vectors of a layer after each token, [vectors][tokens][units].
  private static func vectors(
    _ text: String, _ model: ServedModel, layer: Int
  ) -> [[[Float]]] {
    let weights = model.model.weights
    var trace = StateTrace(weights: weights, processor: Processor(threadCount: 1))
    var state = RecurrentState(weights.configuration)
    let vectors = weights.configuration.cell.tracedVectors
    var values: [[[Float]]] = vectors.map { _ in [] }
    let tokens = [Vocabulary.endOfText] + model.tokenizer.encode(text).ids
    trace.read(tokens, state: &state) { position, step in
      guard position > 0 else { return }
      for (index, vector) in vectors.enumerated() {
        values[index].append(Array(step.values(of: vector, layer: layer)))
      }
    }
    return values
  }

  @Test(arguments: [CellKind.lstm, .coupledLSTM, .gru, .rnn], [0, 1])
  func numbersAreThoseOfTheNetwork(cell: CellKind, layer: Int) async throws {
    let model = try Self.model(cell)
    let inspection = try await Self.inspect(
      ",\"layer\":\(layer),\"units\":[11,0]", with: model)
    let vectors = Self.vectors(Self.text, model, layer: layer)
    let names = cell.tracedVectors.map(\.rawValue)
    #expect(inspection.vectors.map(\.vector) == names)
    #expect(inspection.traces.map(\.unit) == [11, 0])
    for trace in inspection.traces {
      for (name, values) in zip(names, vectors) {
        #expect(trace.values[name] == values.map { $0[trace.unit] }, "\(name)")
      }
    }
    for vector in inspection.vectors where vector.gate {
      let values = inspection.traces.flatMap { $0.values[vector.vector]! }
      #expect(values.allSatisfy { 0...1 ~= $0 })
    }
    let letters = inspection.vectors.filter { !$0.gate }.map(\.vector)
    #expect(Set(letters).isSubset(of: ["h", "c", "g", "n"]))
    #expect(inspection.layer == layer && inspection.layers == 2 && inspection.hiddenSize == 12)
  }

  /// A byte is the nearest one to its number.
  @Test(arguments: ["h", "c"]) func bytesAreTheStatesOfAllUnits(vector: String) async throws {
    let model = try ServedModel.sample()
    let inspection = try await Self.inspect(",\"vector\":\"\(vector)\"", with: model)
    let states = try #require(inspection.states)
    let numbers = Self.vectors(Self.text, model, layer: 1)[vector == "h" ? 0 : 1]
    let bytes = try #require(Data(base64Encoded: states.values)).map { Int8(bitPattern: $0) }
    #expect(states.units == Array(0..<17) && states.vector == vector)
    #expect(bytes.count == 17 * numbers.count)
    for unit in 0..<17 {
      let scale = states.scales[unit]
      #expect(scale == max(1, numbers.map { abs($0[unit]) }.max()!))
      for (position, values) in numbers.enumerated() {
        let number = Float(bytes[unit * numbers.count + position]) / 127 * scale
        #expect(abs(number - values[unit]) <= scale / 254 * 1.001)
      }
    }
  }

  @Test(arguments: [TokenUnit.scalar, .grapheme, .byte])
  func charactersAreThoseOfTheScore(unit: TokenUnit) async throws {
    let model = try Self.model(.lstm, unit: unit)
    let inspection = try await Self.inspect(",\"candidates\":3,\"units\":[1]", with: model)
    let score = try await TextScorer(processor: Processor(threadCount: 1))
      .score(Self.text, with: model, candidateCount: 3)
    let units = try #require(score.units)
    #expect(inspection.characters.map(\.text) == units.map(\.text))
    #expect(inspection.characters.map(\.bits) == units.map(\.bits))
    #expect(inspection.characters.map(\.unknown) == units.map(\.unknown))
    #expect(inspection.characters.map { $0.candidates.count } == units.map { _ in 3 })
    #expect(inspection.characters.map(\.text).joined() == Self.text)
    var offset = 0
    for character in inspection.characters {
      #expect(character.offset == offset)
      offset += character.text.unicodeScalars.count
    }
    #expect(inspection.traces[0].values["h"]?.count == units.count)
  }

  @Test func gradientsAreThoseOfTheText() async throws {
    let model = try ServedModel.sample()
    let inspection = try await Self.inspect(",\"layer\":0", with: model)
    let tokens = [Vocabulary.endOfText] + model.tokenizer.encode(Self.text).ids
    let distance = (tokens.count - 1) / 2
    var norms = GradientNorms(
      weights: model.model.weights, layer: 0, furthestDistance: distance,
      processor: Processor(threadCount: 1))
    let curves = norms.measure(windowCount: 32, tokenCount: tokens.count) { range, buffer in
      _ = buffer.update(from: tokens[range])
    }
    let gradients = try #require(inspection.gradients)
    #expect(gradients.hidden.median == curves[0].medians)
    #expect(gradients.cellState?.median == curves[1].medians)
    #expect(gradients.hidden.median.count == distance + 1)
    #expect(gradients.windows == curves[0].windowCount && inspection.gradientsMissing == nil)

    let short = try await Self.inspect("", text: "The lazy dog jumps", with: model)
    #expect(short.gradients == nil && short.gradientsMissing?.contains("20 characters") == true)
    let without = try await Self.inspect(
      ",\"gradients\":false,\"states\":false", with: model)
    #expect(without.gradients == nil && without.gradientsMissing == nil && without.states == nil)
  }

  @Test func featuresHaveTheirUnitsAndUnitsTheirFeature() async throws {
    let model = try ServedModel.sample()
    let inspection = try await Self.inspect("", with: model)
    let newline = try #require(
      inspection.features.first { $0.feature == "after a newline" })
    #expect(newline.units.count == 10)
    let strengths = newline.units.map(\.correlation.magnitude)
    #expect(strengths == strengths.sorted(by: >))
    #expect(abs(newline.mean - 3 / Double(inspection.characters.count)) < 1e-12)
    for unit in inspection.units {
      let feature = try #require(inspection.features.first { $0.feature == unit.feature })
      guard let same = feature.units.first(where: { $0.unit == unit.unit }) else { continue }
      #expect(same.correlation == unit.correlation && same.vector == unit.vector)
    }
  }

  @Test func aTextOfTheGreatestLengthIsAccepted() async throws {
    let model = try Self.model(.rnn)
    let text = String(repeating: "The fox. ", count: 223).prefix(2_000)
    let inspection = try await Self.inspect(
      ",\"gradients\":false", text: String(text), with: model)
    #expect(inspection.characters.count == 2_000)
  }

  @Test(arguments: [
    (",\"layer\":2", "from 0 to 1"), (",\"layer\":-1", "from 0 to 1"),
    (",\"units\":[12]", "0 to 11"), (",\"units\":[1,1]", "different"), (",\"units\":3", "a list"),
    (",\"units\":[0,1,2,3,4,5,6,7,8]", "at most 8"), (",\"units\":[1.5]", "0 to 11"),
    (",\"vector\":\"c\"", "give h."), (",\"vector\":\"z\"", "give h."),
    (",\"candidates\":11", "from 0 to 10"), (",\"states\":1", "true or false"),
    (",\"unit\":3", "'unit'"),
  ])
  func wrongFieldsAreOneSentence(fields: String, words: String) async throws {
    let model = try Self.model(.gru)
    let error = await #expect(throws: ServingError.self) {
      _ = try await Self.inspect(fields, with: model)
    }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }

  @Test(arguments: [("", "missing"), (String(repeating: "a", count: 2_001), "2001 characters")])
  func theTextHasLimits(text: String, words: String) async throws {
    let model = try Self.model(.gru)
    let error = await #expect(throws: ServingError.self) {
      _ = try await Self.inspect("", text: text, with: model)
    }
    #expect(error?.description.contains(words) == true)
  }
}
