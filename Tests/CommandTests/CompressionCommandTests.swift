import Foundation
import Testing

/// `compress` and `decompress`, run as commands.
@Suite(.serialized) struct CompressionCommandTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.trainSmallModel()
  }

  @Test func aFileComesBackAndItsSizeIsWhatEvaluateSays() throws {
    let text = try charlm.read("text.txt")
    let figures = try charlm.run("evaluate", "model.safetensors", "text.txt", "--json").objects[0]
    let compressed = try charlm.run("compress", "model.safetensors", "text.txt", "--json")
    #expect(compressed.status == 0, "\(compressed.messages)")
    let object = try #require(compressed.objects.first)
    #expect(
      Set(object.keys) == [
        "output", "bytes", "compressed_bytes", "bits_per_byte", "tokens", "unknown_characters",
        "seconds",
      ])
    #expect(object["output"] as? String == "text.txt.charlm")
    let size = try charlm.read("text.txt.charlm").count
    #expect(object["compressed_bytes"] as? Int == size)
    let promised = (figures["nats"] as! Double) / log(2) / 8
    #expect(abs(Double(size) - promised) <= 0.005 * promised + 64)

    let arguments = ["decompress", "model.safetensors", "text.txt.charlm"]
    let inPlace = try charlm.run(arguments)
    #expect(inPlace.status == 0)
    #expect(inPlace.messages.contains("kept as 'text.txt.previous'"))
    #expect(try charlm.read("text.txt.previous") == text)
    #expect(try charlm.read("text.txt") == text)
    let restored = try charlm.run(arguments + ["--output", "again.txt", "--threads", "1"])
    #expect(restored.status == 0, "\(restored.messages)")
    #expect(try charlm.read("again.txt") == text)
  }

  @Test func withoutAModelTheBuiltInOneIsUsed() throws {
    let text = "The old man stood at the window, and she did not answer him. \u{263A}\r\n"
    let input = Array(String(repeating: text, count: 3).utf8)
    try charlm.write(input, to: "letter.txt")
    let compressed = try charlm.run("compress", "letter.txt", "--json")
    #expect(compressed.status == 0, "\(compressed.messages)")
    #expect(try charlm.read("letter.txt.charlm").count < input.count)
    #expect(!compressed.messages.contains("larger"))
    for model in [[], ["english"]] {
      let restored = try charlm.run(
        ["decompress"] + model + ["letter.txt.charlm", "--output", "again.txt"])
      #expect(restored.status == 0, "\(restored.messages)")
      #expect(try charlm.read("again.txt") == input)
    }
    #expect(try charlm.run("compress", "model.safetensors", "letter.txt").status == 0)
    let other = try charlm.run("decompress", "letter.txt.charlm", "--output", "new")
    #expect(other.status == 65)
    #expect(other.messages.contains("was compressed with another model"))
    #expect(try charlm.run("compress", "a", "b", "c").status == 64)
    try charlm.write(String(repeating: "\u{4F60}\u{597D}", count: 100), to: "chinese.txt")
    let larger = try charlm.run("compress", "chinese.txt")
    #expect(larger.status == 0)
    #expect(
      larger.messages.contains(
        "It is larger than 'chinese.txt': the model 'english' does not know such texts;"))
  }

  @Test func anyBytesComeBackFromStandardInput() throws {
    let input = "Ω line\r\n\u{FEFF}e\u{301}\0 no end"
    let outcome = try charlm.run(
      "compress", "model.safetensors", "-", "--output", "packed", "--instruction-set", "baseline",
      input: input)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let other = try charlm.run(
      "decompress", "model.safetensors", "packed", "--output", "unpacked", "--json")
    #expect(other.objects.first?["bytes"] as? Int == input.utf8.count)
    #expect(try charlm.read("unpacked") == Array(input.utf8))
  }

  @Test func whatCannotBeDoneGivesOneSentenceAndNoFile() throws {
    #expect(try charlm.run("compress", "model.safetensors", "text.txt").status == 0)
    let whole = try charlm.read("text.txt.charlm")
    try charlm.write(whole.dropLast(1), to: "cut.charlm")
    #expect(
      try charlm.run(
        "train", "text.txt", "--output", "other.safetensors", "--hidden-size", "4", "--max-steps",
        "2", "--quiet"
      ).status == 0)
    let inputs = [
      BadInput("decompress model.safetensors cut.charlm", 65, "'cut.charlm' is damaged"),
      BadInput(
        "decompress model.safetensors text.txt --output new", 65,
        "is not a compressed file of charlm"),
      BadInput("decompress model.safetensors missing.charlm", 66, "'missing.charlm'"),
      BadInput("decompress other.safetensors text.txt.charlm --output new", 65, "another model"),
      BadInput("compress model.safetensors -", 64, "--output"),
      BadInput("compress model.safetensors missing.txt", 66, "'missing.txt'"),
      BadInput("compress model.safetensors text.txt --output missing/new", 73, "missing/new"),
    ]
    try charlm.expectRefusal(of: inputs)
    let unknown = try charlm.run(
      "decompress", "model.safetensors", "text.txt.charlm", "--output", "new", "--instruction-set",
      "nonesuch")
    #expect(unknown.status == 64 && unknown.messages.contains("instruction-set"))
    let left = try charlm.folder.contents()
    #expect(!left.contains { $0.hasPrefix("new") || $0.hasPrefix("cut") && $0 != "cut.charlm" })
    #expect(!left.contains { $0.contains(".new") || $0.hasPrefix(".") })
  }

  /// The text is long enough to take minutes.
  @Test(arguments: ["compress", "decompress", "evaluate"])
  func anInterruptedCommandLeavesNoFile(verb: String) throws {
    try charlm.write(String(repeating: "line 3: é ☃ sheep\n", count: 3_000), to: "short.txt")
    try charlm.write(String(repeating: "line 3: é ☃ sheep\n", count: 1_000_000), to: "long.txt")
    var arguments = [verb, "model.safetensors", "long.txt"]
    switch verb {
    case "compress": arguments += ["--output", "new"]
    case "evaluate": arguments += ["--per-character", "new"]
    default:
      #expect(try charlm.run("compress", "model.safetensors", "short.txt").status == 0)
      arguments = [verb, "model.safetensors", "short.txt.charlm", "--output", "new"]
    }
    func left() throws -> [String] { try charlm.folder.contents().filter { $0.hasPrefix("new") } }
    let process = try charlm.process(arguments)
    try process.run()
    while process.isRunning, try left().isEmpty { Thread.sleep(forTimeInterval: 0.002) }
    process.interrupt()
    process.waitUntilExit()
    let messages = try charlm.text("standard-error")
    #expect(process.terminationStatus == 130, "\(messages)")
    #expect(try left().isEmpty)
  }
}
