import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

let processor = Processor(instructionSet: .baseline, threadCount: 1)

/// Units that a careless reader or writer would change, merge or lose, in the order of their UTF-8.
let awkwardUnits = [
  "\0", "\t", "\n", "\"", "/", "\\", "e", "\u{7F}", "\u{85}", "\u{E9}", "\u{301}", "\u{1112}",
  "\u{200D}", "\u{2028}", "\u{202E}", "\u{212B}", "\u{D7FF}", "\u{E000}", "\u{FEFF}", "\u{FFFD}",
  "\u{FFFF}", "\u{1F642}", "\u{10FFFF}",
]

/// Floats that only a bit-for-bit copy preserves.
private let awkwardFloats: [Float] = [
  1, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, 0.1, -1 / 3,
]

/// A model with one unit per layer whose parameters repeat `awkwardFloats`.
func sampleModel(
  _ tokenizer: Tokenizer, layerCount: Int = 1, validationNatsPerToken: Double? = 1.25
) -> TextModel {
  let network = NetworkConfiguration(
    vocabularySize: tokenizer.vocabularySize, embeddingSize: 1, hiddenSize: 1,
    layerCount: layerCount)
  let parameters = ParameterBuffer(layout: ParameterLayout(network))
  for index in 0..<parameters.count {
    parameters.start[index] = awkwardFloats[index % awkwardFloats.count]
  }
  return TextModel(
    weights: NetworkWeights(configuration: network, parameters: parameters, processor: processor),
    tokenizer: tokenizer,
    training: TrainingSummary(
      configuration: TrainingConfiguration(), steps: 7, charactersSeen: 14_336, seconds: 0.1,
      trainingTokens: 90, validationTokens: 10, validationNatsPerToken: validationNatsPerToken))
}

/// An untrained model of this network, with new weights.
func untrainedModel(_ network: NetworkConfiguration, _ tokenizer: Tokenizer) -> TextModel {
  TextModel(
    weights: NetworkWeights(
      configuration: network, parameters: ParameterBuffer(configuration: network, seed: 1),
      processor: processor),
    tokenizer: tokenizer,
    training: TrainingSummary(
      configuration: TrainingConfiguration(), steps: 0, charactersSeen: 0, seconds: 0,
      trainingTokens: 0, validationTokens: 0, validationNatsPerToken: nil))
}

/// A tokenizer of these units, which are in the order of their UTF-8.
func sampleTokenizer(
  unit: TokenUnit = .scalar, _ units: [String] = ["\"", "\u{301}", "\u{1F642}"]
) throws -> Tokenizer {
  try Tokenizer(
    configuration: TokenizerConfiguration(unit: unit),
    vocabulary: unit == .byte ? .bytes : Vocabulary(unit: unit, units: units))
}

/// Reads a model from bytes under the name "test".
@discardableResult
func readModel(_ bytes: [UInt8]) throws -> TextModel {
  try TextModel(open(bytes), processor: processor)
}

/// The bits of all parameters of a model.
func parameterBits(_ model: TextModel) -> [UInt32] {
  let weights = model.weights
  return (0..<weights.parameters.count).map { weights.parameters.start[$0].bitPattern }
}

/// The error with which a model file was rejected.
enum Rejection: Equatable, CustomStringConvertible {
  case archive(SafetensorsError)
  case model(TextModelError)

  /// The error with which `bytes` are rejected.
  /// - Throws: `NotRejected`.
  init(of bytes: [UInt8]) throws {
    do {
      try readModel(bytes)
    } catch let error as SafetensorsError {
      self = .archive(error)
      return
    } catch let error as TextModelError {
      self = .model(error)
      return
    } catch {
      throw NotRejected(otherError: "\(error)")
    }
    throw NotRejected(otherError: nil)
  }

  struct NotRejected: Error {
    let otherError: String?
  }

  var description: String {
    switch self {
    case .archive(let error): error.description
    case .model(let error): error.description
    }
  }

  /// Whether the description is one short sentence on one line that names the file "test".
  var isOneSentence: Bool {
    let text = description
    return text.hasSuffix(".") && !text.hasSuffix("..") && !text.contains(". ")
      && !text.contains { $0.isNewline } && text.contains("'test'") && text.utf8.count < 2_000
  }
}
