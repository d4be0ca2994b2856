import Kernels
import ModelFiles
import RecurrentNetwork
import Tokenization

/// A network from another tool, with the names, shapes and gate order of this package; the rows of
/// its tokens are still those of the tool.
struct ForeignNetwork {
  let file: String
  /// Its vocabulary size is the number of the tool's rows.
  let configuration: NetworkConfiguration
  /// By the names of `ParameterLayout`; without an embedding if the input is one-hot.
  let tensors: [String: [Float]]

  /// The logit of tokens that the tool does not have: no sampler draws them.
  private static let lowest: Float = -30

  /// The model with the tool's tokens in the order of this package.
  ///
  /// Tokens that the tool does not have get rows of zeros and a very low bias, so that the
  /// probabilities of all others stay the same. The token that begins a text is read like a line
  /// feed, if there is one.
  /// - Throws: `ImportError`.
  func model(_ vocabulary: ForeignVocabulary, processor: Processor) throws(ImportError) -> TextModel
  {
    let (tokenizer, rows) = try vocabulary.tokenizer()
    guard vocabulary.tokens.count == configuration.vocabularySize else {
      throw .vocabularySize(
        file: vocabulary.file, tokens: vocabulary.tokens.count,
        rows: configuration.vocabularySize)
    }
    var network = configuration
    network.vocabularySize = tokenizer.vocabularySize
    let layout = ParameterLayout(network)
    let ownLayout = ParameterLayout(configuration)
    let parameters = ParameterBuffer(layout: layout)
    for (own, tensor) in zip(ownLayout.tensors, layout.tensors) {
      if own == ownLayout.embedding, tensors[own.name] == nil {
        let embedding = parameters.values(of: tensor)
        for (token, row) in rows.enumerated() {
          if let row { embedding[token * network.embeddingSize + row] = 1 }
        }
        continue
      }
      guard let values = tensors[own.name] else {
        throw .tensorNotFound(file: file, part: "'\(own.name)'", candidates: [])
      }
      guard values.count == own.count else {
        throw .unexpectedShape(
          file: file, tensor: own.name, expected: "\(own.shape)", found: [values.count])
      }
      guard values.allSatisfy(\.isFinite) else {
        throw .notFinite(file: file, tensor: own.name)
      }
      let target = parameters.values(of: tensor)
      if [layout.embedding, layout.outputWeight, layout.outputBias].contains(tensor) {
        copyRows(rows, of: values, to: target, fill: tensor == layout.outputBias ? Self.lowest : 0)
      } else {
        _ = target.update(from: values)
      }
    }
    let embedding = parameters.values(of: layout.embedding)
    let lineFeed = tokenizer.vocabulary.id(of: "\n")
    if rows[Int(Vocabulary.endOfText)] == nil, lineFeed != Vocabulary.unknown,
      !network.tiesEmbeddings
    {
      let width = network.embeddingSize
      for column in 0..<width {
        embedding[Int(Vocabulary.endOfText) * width + column] =
          embedding[Int(lineFeed) * width + column]
      }
    }
    let weights = NetworkWeights(
      configuration: network, parameters: parameters, processor: processor)
    return TextModel(weights: weights, tokenizer: tokenizer, training: Self.unknownTraining)
  }

  private func copyRows(
    _ rows: [Int?], of values: [Float], to target: UnsafeMutableBufferPointer<Float>, fill: Float
  ) {
    let width = target.count / rows.count
    for (token, row) in rows.enumerated() {
      for column in 0..<width {
        target[token * width + column] = row.map { values[$0 * width + column] } ?? fill
      }
    }
  }

  /// What is recorded of a training that nobody here has seen.
  private static var unknownTraining: TrainingSummary {
    TrainingSummary(
      configuration: TrainingConfiguration(), steps: 0, charactersSeen: 0, seconds: 0,
      trainingTokens: 0, validationTokens: 0, validationNatsPerToken: nil)
  }
}

extension RandomAccessCollection<Float> where Index == Int {
  /// The columns of a matrix of `columnCount` columns as rows.
  func transposed(columnCount: Int) -> [Float] {
    (startIndex..<startIndex + columnCount).flatMap { column in
      stride(from: column, to: endIndex, by: columnCount).map { self[$0] }
    }
  }
}

/// The tensors of a file.
protocol ForeignTensors {
  var file: String { get }
  var names: [String] { get }
  func shape(of name: String) -> [Int]
  /// Of all tensors.
  var floatCount: Int { get }
  /// - Throws: `ImportError.elementType`.
  func floats(of name: String) throws(ImportError) -> [Float]
}

extension ForeignTensors {
  /// The floats of a tensor that must have this shape.
  func floats(of name: String, _ shape: [Int]) throws(ImportError) -> [Float] {
    guard self.shape(of: name) == shape else {
      throw .unexpectedShape(
        file: file, tensor: name, expected: "\(shape)", found: self.shape(of: name))
    }
    return try floats(of: name)
  }
}

extension SafetensorsArchive: ForeignTensors {
  var file: String { name }
  var names: [String] { tensors.map(\.name) }
  var floatCount: Int { tensors.reduce(0) { $0 + $1.elementCount } }

  func shape(of name: String) -> [Int] { (try? tensor(named: name).shape) ?? [] }

  func floats(of name: String) throws(ImportError) -> [Float] {
    do {
      let entry = try tensor(named: name)
      return try withBytes(of: name) { bytes in
        func elements<Element: BitwiseCopyable>(
          _ type: Element.Type, _ convert: (Element) -> Float
        ) -> [Float] {
          (0..<entry.elementCount).map {
            convert(
              bytes.loadUnaligned(
                fromByteOffset: $0 * MemoryLayout<Element>.stride, as: Element.self))
          }
        }
        switch entry.elementType {
        case .float32: return elements(Float.self) { $0 }
        case .float16: return elements(Float16.self) { Float($0) }
        case .float64: return elements(Double.self) { Float($0) }
        case .bfloat16: return elements(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
        default:
          throw ImportError.elementType(
            file: self.name, tensor: name, found: entry.elementType.rawValue)
        }
      }
    } catch let error as ImportError {
      throw error
    } catch {
      throw .tensorNotFound(file: self.name, part: "'\(name)'", candidates: [])
    }
  }
}
