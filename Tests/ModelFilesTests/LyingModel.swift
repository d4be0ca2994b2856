import ModelFiles
import RecurrentNetwork
import Tokenization

/// A model file with correct digests and invalid content, and the one error that it must cause.
///
/// The good file is `sampleModel(sampleTokenizer())`: V = 5, E = H = 1, one layer.
struct LyingModel: Sendable, CustomStringConvertible {
  let description: String
  let rejection: Rejection
  let change: @Sendable (inout ModelFileParts) -> Void

  private init(
    _ description: String, _ rejection: Rejection,
    _ change: @escaping @Sendable (inout ModelFileParts) -> Void
  ) {
    self.description = description
    self.rejection = rejection
    self.change = change
  }

  static let all =
    impossibleSizes + otherSizes + sizesThatAreNoNumbers + networks + tokenizers + trainings + texts
    + tensors

  private static let network = "charlm.network"
  private static let tokenizer = "charlm.tokenizer"
  private static let training = "charlm.training"

  private static func replacing(
    _ old: String, with new: String, in key: String, _ rejection: Rejection
  ) -> LyingModel {
    LyingModel("\(key): \(new.prefix(60)) for \(old)", rejection) {
      $0.replace(old, with: new, in: key)
    }
  }

  private static func malformed(_ key: String, _ reason: String) -> Rejection {
    .model(.malformedMetadata(file: "test", key: key, reason: reason))
  }

  private static func shapeMismatch(_ tensor: String, _ expected: [Int], _ found: [Int])
    -> Rejection
  {
    .archive(.shapeMismatch(file: "test", tensor: tensor, expected: expected, found: found))
  }
}

// MARK: Sizes

