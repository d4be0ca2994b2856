import ModelFiles
import Testing
import Training

/// Checkpoints with correct digests and invalid content are rejected.
@Suite struct LyingCheckpointTests {
  let archive: SafetensorsArchive

  init() throws {
    archive = try SafetensorsArchive(
      bytes: CheckpointFileTests.checkpoints().old.writer().bytes(name: "test"), name: "test")
    _ = try TrainingCheckpoint(archive)
  }

  /// The checkpoint with changes and correct digests.
  private func lying(
    metadata change: (inout SafetensorsMetadata) -> Void = { _ in },
    tensors: (inout [TensorSource]) -> Void = { _ in }
  ) throws -> SafetensorsArchive {
    var sources = try archive.tensors.map { tensor in
      try TensorSource(
        name: tensor.name, shape: tensor.shape,
        floats: archive.floats(of: tensor.name, shape: tensor.shape))
    }
    tensors(&sources)
    var metadata = archive.metadata
    change(&metadata)
    let writer = SafetensorsWriter(tensors: sources, metadata: metadata)
    return try SafetensorsArchive(bytes: writer.bytes(name: "test"), name: "test")
  }

  @Test(arguments: [
    (#""batch_size":1"#, #""batch_size":0"#), (#""hidden_size":1"#, #""hidden_size":-1"#),
    (#""step_count":4"#, #""step_count":-4"#), (#""update_count":4"#, #""update_count":5"#),
    (#""update_count":4"#, #""average_count":5,"update_count":4"#),
    (#""update_count":4"#, #""average_count":-1,"update_count":4"#),
    (#""lane_position":40"#, #""lane_position":-1"#),
    (#""learning_rate_scale":1"#, #""learning_rate_scale":0"#),
    (#""validated_step_count":3"#, #""validated_step_count":9"#),
  ])
  func impossibleCountsAreRejected(old: String, new: String) throws {
    let archive = try lying(metadata: { metadata in
      let text = metadata["charlm.run"]!
      #expect(text.contains(old), "\(text)")
      metadata["charlm.run"] = text.replacing(old, with: new)
    })
    #expect {
      try TrainingCheckpoint(archive)
    } throws: {
      if case CheckpointError.impossible(file: "test", _) = $0 { true } else { false }
    }
  }

  @Test func otherFilesAreNamed() throws {
    #expect(throws: CheckpointError.notACheckpoint(file: "test")) {
      try TrainingCheckpoint(lying(metadata: { $0["charlm.checkpoint"] = nil }))
    }
    #expect(throws: CheckpointError.unknownFormat(file: "test", found: "3")) {
      try TrainingCheckpoint(lying(metadata: { $0["charlm.checkpoint"] = "3" }))
    }
    #expect(throws: TextModelError.self) {
      try TrainingCheckpoint(lying(metadata: { $0["charlm.run"] = "{}" }))
    }
    let name = "second_moments.rnn.weight_hh_l0"
    #expect(throws: SafetensorsError.tensorMissing(file: "test", tensor: name)) {
      try TrainingCheckpoint(lying(tensors: { $0.removeAll { $0.name == name } }))
    }
    #expect(throws: TextModelError.unexpectedTensor(file: "test", tensor: "more")) {
      try TrainingCheckpoint(
        lying(tensors: { $0.append(TensorSource(name: "more", shape: [1], floats: [0])) }))
    }
  }

  @Test(arguments: [Float.nan, .infinity])
  func infinitiesAndNaNsAreRejected(value: Float) throws {
    for name in archive.tensors.map(\.name) {
      let lie = try lying(tensors: { tensors in
        let index = tensors.firstIndex { $0.name == name }!
        let shape = tensors[index].shape
        tensors[index] = TensorSource(
          name: name, shape: shape,
          floats: Array(repeating: 0, count: shape.reduce(1, *) - 1) + [value])
      })
      #expect(throws: CheckpointError.notFinite(file: "test", tensor: name)) {
        try TrainingCheckpoint(lie)
      }
    }
  }
}
