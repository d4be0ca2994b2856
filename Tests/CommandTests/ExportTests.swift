import Foundation
import Testing

/// `export` and `import`, run as commands.
@Suite struct ExportTests {
  @Test func aSmallCopyPredictsAlmostTheSame() throws {
    let charlm = try Charlm()
    try charlm.trainSmallModel()
    let outcome = try charlm.run(
      "export", "model.safetensors", "--storage", "float16", "--output", "small.safetensors")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.messages.hasPrefix("Wrote 'small.safetensors', "))
    func nats(_ model: String) throws -> Double {
      let figures = try charlm.run("evaluate", model, "text.txt", "--json").objects[0]
      return try #require(figures["nats_per_character"] as? Double)
    }
    let (whole, small) = try (nats("model.safetensors"), nats("small.safetensors"))
    #expect(small != whole && abs(small - whole) < 1e-3 * whole)
    let copy = try charlm.run("export", "model.safetensors", "--output", "copy.safetensors")
    #expect(copy.status == 0)
    #expect(try charlm.read("copy.safetensors") == charlm.read("model.safetensors"))
    let itself = try charlm.run("export", "model.safetensors", "--output", "model.safetensors")
    #expect(itself.status == 64)
    #expect(itself.messages.contains("is also another file"))
  }

  @Test func aModelGoesToOtherFormatsAndBack() throws {
    let charlm = try Charlm()
    try charlm.trainSmallModel()
    for (format, output) in [("onnx", "model.onnx"), ("huggingface", "hub")] {
      let export = try charlm.run(
        "export", "model.safetensors", "--format", format, "--output", output)
      #expect(export.status == 0, "\(export.messages)")
      let back = "\(format).safetensors"
      let outcome = try charlm.run("import", output, "--output", back)
      #expect(outcome.status == 0, "\(outcome.messages)")
      #expect(try charlm.read(back) == charlm.read("model.safetensors"))
    }
    let compared = try charlm.run(
      "compare", "model.safetensors", "onnx.safetensors", "--text", "text.txt", "--json")
    let function = try #require(compared.objects.first?["function"] as? [String: Any])
    #expect(function["same"] as? Bool == true)
    #expect(function["largest_logit_difference"] as? Double == 0)
    let training = try charlm.run(
      "train", "text.txt", "--from", "model.safetensors", "--output", "other.safetensors",
      "--max-steps", "1", "--quiet")
    #expect(training.status == 0, "\(training.messages)")
    let other = try charlm.run(
      "compare", "model.safetensors", "other.safetensors", "--text", "text.txt", "--json")
    let difference = try #require(other.objects.first?["function"] as? [String: Any])
    #expect(difference["same"] as? Bool == false)
  }

  @Test func programsAreBesideTheirWeights() throws {
    let charlm = try Charlm()
    try charlm.trainSmallModel()
    let beside = try charlm.run(
      "export", "model.safetensors", "--format", "pytorch", "--output", "model.py")
    #expect(beside.status == 0 && !beside.messages.contains("model.safetensors"))
    let other = try charlm.run(
      "export", "model.safetensors", "--format", "keras", "--output", "other.py")
    #expect(other.status == 0 && other.messages.contains("'other.safetensors'"))
    #expect(try charlm.read("other.safetensors") == charlm.read("model.safetensors"))
    let program = try String(decoding: charlm.read("model.py"), as: UTF8.self)
    #expect(program.contains("self.rnn = torch.nn.LSTM("))
  }

  @Test func whatCannotBeExportedOrImportedIsOneSentence() throws {
    let charlm = try Charlm()
    try charlm.trainSmallModel()
    try charlm.write("PK\u{3}\u{4}", to: "model.pt")
    try charlm.write("no model", to: "model.bin")
    try charlm.write("no model", to: "model.onnx")
    try charlm.expectRefusal(of: [
      BadInput(
        "export model.safetensors --format onnx --storage float16 -o x", 64, "--storage",
        "--format safetensors"),
      BadInput("export model.safetensors --with-code -o x", 64, "--with-code"),
      BadInput("export model.safetensors --format pytorch -o model.safetensors", 64, "model"),
      BadInput("import model.safetensors -o x", 65, "is a model of charlm already"),
      BadInput("import model.pt -o x", 65, "is a pickle", "weights_only=True"),
      BadInput("import model.bin -o x", 65, "in no format"),
      BadInput("import model.onnx -o x", 65, "is damaged"),
      BadInput("import nothing.onnx -o x", 66, "There is no file"),
      BadInput("import model.onnx --order sorted -o x", 64, "--vocabulary"),
      BadInput("import model.onnx -o model.onnx", 64, "model.onnx"),
    ])
  }
}
