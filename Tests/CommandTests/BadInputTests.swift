import Foundation
import Testing

/// Each bad input gives one sentence and its exit code, and overwrites nothing.
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
    try charlm.write("precious", to: "read-only")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o400], ofItemAtPath: charlm.folder.path("read-only"))
    let model = try charlm.read("model.safetensors")
    try charlm.write(model.dropLast(100), to: "truncated.safetensors")
    let text = String(decoding: model, as: UTF8.self)
    #expect(text.contains(#"hidden_size\":16"#))
    var lying = model
    let range = lying.firstRange(of: Array(#"hidden_size\":16"#.utf8))!
    lying.replaceSubrange(range, with: Array(#"hidden_size\":99"#.utf8))
    try charlm.write(lying, to: "lying.safetensors")
  }

  static let cases = [
    BadInput("train empty.txt --output model.safetensors", 65, "'empty.txt'", "0 characters"),
    BadInput("train missing.txt --output model.safetensors", 66, "'missing.txt'"),
    BadInput("train folder --output model.safetensors", 66, "'folder' has no .txt file"),
    BadInput("generate model.safetensors --words folder", 66, "'folder' is a folder: give a file"),
    BadInput("generate model", 66, "no file 'model': did you mean 'model.safetensors'?"),
    BadInput("evaluate model.safetensors text", 66, "no file 'text': did you mean 'text.txt'?"),
    BadInput("evaluate text.txt model.safetensors", 64, "is a model, not a text", "model first"),
    BadInput(
      "diagnose cells text.txt model.safetensors", 65, "'text.txt' is a text", "model first"),
    BadInput("train random --output model.safetensors", 65, "'random'", "byte 0"),
    BadInput("train one.txt --output model.safetensors", 65, "'one.txt'", "1 character"),
    BadInput(
      "train text.txt --validation-file empty.txt --output m", 65, "'empty.txt'", "validate"),
    BadInput("train text.txt --output folder", 73, "'folder' is a folder: give the name of a file"),
    BadInput("train text.txt --output .", 73, "'.' is a folder: give the name of a file"),
    BadInput(
      "train text.txt --output read-only", 73, "file 'read-only' is read-only: choose another"),
    BadInput("train text.txt --output m --min-count 100000", 64, "--min-count", "100000 times"),
    BadInput(
      "train text.txt --output m --validation-fraction 0 --patience 2", 64, "--patience"),
    BadInput(
      "train text.txt --output m --hidden-size 65536", 64, "memory", "--hidden-size (at most"),
    BadInput("train text.txt --output m --layers 1024 --hidden-size 8192", 64, "memory"),
    BadInput("benchmark train --hidden-size 65536", 64, "memory"),
    BadInput("benchmark evaluate --hidden-size 65536 --layers 99", 64, "memory"),
    BadInput("diagnose gradients text.txt --cell lstm --hidden-size 65536", 64, "memory"),
    BadInput("train --resume model.safetensors", 64, "finished model", "--from"),
    BadInput("train --resume model.safetensors.checkpoint", 64, "is finished", "--from"),
    BadInput("tokenize model.safetensors text.txt --unit byte", 64, "--unit", "--fit"),
    BadInput("evaluate model.safetensors text.txt --baselines empty.txt", 65, "'empty.txt'"),
    BadInput("train empty.txt empty.txt --output m", 65, "0 characters"),
    BadInput("train text.txt --output missing/model.safetensors", 73, "missing/model.safetensors"),
    BadInput("train text.txt --output text.txt", 64, "'text.txt'"),
    BadInput("train text.txt --output model.safetensors --hidden-size 0", 64, "hidden size"),
    BadInput("train text.txt --output model.safetensors --batch-size 0", 64, "--batch-size"),
    BadInput("train text.txt --output model.safetensors --dropout 1", 64, "--dropout"),
    BadInput(
      "train text.txt --output model.safetensors --embedding-dropout 1", 64, "--embedding-dropout"),
    BadInput(
      "train text.txt --output model.safetensors --recurrent-dropout=-0.1", 64,
      "--recurrent-dropout", "-0.1"),
    BadInput(
      "train text.txt --output model.safetensors --dropout-mask per-step", 64, "--dropout-mask",
      "without a dropout above 0"),
    BadInput("train text.txt --output model.safetensors --clip-norm=-1", 64, "--clip-norm"),
    BadInput("train text.txt --output model.safetensors --clip-value=-1", 64, "--clip-value"),
    BadInput("train text.txt --output model.safetensors --momentum 0.9", 64, "--momentum", "SGD"),
    BadInput(
      "train text.txt --output model.safetensors --optimizer sgd --nesterov", 64, "--nesterov",
      "a momentum above 0"),
    BadInput(
      "train text.txt --output model.safetensors --decay-every 2", 64, "--decay-every",
      "the schedule step"),
    BadInput("train text.txt --output model.safetensors --ema 1", 64, "--ema"),
    BadInput("train text.txt --output model.safetensors --average-last 0", 64, "--average-last"),
    BadInput(
      "train text.txt --output model.safetensors --ema 0.9 --average-last 0.1", 64,
      "exclude each other", "(--ema, --average-last)"),
    BadInput("train text.txt --output model.safetensors --min-count 0", 64, "--min-count"),
    BadInput(
      "train text.txt --output model.safetensors --activation relu", 64, "activation relu", "lstm"),
    BadInput(
      "train text.txt --output model.safetensors --layer-norm none --layer-norm-groups 4", 64,
      "--layer-norm none and --layer-norm-groups exclude each other"),
    BadInput(
      "train text.txt --output model.safetensors --layer-norm rms --layer-norm-groups 3", 64,
      "256 units", "3 equal groups", "--layer-norm-groups"),
    BadInput(
      "train text.txt --output model.safetensors --residual", 64, "no effect with one layer",
      "(--layers, --residual)"),
    BadInput(
      "train text.txt --output model.safetensors --cell gru --forget-bias 1", 64, "--forget-bias",
      "LSTM"),
    BadInput("train text.txt --output model.safetensors --forget-bias 1e9", 64, "--forget-bias"),
    BadInput("train text.txt --output model.safetensors --forget-bias nan", 64, "--forget-bias"),
    BadInput(
      "train text.txt --output model.safetensors --validation-split interleaved "
        + "--validation-fraction 0", 64, "--validation-split",
      "without a validation fraction above 0"),
    BadInput(
      "train text.txt --output model.safetensors --validation-split interleaved "
        + "--validation-file text.txt", 64, "--validation-split", "--validation-file"),
    BadInput("train text.txt --output model.safetensors --epochs 1 --minutes 1", 64, "--epochs"),
    BadInput("train text.txt --output model.safetensors --max-steps 0", 64, "--max-steps"),
    BadInput("train text.txt --output model.safetensors --threads 0", 64, "--threads"),
    BadInput(
      "train text.txt --output model.safetensors --learning-rate 1e38 --warmup-steps 0", 75,
      "--learning-rate"),
    BadInput("generate missing.safetensors", 66, "'missing.safetensors'"),
    BadInput("generate folder", 66, "'folder'"),
    BadInput("generate text.txt", 65, "'text.txt' is a text, not a model"),
    BadInput("generate empty.txt", 65, "'empty.txt'"),
    BadInput("generate truncated.safetensors", 65, "'truncated.safetensors'"),
    BadInput("generate lying.safetensors", 65, "'lying.safetensors'"),
    BadInput("generate model.safetensors --top-k 0", 64, "--top-k"),
    BadInput("generate model.safetensors --temperature -1", 64, "--temperature"),
    BadInput("generate model.safetensors --temperature nan", 64, "--temperature"),
    BadInput("generate model.safetensors --length -1", 64, "--length"),
    BadInput("generate model.safetensors --count 0", 64, "--count"),
    BadInput("generate model.safetensors --count 100000000000", 64, "--count", "1000000"),
    BadInput("generate model.safetensors --prompt a --prompt-file text.txt", 64, "--prompt-file"),
    BadInput("generate model.safetensors --prompt-file random", 65, "'random'"),
    BadInput(
      "evaluate model.safetensors text.txt --dynamic --dynamic-segment 9223372036854775807", 64,
      "--dynamic-segment", "65536"),
    BadInput(
      "diagnose memorization model.safetensors text.txt --count 100000000000", 64, "--count",
      "1000000"),
    BadInput("evaluate model.safetensors text.txt --threads 1000000", 64, "--threads", "1024"),
    BadInput("evaluate model.safetensors empty.txt", 65, "'empty.txt'"),
    BadInput("evaluate model.safetensors missing.txt", 66, "'missing.txt'"),
    BadInput("evaluate model.safetensors random", 65, "'random'"),
    BadInput("evaluate lying.safetensors text.txt", 65, "'lying.safetensors'"),
    BadInput("inspect truncated.safetensors", 65, "'truncated.safetensors'"),
    BadInput("tokenize model.safetensors missing.txt", 66, "'missing.txt'"),
  ]

  @Test func eachGivesOneSentenceAndItsExitCode() throws {
    let model = try charlm.read("model.safetensors")
    let text = try charlm.read("text.txt")
    for input in Self.cases {
      try charlm.expectRefusal(of: [input], options: ["--quiet"])
      #expect(try charlm.read("model.safetensors") == model, "\(input.testDescription)")
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
