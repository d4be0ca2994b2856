import Foundation
import ModelFiles
import Testing
import Tokenization

/// Correct digests do not make a file trustworthy.
@Suite struct LyingModelTests {
  @Test func everyInvalidModelIsRejectedWithItsError() throws {
    let good = try ModelFileParts(of: sampleModel(sampleTokenizer()))
    try readModel(good.bytes())
    for lie in LyingModel.all {
      var parts = good
      lie.change(&parts)
      let bytes = try parts.bytes()
      do {
        let rejection = try Rejection(of: bytes)
        #expect(rejection == lie.rejection, "\(lie)")
        #expect(rejection.isOneSentence, "\(lie): \(rejection)")
      } catch {
        Issue.record("\(lie): \(error)")
      }
    }
  }

  @Test func everyMissingKeyIsNamed() throws {
    let good = try ModelFileParts(of: sampleModel(sampleTokenizer()))
    let optional =
      ["configuration.clip_norm", "validation_nats_per_token"]
      // Added after the first version.
      + [
        "optimizer", "momentum", "is_nesterov", "weight_decay", "l1", "decay_scope", "dropout_mask",
        "embedding_dropout", "recurrent_dropout", "initialization", "validation_split",
        "lane_offsets", "shards",
      ].map { "configuration.\($0)" }
    var requiredCount = 0
    for key in ["charlm.network", "charlm.tokenizer", "charlm.training"] {
      let object = try #require(
        JSONSerialization.jsonObject(with: Data(good.metadata[key]!.utf8)) as? [String: Any])
      for path in paths(of: object) {
        var parts = good
        parts.metadata[key] = try String(
          decoding: JSONSerialization.data(withJSONObject: removing(path[...], from: object)),
          as: UTF8.self)
        let bytes = try parts.bytes()
        let place = path.joined(separator: ".")
        if optional.contains(place) {
          try readModel(bytes)
        } else if place == "vocabulary.units" {
          let error = TokenizationError.unexpectedUnits(unit: .scalar)
          #expect(try Rejection(of: bytes) == .model(.invalidTokenizer(file: "test", error)))
        } else {
          let error = TextModelError.malformedMetadata(
            file: "test", key: key, reason: "'\(place)' is missing")
          #expect(try Rejection(of: bytes) == .model(error))
          requiredCount += 1
        }
      }
    }
    #expect(requiredCount == 32)
  }

  @Test func aVocabularyBeyondAllIdsIsRejected() throws {
    var parts = try ModelFileParts(of: sampleModel(sampleTokenizer()))
    let units = (0x10000...0x1FFFF).map { "\"\(Unicode.Scalar($0)!)\"" }.joined(separator: ",")
    parts.replace(
      "[\"\\\"\",\"\u{301}\",\"\u{1F642}\"]", with: "[\(units)]", in: "charlm.tokenizer")
    let error = TokenizationError.vocabularyTooLarge(unitCount: 65_535)
    #expect(try Rejection(of: parts.bytes()) == .model(.invalidTokenizer(file: "test", error)))
  }

  @Test func whatIsUnusualAndTrueIsRead() throws {
    var parts = try ModelFileParts(of: sampleModel(sampleTokenizer()))
    let expected = try readModel(parts.bytes())
    parts.tensors.reverse()
    parts.metadata["format"] = nil
    parts.metadata["note"] = "of another program"
    parts.replace(
      #"{"cell":"lstm","#, with: " {\"note\":[[1],{}],\n \"cell\" : \"\\u006cstm\" ,",
      in: "charlm.network")
    let found = try readModel(parts.bytes())
    #expect(parameterBits(found) == parameterBits(expected))
    #expect(found.weights.configuration == expected.weights.configuration)
    #expect(found.tokenizer == expected.tokenizer)
  }

  /// The paths of all values in `object`, nested objects included.
  private func paths(of object: [String: Any]) -> [[String]] {
    object.keys.sorted().flatMap { key in
      let inner = (object[key] as? [String: Any]).map(paths) ?? []
      return [[key]] + inner.map { [key] + $0 }
    }
  }

  private func removing(_ path: ArraySlice<String>, from object: [String: Any]) -> [String: Any] {
    var object = object
    let key = path.first!
    if path.count == 1 {
      object[key] = nil
    } else {
      object[key] = removing(path.dropFirst(), from: object[key] as? [String: Any] ?? [:])
    }
    return object
  }
}
