import ModelFiles
import RecurrentNetwork
import Testing

/// The file of a model with tied embeddings has the same tensor under two names.
@Suite struct TiedModelTests {
  static func model(hiddenSize: Int = 2) throws -> TextModel {
    let tokenizer = try sampleTokenizer()
    let network = NetworkConfiguration(
      vocabularySize: tokenizer.vocabularySize, embeddingSize: 2, hiddenSize: hiddenSize,
      layerCount: 1, tiesEmbeddings: true)
    return untrainedModel(network, tokenizer)
  }

  @Test func bothNamesAreWrittenWithTheSameBytes() throws {
    let model = try Self.model()
    let archive = try open(model.writer().bytes(name: "test"))
    #expect(
      archive.tensors.map(\.name)
        == ParameterLayout(model.weights.configuration).tensors.map(\.name)
    )
    let embedding = try archive.floats(of: "embedding.weight", shape: [5, 2])
    #expect(try archive.floats(of: "lm_head.weight", shape: [5, 2]) == embedding)
    #expect(Set(embedding).count == 10)
    #expect(
      try archive.metadata(for: "charlm.network").contains(#""ties_embeddings":true"#))
  }

  @Test(arguments: [2, 3])
  func aTiedModelComesBackBitForBit(hiddenSize: Int) throws {
    let model = try Self.model(hiddenSize: hiddenSize)
    let bytes = try model.writer().bytes(name: "test")
    let copy = try readModel(bytes)
    #expect(parameterBits(copy) == parameterBits(model))
    #expect(copy.weights.configuration == model.weights.configuration)
    #expect(try copy.writer().bytes(name: "test") == bytes)
  }

  /// Even if the two are equal as numbers.
  @Test(arguments: [(Float(1), Float(1).nextUp), (0, -0.0)])
  func tensorsThatDifferInOneBitAreRejected(first: Float, second: Float) throws {
    var parts = try ModelFileParts(of: Self.model())
    for (name, value) in [("embedding.weight", first), ("lm_head.weight", first)] {
      parts.change(name) { tensor in
        withUnsafeBytes(of: value.bitPattern.littleEndian) {
          tensor.bytes.replaceSubrange(36..<40, with: $0)
        }
      }
    }
    try readModel(parts.bytes())
    for name in ["embedding.weight", "lm_head.weight"] {
      var changed = parts
      changed.change(name) { tensor in
        withUnsafeBytes(of: second.bitPattern.littleEndian) {
          tensor.bytes.replaceSubrange(36..<40, with: $0)
        }
      }
      let rejection = try Rejection(of: changed.bytes())
      #expect(
        rejection
          == .model(
            .tiedWeightsDiffer(
              file: "test", tensor: "embedding.weight", other: "lm_head.weight")))
      #expect(rejection.isOneSentence)
    }
  }

  @Test func neitherNameMayBeMissing() throws {
    for name in ["embedding.weight", "lm_head.weight"] {
      var parts = try ModelFileParts(of: Self.model())
      parts.tensors.removeAll { $0.name == name }
      #expect(
        try Rejection(of: parts.bytes()) == .archive(.tensorMissing(file: "test", tensor: name)))
    }
  }

  @Test func aNarrowEmbeddingNeedsItsProjection() throws {
    var parts = try ModelFileParts(of: Self.model(hiddenSize: 3))
    parts.tensors.removeAll { $0.name == "project_out.weight" }
    #expect(
      try Rejection(of: parts.bytes())
        == .archive(.tensorMissing(file: "test", tensor: "project_out.weight")))
  }

  @Test(arguments: [
    (
      #""layer_count":2"#, #""layer_count":2,"ties_embeddings":true"#,
      TextModelError.tiedWeightsDiffer(
        file: "test", tensor: "embedding.weight", other: "lm_head.weight")
    ),
    (
      #""layer_count":2"#, #""layer_count":2,"ties_embeddings":1"#,
      .malformedMetadata(
        file: "test", key: "charlm.network", reason: "'ties_embeddings' is of the wrong kind")
    ),
  ])
  func whatIsNotTiedMayNotSayThatItIs(old: String, new: String, error: TextModelError) throws {
    // With two layers the awkward floats of one and of the other differ.
    var parts = try ModelFileParts(of: sampleModel(sampleTokenizer(), layerCount: 2))
    parts.replace(old, with: new, in: "charlm.network")
    let rejection = try Rejection(of: parts.bytes())
    #expect(rejection == .model(error))
    #expect(rejection.isOneSentence)
  }
}