extension LyingModel {
  private static let sizes: [(key: String, text: String, name: String, range: ClosedRange<Int>)] = [
    ("vocabulary_size", #""vocabulary_size":5"#, "vocabulary size", 1...65_536),
    ("embedding_size", #""embedding_size":1"#, "embedding size", 1...65_536),
    ("hidden_size", #""hidden_size":1"#, "hidden size", 1...65_536),
    ("layer_count", #""layer_count":1"#, "number of layers", 1...1_024),
  ]

  /// Sizes that no network has.
  static let impossibleSizes: [LyingModel] = sizes.flatMap { key, text, name, range in
    [0, -1, .min, range.upperBound + 1, 1_000_000_000_000_000_000, .max].map { value in
      replacing(
        text, with: "\"\(key)\":\(value)", in: network,
        .model(
          .invalidNetwork(
            file: "test", .sizeOutOfRange(name: name, value: value, range: range))))
    }
  }

  /// Sizes that a network can have, but this one does not.
  static let otherSizes: [LyingModel] =
    [4, 6, 65_536].map { size in
      replacing(
        #""vocabulary_size":5"#, with: #""vocabulary_size":\#(size)"#, in: network,
        .model(.vocabularySizeMismatch(file: "test", network: size, tokenizer: 5)))
    }
    + [2, 65_536].flatMap { size in
      [
        replacing(
          #""embedding_size":1"#, with: #""embedding_size":\#(size)"#, in: network,
          shapeMismatch("embedding.weight", [5, size], [5, 1])),
        replacing(
          #""hidden_size":1"#, with: #""hidden_size":\#(size)"#, in: network,
          shapeMismatch("rnn.weight_ih_l0", [4 * size, 1], [4, 1])),
      ]
    }
    + [2, 1_024].map { count in
      replacing(
        #""layer_count":1"#, with: #""layer_count":\#(count)"#, in: network,
        .archive(.tensorMissing(file: "test", tensor: "rnn.weight_ih_l1")))
    }
    + [
      // 70 terabytes of weights.
      LyingModel("the largest network", shapeMismatch("rnn.weight_ih_l0", [262_144, 1], [4, 1])) {
        $0.replace(#""hidden_size":1"#, with: #""hidden_size":65536"#, in: network)
        $0.replace(#""layer_count":1"#, with: #""layer_count":1024"#, in: network)
      }
    ]

  static let sizesThatAreNoNumbers: [LyingModel] = sizes.flatMap { key, text, _, _ in
    ["\"1\"", "null", "true", "[1]", "{\"size\":1}"].map { value in
      replacing(
        text, with: "\"\(key)\":\(value)", in: network,
        malformed(network, "'\(key)' is of the wrong kind"))
    }
      + [
        "1.5", "9223372036854775808", "1e400", "NaN", "0x1", "1_0", "+1", "01", ".1", "",
        String(repeating: "9", count: 100_000), "1e" + String(repeating: "9", count: 100_000),
      ].map { value in
        replacing(
          text, with: "\"\(key)\":\(value)", in: network, malformed(network, notTheJSON))
      }
  }

  private static let notTheJSON = "it is not valid JSON"
}

// MARK: Texts

extension LyingModel {
  static let networks: [LyingModel] =
    [
      replacing(
        #""cell":"lstm""#, with: #""activation":"relu","cell":"lstm""#, in: network,
        .model(.invalidNetwork(file: "test", .activationNotApplicable(.relu, .lstm)))),
      replacing(
        #""cell":"lstm""#, with: #""activation":"swish","cell":"rnn""#, in: network,
        malformed(network, "'activation' has a value that this program cannot use")),
    ]
    + ["gru2", "LSTM", "", "lstm\\u0000"].map { cell in
      replacing(
        #""lstm""#, with: "\"\(cell)\"", in: network,
        malformed(network, "'cell' has a value that this program cannot use"))
    }
    + ["\n", "\\x", "\\ud800", "\\u12"].map { cell in
      replacing(#""lstm""#, with: "\"\(cell)\"", in: network, malformed(network, notTheJSON))
    }

  private static let units = ##"["\"",""## + "\u{301}\",\"\u{1F642}\"]"

  private static func units(_ text: String, _ error: TokenizationError) -> LyingModel {
    replacing(units, with: text, in: tokenizer, .model(.invalidTokenizer(file: "test", error)))
  }

  static let tokenizers: [LyingModel] = [
    units(##"["b","a","c"]"##, .unsortedUnits(position: 1)),
    units(##"["a","a","b"]"##, .unsortedUnits(position: 1)),
    units(##"["a","b","\u0061"]"##, .unsortedUnits(position: 2)),
    units("[\"\u{E9}\",\"e\",\"f\"]", .unsortedUnits(position: 1)),
    units(##"["","a","b"]"##, .malformedUnit(position: 0, unit: .scalar)),
    units(##"["a","b","cd"]"##, .malformedUnit(position: 2, unit: .scalar)),
    units("[\"a\",\"e\u{301}\",\"f\"]", .malformedUnit(position: 1, unit: .scalar)),
    units("null", .unexpectedUnits(unit: .scalar)),
    LyingModel(
      "bytes that are listed",
      .model(.invalidTokenizer(file: "test", .unexpectedUnits(unit: .byte)))
    ) { $0.replace(#""unit":"scalar""#, with: #""unit":"byte""#, in: tokenizer) },
    replacing(
      #"{"unit":"scalar","units""#, with: #"{"unit":"grapheme","units""#, in: tokenizer,
      .model(
        .invalidTokenizer(
          file: "test", .unitMismatch(configuration: .scalar, vocabulary: .grapheme)))),
    replacing(
      #""minimum_count":1"#, with: #""minimum_count":0"#, in: tokenizer,
      .model(
        .invalidTokenizer(file: "test", .invalidSettings(.minimumCountTooSmall(minimumCount: 0))))),
    replacing(
      units, with: #"["a","b"]"#, in: tokenizer,
      .model(.vocabularySizeMismatch(file: "test", network: 5, tokenizer: 4))),
    replacing(
      units, with: "[]", in: tokenizer,
      .model(.vocabularySizeMismatch(file: "test", network: 5, tokenizer: 2))),
    replacing(
      units, with: #"["a",7,"b"]"#, in: tokenizer,
      malformed(tokenizer, "'vocabulary.units.1' is of the wrong kind")),
    replacing(
      units, with: #"["a",null,"b"]"#, in: tokenizer,
      malformed(tokenizer, "'vocabulary.units.1' is of the wrong kind")),
    replacing(
      units, with: #""abc""#, in: tokenizer,
      malformed(tokenizer, "'vocabulary.units' is of the wrong kind")),
    replacing(
      units, with: #"["a","b","\ud800"]"#, in: tokenizer, malformed(tokenizer, notTheJSON)),
    replacing(
      #"{"unit":"scalar","units""#, with: #"{"unit":"word","units""#, in: tokenizer,
      malformed(tokenizer, "'vocabulary.unit' has a value that this program cannot use")),
    replacing(
      #""nfc""#, with: #""nfx""#, in: tokenizer,
      malformed(tokenizer, "'configuration.normalization' has a value that this program cannot use")
    ),
    replacing(
      #""folds_case":false"#, with: #""folds_case":0"#, in: tokenizer,
      malformed(tokenizer, "'configuration.folds_case' is of the wrong kind")),
  ]

  private static func impossible(_ old: String, with new: String, _ reason: String) -> LyingModel {
    replacing(
      old, with: new, in: training, malformed(training, "\(reason), which no training gives"))
  }

  /// Records of training that no training leaves.
  static let trainings: [LyingModel] =
    [
      ("steps", "7"), ("characters_seen", "14336"), ("training_tokens", "90"),
      ("validation_tokens", "10"),
    ].flatMap { key, value in
      [-1, .min, .max].map {
        impossible("\"\(key)\":\(value)", with: "\"\(key)\":\($0)", "'\(key)' is \($0)")
      }
    }
    + [
      impossible(#""steps":7"#, with: #""earlier_steps":-1,"steps":7"#, "'earlier_steps' is -1"),
      impossible(#""seconds":0.1"#, with: #""seconds":-2"#, "'seconds' is -2.0"),
      impossible(#""seconds":0.1"#, with: #""seconds":1e300"#, "'seconds' is 1e+300"),
      impossible(
        #""batch_size":32"#, with: #""batch_size":0"#, "'configuration.batch_size' is 0"),
      impossible(
        #""window_length":64"#, with: #""window_length":-64"#,
        "'configuration.window_length' is -64"),
      impossible(
        #""amount":2000"#, with: #""amount":-1"#, "'configuration.budget.amount' is -1.0"),
      impossible(
        #""steps":7"#, with: #""history":[\#(point(2)),\#(point(2))],"steps":7"#,
        "'history' has points out of order"),
      impossible(
        #""steps":7"#, with: #""history":[\#(point(-1))],"steps":7"#,
        "'history' has points out of order"),
      impossible(
        #""steps":7"#,
        with: #""history":[\#((0...200).map(point).joined(separator: ","))],"steps":7"#,
        "'history' has 201 points"),
      impossible(
        #""steps":7"#,
        with: #""sources":{"run":"7","text_count":-1,"texts":[]},"steps":7"#,
        "'sources.text_count' is -1"),
      impossible(
        #""steps":7"#,
        with: #""sources":{"run":"7","text_count":1,"texts":[{"name":"a","byte_count":-1,"#
          + #""digest":"d"}]},"steps":7"#,
        "'sources' has a text of -1 bytes"),
    ]

  private static func point(_ step: Int) -> String {
    #"{"step":\#(step),"seconds":1,"training_nats_per_token":2}"#
  }

  static let texts = formats + keys.flatMap(texts)

  private static let keys = [network, tokenizer, training]

  private static let formats: [LyingModel] =
    ["3", "", "0", "01", "1.0", " 1", "1\u{301}", String(repeating: "\u{1B}", count: 100_000)].map {
      format in
      LyingModel(
        "format \(format.prefix(20).debugDescription)",
        .model(.unknownFormat(file: "test", found: format))
      ) { $0.metadata["charlm.format"] = format }
    }
    + (["charlm.format"] + keys).map { key in
      LyingModel("no \(key)", .archive(.metadataMissing(file: "test", key: key))) {
        $0.metadata[key] = nil
      }
    }

  /// The replacement of one JSON object.
  private static func texts(_ key: String) -> [LyingModel] {
    func text(_ text: String, _ reason: String) -> LyingModel {
      LyingModel("\(key) is \(text.prefix(20).debugDescription)", malformed(key, reason)) {
        $0.metadata[key] = text
      }
    }
    let brackets = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
    return notJSON.map { text($0, notTheJSON) }
      + ["null", "1", "1.5", "true", "\"x\"", "[]", "[{}]"].map {
        text($0, "it is not a JSON object")
      }
      + [
        LyingModel("brackets in an object in \(key)", malformed(key, notTheJSON)) {
          $0.metadata[key] = "{\"cell\":\(brackets)," + ($0.metadata[key] ?? "").dropFirst()
        },
        LyingModel("an object that continues in \(key)", malformed(key, notTheJSON)) {
          $0.metadata[key]?.append("}")
        },
      ]
  }

  private static let notJSON = [
    "", " ", "\0", "{", "}", "lstm", "nul", "{,}", "{\"cell\"}", "{'cell':'lstm'}",
    "{\"cell\":NaN}",
    "{\"a\":1}/**/", "\u{FFFE}{}",
    String(repeating: "[", count: 100_000),
    String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000),
    String(repeating: "{\"a\":", count: 100_000),
    String(repeating: "{\"a\":", count: 100_000) + "1" + String(repeating: "}", count: 100_000),
    String(repeating: "\"", count: 99_999), String(repeating: "\\", count: 100_000),
  ]
}

// MARK: Tensors

extension LyingModel {
  private static let names = [
    "embedding.weight", "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0",
    "lm_head.weight", "lm_head.bias",
  ]

  static let tensors: [LyingModel] =
    names.map { name in
      LyingModel("no \(name)", .archive(.tensorMissing(file: "test", tensor: name))) {
        $0.tensors.removeAll { $0.name == name }
      }
    }
    + ["rnn.weight_ih_l1", "rnn.weight_ih_l0_reverse", "lm_head.bia\u{301}s", ""].map { name in
      LyingModel("also \(name)", .model(.unexpectedTensor(file: "test", tensor: name))) {
        $0.tensors.append(.init(name: name, elementType: .float32, shape: [0], bytes: []))
      }
    }
    + [
      reshaped("embedding.weight", [5, 1], [1, 5]), reshaped("embedding.weight", [5, 1], [5]),
      reshaped("lm_head.bias", [5], [5, 1]), reshaped("lm_head.bias", [5], [1, 5]),
      reshaped("rnn.bias_hh_l0", [4], [2, 2]), reshaped("rnn.weight_hh_l0", [4, 1], [4, 1, 1]),
      LyingModel("a tensor with nothing in it", shapeMismatch("lm_head.bias", [5], [0])) {
        $0.change("lm_head.bias") {
          $0.shape = [0]
          $0.bytes = []
        }
      },
      LyingModel("a tensor with more in it", shapeMismatch("lm_head.bias", [5], [6])) {
        $0.change("lm_head.bias") {
          $0.shape = [6]
          $0.bytes += [0, 0, 0, 0]
        }
      },
    ]
    + names.flatMap { name in
      [(TensorElementType.int32, 1), (.float64, 2), (.uint8, 0)].map { type, scale in
        LyingModel(
          "\(name) of \(type.rawValue)",
          .archive(
            .elementTypeMismatch(file: "test", tensor: name, expected: .float32, found: type))
        ) {
          $0.change(name) {
            let byteCount = $0.bytes.count
            $0.elementType = type
            $0.bytes = [UInt8](repeating: 0, count: scale == 0 ? byteCount / 4 : byteCount * scale)
          }
        }
      }
    }
    + names.flatMap { name in
      [Float.nan, .infinity, -.infinity, .signalingNaN].flatMap { value in
        [true, false].map { isFirst in
          LyingModel(
            "\(value) \(isFirst ? "first" : "last") in \(name)",
            .model(.notFinite(file: "test", tensor: name))
          ) {
            $0.change(name) { tensor in
              let start = isFirst ? 0 : tensor.bytes.count - 4
              withUnsafeBytes(of: value.bitPattern.littleEndian) {
                tensor.bytes.replaceSubrange(start..<start + 4, with: $0)
              }
            }
          }
        }
      }
    }

  private static func reshaped(_ name: String, _ expected: [Int], _ found: [Int]) -> LyingModel {
    LyingModel("\(name) as \(found)", shapeMismatch(name, expected, found)) {
      $0.change(name) { $0.shape = found }
    }
  }
}
