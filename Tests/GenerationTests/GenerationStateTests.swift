import Foundation
import Generation
import Kernels
import ModelFiles
import Storage
import TestSupport
import Testing
import Tokenization

@Suite struct GenerationStateTests {
  let model: SampleModel
  let folder: TemporaryFolder

  init() throws {
    model = try SampleModel(vocabularyOf: TextGeneratorTests.text)
    folder = try TemporaryFolder()
  }

  private func generator(_ models: [TextModel]? = nil) throws -> TextGenerator {
    try TextGenerator(models ?? [model.text], processor: Processor(threadCount: 1))
  }

  private func prompt(_ text: String) throws -> Prompt {
    try Prompt(text, tokenizer: model.text.tokenizer)
  }

  private func bytes(_ state: GenerationState) throws -> [UInt8] {
    try state.write(to: folder.path("context"), models: [model.text])
    return try Array(Data(contentsOf: folder.url.appending(path: "context")))
  }

  /// Cut anywhere, and through a file.
  @Test func goingOnFromAContextIsGoingOnWithTheText() throws {
    let settings = SamplerSettings(
      temperature: 0, penalties: RepetitionPenalties(repetition: 1.4, frequency: 0.1),
      penaltyWindow: 20)
    var generator = try generator()
    var whole = generator.initialState
    let criteria = StoppingCriteria(length: 60)
    let expected = try generator.generate(
      after: prompt("The fox"), from: &whole, until: criteria, settings: settings, seed: 1)
    for cut in [0, 1, 2, 33, 60] {
      var state = generator.initialState
      let first = try generator.generate(
        after: prompt("The fox"), from: &state, until: StoppingCriteria(length: cut),
        settings: settings, seed: 1)
      try state.write(to: folder.path("context"), models: [model.text])
      var later = try GenerationState(path: folder.path("context"), models: [model.text])
      #expect(later == state)
      let second = try generator.generate(
        after: prompt(""), from: &later, until: StoppingCriteria(length: 60 - cut),
        settings: settings, seed: 1)
      #expect(first.text + second.text == expected.text)
      #expect(later == whole)
    }
    // Else nothing of the penalties would be tested.
    #expect(
      try model.generate("The fox", length: 60, TextGeneratorTests.greedy).text != expected.text)
  }

  @Test func aTextThatIsReadIsAsGoodAsAPrompt() throws {
    let text = String(repeating: "The lazy dog, größer. ", count: 400) + "☃"
    var generator = try generator()
    var state = generator.initialState
    #expect(try generator.read(.text(text, name: "text"), into: &state) == 1)
    let result = try generator.generate(
      after: prompt(" The"), from: state, count: 3, until: StoppingCriteria(length: 40), seed: 9)
    let whole = try generator.generate(
      after: prompt(text + " The"), count: 3, until: StoppingCriteria(length: 40), seed: 9)
    #expect(result == whole)
    let other = try generator.generate(
      after: prompt(" The"), count: 3, until: StoppingCriteria(length: 40), seed: 9)
    #expect(other != whole)
    var beginning = generator.initialState
    #expect(try generator.read(.text("", name: "empty"), into: &beginning) == 0)
    #expect(beginning == generator.initialState)
  }

  @Test func aContextIsRefusedWhereItDoesNotBelong() throws {
    var generator = try generator()
    var state = generator.initialState
    _ = try generator.read(.text("The fox", name: "text"), into: &state)
    let path = folder.path("context")
    try state.write(to: path, models: [model.text])
    let other = try SampleModel(vocabularyOf: TextGeneratorTests.text) { $0.start[0] += 1 }
    #expect(throws: GenerationError.stateOfOtherModel(file: path)) {
      try GenerationState(path: path, models: [other.text])
    }
    #expect(throws: GenerationError.stateOfOtherModel(file: path)) {
      try GenerationState(path: path, models: [model.text, model.text])
    }
    try model.text.write(to: folder.path("model"))
    #expect(throws: GenerationError.notAState(file: folder.path("model"))) {
      try GenerationState(path: folder.path("model"), models: [model.text])
    }
    #expect(throws: SafetensorsError.self) {
      try TextModel(path: path, processor: Processor(threadCount: 1))
    }
  }

  @Test func everyDamagedByteOfAContextIsFound() throws {
    var generator = try generator()
    var state = generator.initialState
    _ = try generator.read(.text("The fox", name: "text"), into: &state)
    let bytes = try bytes(state)
    for position in stride(from: 0, to: bytes.count, by: 7) {
      var damaged = bytes
      damaged[position] ^= 0x10
      #expect(throws: (any Error).self) {
        try GenerationState(
          SafetensorsArchive(bytes: damaged, name: "damaged"), models: [model.text])
      }
    }
    #expect(
      try GenerationState(SafetensorsArchive(bytes: bytes, name: "whole"), models: [model.text])
        == state)
  }

  /// Files whose digests are right and whose content is not.
  @Test func contextsThatLieAreRefused() throws {
    let metadata: SafetensorsMetadata = [
      "charlm.context": "1", "charlm.models": #"["\#(model.text.digest().hex)"]"#,
    ]
    func open(_ tensors: [TensorSource], _ metadata: SafetensorsMetadata) throws {
      let bytes = try SafetensorsWriter(tensors: tensors, metadata: metadata).bytes(name: "lie")
      _ = try GenerationState(SafetensorsArchive(bytes: bytes, name: "lie"), models: [model.text])
    }
    func tokens(_ name: String, _ tokens: [UInt8]) -> TensorSource {
      TensorSource(
        name: name, elementType: .uint16, shape: [tokens.count], bytes: tokens.flatMap { [$0, 0] })
    }
    let state = TensorSource(
      name: "state.0", shape: [2, 2, 17], floats: Array(repeating: 0.5, count: 68))
    let recent = tokens("recent_tokens", [2, 3])
    let unread = tokens("unread_token", [3])
    try open([state, recent, unread], metadata)
    let lies: [[TensorSource]] = [
      [recent, unread], [state, unread], [state, recent],
      [state, recent, unread, tokens("more", [1])],
      [state, recent, tokens("unread_token", [])],
      [state, recent, tokens("unread_token", [2, 2])],
      [state, recent, tokens("unread_token", [200])],
      [state, tokens("recent_tokens", [2, 200]), unread],
      [state, tokens("recent_tokens", Array(repeating: 2, count: 1_025)), unread],
      [
        state, recent,
        TensorSource(name: "unread_token", elementType: .uint8, shape: [2], bytes: [2, 0]),
      ],
      [
        TensorSource(name: "state.0", shape: [17, 2, 2], floats: Array(repeating: 0, count: 68)),
        recent, unread,
      ],
      [
        TensorSource(
          name: "state.0", shape: [2, 2, 17], floats: Array(repeating: .nan, count: 68)),
        recent, unread,
      ],
    ]
    for lie in lies { #expect(throws: (any Error).self) { try open(lie, metadata) } }
    for (key, text) in [
      ("charlm.context", "2"), ("charlm.models", "[]"), ("charlm.models", "{"),
      ("charlm.models", #"["00"]"#),
    ] {
      var metadata = metadata
      metadata[key] = text
      #expect(throws: (any Error).self) { try open([state, recent, unread], metadata) }
    }
  }

  @Test func aStateThatIsNotFiniteIsNotWritten() throws {
    let broken = try SampleModel(vocabularyOf: "abc") { parameters in
      for index in 0..<parameters.count { parameters.start[index] = .nan }
    }
    var generator = TextGenerator(broken.text, processor: Processor(threadCount: 1))
    var state = generator.initialState
    _ = try generator.read(.text("abcabc", name: "text"), into: &state)
    let path = folder.path("nan")
    #expect(throws: GenerationError.stateNotFinite(file: path)) {
      try state.write(to: path, models: [broken.text])
    }
    #expect(try folder.contents().isEmpty)
  }
}
