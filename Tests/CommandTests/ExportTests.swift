import Foundation
import Testing

/// `export`, run as a command.
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
}
