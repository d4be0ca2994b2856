import ModelFiles
import Testing

/// Headers made to mislead a reader, and the one error that each must give.
@Suite struct HostileHeaderTests {
  struct Hostile: Sendable, CustomTestStringConvertible {
    let header: String
    let dataByteCount: Int
    let error: SafetensorsError

    init(_ header: String, data: Int = 0, _ error: SafetensorsError) {
      self.header = header
      dataByteCount = data
      self.error = error
    }

    var testDescription: String { String(header.prefix(120)) }
  }

  /// A tensor's entry; sizes and offsets as text, so that they can be anything.
  private static func entry(
    _ name: String, _ shape: String, _ offsets: String, type: String = "U8"
  ) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":[\#(shape)],"data_offsets":[\#(offsets)]}"#
  }

  private static func header(_ entries: String...) -> String {
    "{\(entries.joined(separator: ","))}"
  }

  private static func malformed(_ byteOffset: Int, _ expected: String) -> SafetensorsError {
    .malformedHeader(file: "test", byteOffset: byteOffset, expected: expected)
  }

  static let framed: [Hostile] = [
    Hostile("", .headerStart(file: "test")),
    Hostile(" {}", .headerStart(file: "test")),
    Hostile("\u{FEFF}{}", .headerStart(file: "test")),
    Hostile("[]", .headerStart(file: "test")),
    Hostile("\"{}\"", .headerStart(file: "test")),
    Hostile("{}x", .trailingCharacters(file: "test", byteOffset: 10)),
    Hostile("{}\n", .trailingCharacters(file: "test", byteOffset: 10)),
    Hostile("{}  \t ", .trailingCharacters(file: "test", byteOffset: 12)),
    Hostile("{}{}", .trailingCharacters(file: "test", byteOffset: 10)),
    Hostile("{} \0", .trailingCharacters(file: "test", byteOffset: 11)),
    Hostile("{}", data: 1, .trailingData(file: "test", byteCount: 1)),
    Hostile("{", malformed(9, "a string")),
    Hostile("{,}", malformed(9, "a string")),
    Hostile("{\"a\"}", malformed(12, "':'")),
    Hostile("{\"a\":", .entryNotAnObject(file: "test", tensor: "a")),
    Hostile("{'a':{}}", malformed(9, "a string")),
    Hostile("{a:{}}", malformed(9, "a string")),
    Hostile("{/**/}", malformed(9, "a string")),
    Hostile(header(entry("a", "1", "0,1")) + "}", data: 1, .trailingCharacters(file: "test", byteOffset: 63)),
    Hostile("{" + entry("a", "1", "0,1") + ",}", data: 1, malformed(63, "a string")),
    Hostile("{" + entry("a", "1", "0,1"), data: 1, malformed(62, "'}'")),
  ]

  static let misnamed: [Hostile] = [
    Hostile(
      header(entry("a", "1", "0,1"), entry("a", "1", "0,1")), data: 1,
      .duplicateName(file: "test", name: "a")),
    Hostile(
      header(entry("a", "1", "0,1"), entry("\\u0061", "1", "1,2")), data: 2,
      .duplicateName(file: "test", name: "a")),
    Hostile(
      header("\"__metadata__\":{}", "\"__metadata__\":{}"),
      .duplicateName(file: "test", name: "__metadata__")),
    Hostile(
      header("\"__metadata__\":{\"k\":\"1\",\"k\":\"1\"}"),
      .duplicateMetadataKey(file: "test", key: "k")),
    Hostile(
      header("\"__metadata__\":{\"/\":\"1\",\"\\/\":\"2\"}"),
      .duplicateMetadataKey(file: "test", key: "/")),
    Hostile("{\"__metadata__\":null}", .metadataNotAnObject(file: "test")),
    Hostile("{\"__metadata__\":[\"a\"]}", .metadataNotAnObject(file: "test")),
    Hostile("{\"__metadata__\":\"a\"}", .metadataNotAnObject(file: "test")),
    Hostile("{\"__metadata__\":{\"k\":1}}", .metadataNotAString(file: "test", key: "k")),
    Hostile("{\"__metadata__\":{\"k\":null}}", .metadataNotAString(file: "test", key: "k")),
    Hostile("{\"__metadata__\":{\"k\":{\"a\":\"b\"}}}", .metadataNotAString(file: "test", key: "k")),
    Hostile("{\"__metadata__\":{\"k\":\"v\",}}", malformed(34, "a string")),
    Hostile("{\"a\":null}", .entryNotAnObject(file: "test", tensor: "a")),
    Hostile("{\"a\":[]}", .entryNotAnObject(file: "test", tensor: "a")),
    Hostile("{\"a\":{}}", .missingField(file: "test", tensor: "a", field: "dtype")),
    Hostile(
      #"{"a":{"dtype":"U8","shape":[0]}}"#,
      .missingField(file: "test", tensor: "a", field: "data_offsets")),
    Hostile(
      #"{"a":{"dtype":"U8","data_offsets":[0,0]}}"#,
      .missingField(file: "test", tensor: "a", field: "shape")),
    Hostile(
      #"{"a":{"dtype":"U8","shape":[0],"shape":[0],"data_offsets":[0,0]}}"#,
      .duplicateField(file: "test", tensor: "a", field: "shape")),
    Hostile(
      #"{"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#,
      .duplicateField(file: "test", tensor: "a", field: "dtype")),
    Hostile(
      #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"data_offsets":[0,0]}}"#,
      .duplicateField(file: "test", tensor: "a", field: "data_offsets")),
    Hostile(
      #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"stride":[1]}}"#,
      .unknownField(file: "test", tensor: "a", field: "stride")),
    Hostile(
      header(entry("a", "0", "0,0", type: "f32")),
      .unknownElementType(file: "test", tensor: "a", found: "f32")),
    Hostile(
      header(entry("a", "0", "0,0", type: "")),
      .unknownElementType(file: "test", tensor: "a", found: "")),
    Hostile(#"{"a":{"dtype":1,"shape":[0],"data_offsets":[0,0]}}"#, malformed(22, "a string")),
  ]

  static let missized: [Hostile] =
    ["-1", "-0", "1.0", "1e0", "1e400", "01", "00", "+1", "0x1", "9223372036854775808", "\"1\"", "null",
      "[1]", "{}", "NaN", "true", "", "18446744073709551616", "1E2", "99999999999999999999999999",
    ].flatMap { number in
      [
        Hostile(header(entry("a", "2,\(number)", "0,1")), .invalidInteger(file: "test", byteOffset: 38)),
        Hostile(header(entry("a", "1", "0,\(number)")), .invalidInteger(file: "test", byteOffset: 57)),
      ]
    } + [
      Hostile(header(entry("a", "1 2", "0,2")), data: 2, malformed(38, "']'")),
      Hostile(header(entry("a", "1", "0")), .invalidOffsets(file: "test", tensor: "a", found: [0])),
      Hostile(header(entry("a", "1", "")), .invalidOffsets(file: "test", tensor: "a", found: [])),
      Hostile(
        header(entry("a", "1", "0,1,1")), data: 1,
        .invalidOffsets(file: "test", tensor: "a", found: [0, 1, 1])),
      Hostile(
        header(entry("a", "1", "1,0")), data: 1,
        .invalidOffsets(file: "test", tensor: "a", found: [1, 0])),
      Hostile(#"{"a":{"dtype":"U8","shape":3,"data_offsets":[0,3]}}"#, data: 3, malformed(35, "'['")),
      Hostile(
        #"{"a":{"dtype":"U8","shape":[\#(String(repeating: "[", count: 100_000))"#,
        .invalidInteger(file: "test", byteOffset: 36)),
      Hostile(String(repeating: "{\"a\":", count: 100_000), malformed(14, "a field of a tensor")),
      Hostile(
        header(entry("a", "9223372036854775807,2", "0,0")),
        .shapeOverflow(file: "test", tensor: "a", shape: [.max, 2])),
      Hostile(
        header(entry("a", "4294967296,4294967296", "0,0", type: "F32")),
        .shapeOverflow(file: "test", tensor: "a", shape: [1 << 32, 1 << 32])),
      Hostile(
        header(entry("a", "0,4294967296,4294967296", "0,0", type: "F32")),
        .shapeOverflow(file: "test", tensor: "a", shape: [0, 1 << 32, 1 << 32])),
      Hostile(
        header(entry("a", "2305843009213693952", "0,0", type: "F32")),
        .shapeOverflow(file: "test", tensor: "a", shape: [1 << 61])),
      Hostile(
        header(entry("a", "3", "0,1", type: "F4")), data: 1,
        .partOfAByte(file: "test", tensor: "a", shape: [3])),
      Hostile(
        header(entry("a", "2,2", "0,4", type: "F32")), data: 4,
        .sizeMismatch(file: "test", tensor: "a", expected: 16, found: 4)),
      Hostile(
        header(entry("a", "", "0,0", type: "F32")),
        .sizeMismatch(file: "test", tensor: "a", expected: 4, found: 0)),
      Hostile(
        header(entry("a", "0", "0,4", type: "F32")), data: 4,
        .sizeMismatch(file: "test", tensor: "a", expected: 0, found: 4)),
      Hostile(
        header(entry("a", "1000", "0,1000")), data: 10,
        .truncated(file: "test", missingByteCount: 990)),
      Hostile(
        header(entry("a", "9223372036854775807", "0,9223372036854775807")),
        .shapeOverflow(file: "test", tensor: "a", shape: [.max])),
      Hostile(
        header(entry("a", "1", "9223372036854775806,9223372036854775807")), data: 1,
        .hole(file: "test", beforeTensor: "a", byteCount: .max - 1)),
    ]

  static let misplaced: [Hostile] = [
    Hostile(
      header(entry("a", "2", "1,3")), data: 3,
      .hole(file: "test", beforeTensor: "a", byteCount: 1)),
    Hostile(
      header(entry("a", "2", "0,2"), entry("b", "2", "3,5")), data: 5,
      .hole(file: "test", beforeTensor: "b", byteCount: 1)),
    Hostile(
      header(entry("b", "2", "3,5"), entry("a", "2", "0,2")), data: 5,
      .hole(file: "test", beforeTensor: "b", byteCount: 1)),
    Hostile(
      header(entry("a", "2", "0,2"), entry("b", "2", "1,3")), data: 3,
      .overlap(file: "test", tensor: "b", otherTensor: "a")),
    Hostile(
      header(entry("a", "2", "0,2"), entry("b", "2", "0,2")), data: 2,
      .overlap(file: "test", tensor: "b", otherTensor: "a")),
    Hostile(
      header(entry("a", "4", "0,4"), entry("none", "0", "2,2")), data: 4,
      .overlap(file: "test", tensor: "none", otherTensor: "a")),
    Hostile(
      header(entry("none", "0", "5,5"), entry("a", "4", "0,4")), data: 5,
      .hole(file: "test", beforeTensor: "none", byteCount: 1)),
    Hostile(
      header(entry("a", "2", "0,2")), data: 3, .trailingData(file: "test", byteCount: 1)),
    Hostile(
      header(entry("a", "2", "0,2")), data: 1, .truncated(file: "test", missingByteCount: 1)),
    Hostile(
      header(entry("none", "0", "0,0")), data: 1, .trailingData(file: "test", byteCount: 1)),
  ]

  /// Contents between the quotes of a metadata value that is not JSON text.
  static let misspelled: [Hostile] = [
    (#"\u12"#, 0), (#"\u12G4"#, 0), (#"\uD800"#, 0), (#"\uD800x"#, 0), (#"\uD83D\n"#, 0),
    (#"\uD83D\uD83D"#, 0), (#"\uDE42"#, 0), (#"\uDE42\uD83D"#, 0), (#"\x41"#, 0), (#"\U0041"#, 0),
    (#"\'"#, 0), (#"\0"#, 0), (#"ab\u+041"#, 2), (#"\u 041"#, 0), (#"\é"#, 0),
  ].map { text, offset in
    Hostile(#"{"__metadata__":{"k":"\#(text)"}}"#, malformed(30 + offset, "a valid escape sequence"))
  }
    + (0..<32).map { control in
      Hostile(
        "{\"__metadata__\":{\"k\":\"\(Unicode.Scalar(UInt8(control)))\"}}",
        malformed(30, "no unescaped control character"))
    } + [
      Hostile(#"{"__metadata__":{"k":"v"#, malformed(31, "a string's closing quote")),
      Hostile(#"{"__metadata__":{"k":"\"#, malformed(30, "a valid escape sequence")),
      Hostile(#"{"__metadata__":{"k":"\u004"#, malformed(30, "a valid escape sequence")),
      Hostile(#"{"__metadata__":{"k":"\uD83D\u"#, malformed(30, "a valid escape sequence")),
      Hostile(#"{"__metadata__":{"k":"v\"}}"#, malformed(35, "a string's closing quote")),
      Hostile(#"{"__metadata__":{"k":"v" "l":"v"}}"#, malformed(33, "'}'")),
    ]

  @Test(
    arguments: [framed, misnamed, missized, misplaced, misspelled],
    SafetensorsVerification.all)
  func areRefused(hostiles: [Hostile], verification: SafetensorsVerification) {
    for hostile in hostiles {
      let bytes = file(header: hostile.header, dataByteCount: hostile.dataByteCount)
      #expect(throws: hostile.error, "\(hostile.testDescription)") { try open(bytes, verification) }
    }
  }

  @Test func thereAreManyOfThem() {
    let count = [Self.framed, Self.misnamed, Self.missized, Self.misplaced, Self.misspelled]
      .map(\.count).reduce(0, +)
    #expect(count >= 140)
    print("COUNT", count)
  }

  @Test func lengthsBeyondTheFileAreRefusedBeforeAnythingIsRead() {
    func length(_ value: UInt64) -> [UInt8] {
      withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
    for value: UInt64 in [100_000_001, 1 << 32, 1 << 62, 1 << 63, .max, .max - 7] {
      #expect(throws: SafetensorsError.headerTooLong(file: "test", byteCount: value)) {
        try open(length(value) + Array("{}".utf8))
      }
    }
    for value in [3, 100_000_000] {
      let error = SafetensorsError.headerPastEnd(file: "test", byteCount: value, available: 2)
      #expect(throws: error) { try open(length(UInt64(value)) + Array("{}".utf8)) }
    }
    for byteCount in 0..<8 {
      #expect(throws: SafetensorsError.tooShort(file: "test", byteCount: byteCount)) {
        try open([UInt8](repeating: 0, count: byteCount))
      }
    }
  }

  @Test func invalidUTF8IsFoundAtItsByte() {
    let invalid: [[UInt8]] = [
      [0xFF], [0x80], [0xC0, 0xAF], [0xC3], [0xE2, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
      [0xF0, 0x9F, 0x99],
    ]
    for bytes in invalid {
      let header = Array(#"{"__metadata__":{"k":"é"#.utf8) + bytes + Array(#""}}"#.utf8)
      #expect(throws: SafetensorsError.invalidUTF8(file: "test", byteOffset: 32), "\(bytes)") {
        try open(file(header: header, data: []), .none)
      }
    }
  }
}

extension SafetensorsVerification {
  static let all: [SafetensorsVerification] = [.required, .ifPresent, .none]
}
