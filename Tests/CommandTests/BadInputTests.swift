import Foundation
import Testing

/// Each bad input gives one sentence and the contract's exit code, and nothing is overwritten.
@Suite(.serialized) struct BadInputTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.trainSmallModel()
    try charlm.write("", to: "empty.txt")
    try charlm.write("x", to: "one.txt")
    try charlm.write((0..<1_000).map { UInt8(truncatingIfNeeded: $0 * $0 + 200) }, to: "random")
    try FileManager.default.createDirectory(
      at: charlm.url("folder"), withIntermediateDirectories: false)
    let model = try charlm.read("model.safetensors")
    try charlm.write(model.dropLast(100), to: "truncated.safetensors")
    let text = String(decoding: model, as: UTF8.self)
    #expect(text.contains(#"hidden_size\":16"#))
    var lying = model
    let place = lying.firstRange(of: Array(#"hidden_size\":16"#.utf8))!
    lying.replaceSubrange(place, with: Array(#"hidden_size\":99"#.utf8))
    try charlm.write(lying, to: "lying.safetensors")
  }

  struct Case: CustomTestStringConvertible {
    var arguments: [String]
    var status: Int32
    var words: [String]
    var testDescription: String { arguments.joined(separator: " ") }

    init(_ arguments: String, _ status: Int32, _ words: String...) {
      self.arguments = arguments.split(separator: " ").map(String.init)
      self.status = status
      self.words = words
    }
  }

  static let cases = [
    Case("train empty.txt --output model.safetensors", 65, "'empty.txt'", "0 characters"),
    Case("train missing.txt --output model.safetensors", 66, "'missing.txt'"),
    Case("train folder --output model.safetensors", 66, "'folder'"),
    Case("train random --output model.safetensors", 65, "'random'", "byte 0"),
    Case("train one.txt --output model.safetensors", 65, "'one.txt'", "1 character"),
    Case("train text.txt --validation-file empty.txt --output m", 65, "'empty.txt'", "validate"),
    Case("train text.txt --output folder", 73, "'folder'"),
    Case("train text.txt --output missing/model.safetensors", 73, "missing/model.safetensors"),
    Case("train text.txt --output text.txt", 64, "'text.txt'"),
    Case("train text.txt --output model.safetensors --hidden-size 0", 64, "hidden size"),
    Case("train text.txt --output model.safetensors --batch-size 0", 64, "--batch-size"),
    Case("train text.txt --output model.safetensors --dropout 1", 64, "--dropout"),
    Case(
      "train text.txt --output model.safetensors --embedding-dropout 1", 64, "--embedding-dropout"),
    Case(
      "train text.txt --output model.safetensors --recurrent-dropout=-0.1", 64,
      "--recurrent-dropout", "-0.1"),
    Case(
      "train text.txt --output model.safetensors --dropout-mask per-step", 64, "--dropout-mask",
      "--dropout above 0"),
    Case("train text.txt --output model.safetensors --clip-norm=-1", 64, "--clip-norm"),
    Case("train text.txt --output model.safetensors --clip-value=-1", 64, "--clip-value"),
    Case("train text.txt --output model.safetensors --momentum 0.9", 64, "--momentum", "sgd"),
    Case(
      "train text.txt --output model.safetensors --optimizer sgd --nesterov", 64, "--nesterov",
      "--momentum"),
    Case("train text.txt --output model.safetensors --decay-every 2", 64, "--schedule step"),
    Case("train text.txt --output model.safetensors --ema 1", 64, "--ema"),
    Case("train text.txt --output model.safetensors --min-count 0", 64, "--min-count"),
    Case(
      "train text.txt --output model.safetensors --activation relu", 64, "activation relu", "lstm"),
    Case(
      "train text.txt --output model.safetensors --tie-embeddings --embedding-size 8", 64,
      "embedding size is 8", "hidden size 256"),
    Case(
      "train text.txt --output model.safetensors --cell gru --forget-bias 1", 64, "--forget-bias",
      "lstm"),
    Case("train text.txt --output model.safetensors --forget-bias 1e9", 64, "--forget-bias"),
    Case("train text.txt --output model.safetensors --forget-bias nan", 64, "--forget-bias"),
    Case(
      "train text.txt --output model.safetensors --validation-split interleaved "
        + "--validation-fraction 0", 64, "--validation-split", "--validation-fraction"),
    Case(
      "train text.txt --output model.safetensors --validation-split interleaved "
        + "--validation-file text.txt", 64, "--validation-split", "--validation-file"),
    Case("train text.txt --output model.safetensors --epochs 1 --minutes 1", 64, "--epochs"),
    Case("train text.txt --output model.safetensors --max-steps 0", 64, "--max-steps"),
    Case("train text.txt --output model.safetensors --threads 0", 64, "--threads"),
    Case(
      "train text.txt --output model.safetensors --learning-rate 1e38 --warmup-steps 0", 75,
      "--learning-rate"),
    Case("generate missing.safetensors", 66, "'missing.safetensors'"),
    Case("generate folder", 66, "'folder'"),
    Case("generate text.txt", 65, "'text.txt'"),
    Case("generate empty.txt", 65, "'empty.txt'"),
    Case("generate truncated.safetensors", 65, "'truncated.safetensors'"),
    Case("generate lying.safetensors", 65, "'lying.safetensors'"),
    Case("generate model.safetensors --top-k 0", 64, "--top-k"),
    Case("generate model.safetensors --temperature -1", 64, "--temperature"),
    Case("generate model.safetensors --temperature nan", 64, "--temperature"),
    Case("generate model.safetensors --length -1", 64, "--length"),
    Case("generate model.safetensors --count 0", 64, "--count"),
    Case("generate model.safetensors --count 100000000000", 64, "--count", "1000000"),
    Case("generate model.safetensors --prompt a --prompt-file text.txt", 64, "--prompt-file"),
    Case("generate model.safetensors --prompt-file random", 65, "'random'"),
    Case(
      "evaluate model.safetensors text.txt --dynamic --dynamic-segment 9223372036854775807", 64,
      "--dynamic-segment", "65536"),
    Case(
      "diagnose memorization model.safetensors text.txt --count 100000000000", 64, "--count",
      "1000000"),
    Case("evaluate model.safetensors text.txt --threads 1000000", 64, "--threads", "1024"),
    Case("evaluate model.safetensors empty.txt", 65, "'empty.txt'"),
    Case("evaluate model.safetensors missing.txt", 66, "'missing.txt'"),
    Case("evaluate model.safetensors random", 65, "'random'"),
    Case("evaluate lying.safetensors text.txt", 65, "'lying.safetensors'"),
    Case("inspect truncated.safetensors", 65, "'truncated.safetensors'"),
    Case("tokenize model.safetensors missing.txt", 66, "'missing.txt'"),
  ]

  @Test func eachGivesOneSentenceAndItsExitCode() throws {
    let model = try charlm.read("model.safetensors")
    let text = try charlm.read("text.txt")
    for test in Self.cases {
      let outcome = try charlm.run(test.arguments + ["--quiet"])
      #expect(outcome.status == test.status, "\(test): \(outcome.messages)")
      #expect(outcome.output.isEmpty, "\(test)")
      #expect(outcome.messages.hasPrefix("charlm: "), "\(test): \(outcome.messages)")
      #expect(outcome.messages.split(separator: "\n").count == 1, "\(test): \(outcome.messages)")
      for word in test.words {
        #expect(outcome.messages.contains(word), "\(test): \(outcome.messages)")
      }
      #expect(try charlm.read("model.safetensors") == model, "\(test)")
    }
    #expect(try charlm.read("text.txt") == text)
    let left = try charlm.folder.contents()
    #expect(!left.contains { $0.contains(".new") || $0.hasPrefix(".") })
  }

  @Test(arguments: [
    ["train", "text.txt"], ["train", "--output", "m"], ["generate"], ["nonsense"],
    ["train", "text.txt", "--output", "m", "--cell", "gru2"],
    ["train", "text.txt", "--output", "m", "--hidden-size", "many"],
    ["train", "text.txt", "--output", "m", "--initialization", "orthogonal"],
    ["train", "text.txt", "--output", "m", "--recurrent-initialization", "normal"],
    ["train", "text.txt", "--output", "m", "--forget-bias", "open"],
    ["train", "text.txt", "--output", "m", "--optimizer", "sgdm"],
    ["train", "text.txt", "--output", "m", "--dropout", "0.5", "--dropout-mask", "for-ever"],
  ])
  func wrongUsageIs64(arguments: [String]) throws {
    let outcome = try charlm.run(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.output.isEmpty)
    #expect(!outcome.messages.isEmpty)
  }

  @Test func brokenUTF8CanBeReplaced() throws {
    let outcome = try charlm.run(
      "train", "random", "--output", "random.safetensors", "--invalid-utf8", "replace",
      "--hidden-size", "4", "--max-steps", "2", "--quiet")
    #expect(outcome.status == 0)
  }
}
