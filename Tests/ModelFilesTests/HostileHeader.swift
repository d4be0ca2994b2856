import ModelFiles
import Testing

/// A header designed to mislead a reader, and the one error that it must cause.
struct HostileHeader: Sendable, CustomStringConvertible {
  let header: String
  let dataByteCount: Int
  let error: SafetensorsError

  init(_ header: String, data: Int = 0, _ error: SafetensorsError) {
    self.header = header
    dataByteCount = data
    self.error = error
  }

  var description: String { String(header.debugDescription.prefix(120)) }

  static let all = framed + misnamed + missized + misplaced + misspelled

  /// A tensor's entry; sizes and offsets are texts, so that they can be anything.
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

  static let framed: [HostileHeader] = [
    HostileHeader("", .headerStart(file: "test")),
    HostileHeader(" {}", .headerStart(file: "test")),
    HostileHeader("\u{FEFF}{}", .headerStart(file: "test")),
    HostileHeader("[]", .headerStart(file: "test")),
    HostileHeader("\"{}\"", .headerStart(file: "test")),
    HostileHeader("{}x", .trailingCharacters(file: "test", byteOffset: 10)),
    HostileHeader("{}\n", .trailingCharacters(file: "test", byteOffset: 10)),
    HostileHeader("{}  \t ", .trailingCharacters(file: "test", byteOffset: 12)),
    HostileHeader("{}{}", .trailingCharacters(file: "test", byteOffset: 10)),
    HostileHeader("{} \0", .trailingCharacters(file: "test", byteOffset: 11)),
    HostileHeader("{}", data: 1, .trailingData(file: "test", byteCount: 1)),
    HostileHeader("{", malformed(9, "a string")),
    HostileHeader("{,}", malformed(9, "a string")),
    HostileHeader("{\"a\"}", malformed(12, "':'")),
    HostileHeader("{\"a\":", .entryNotAnObject(file: "test", tensor: "a")),
    HostileHeader("{'a':{}}", malformed(9, "a string")),
    HostileHeader("{a:{}}", malformed(9, "a string")),
    HostileHeader("{/**/}", malformed(9, "a string")),
    HostileHeader(
      header(entry("a", "1", "0,1")) + "}", data: 1,
      .trailingCharacters(file: "test", byteOffset: 61)),
    HostileHeader("{" + entry("a", "1", "0,1") + ",}", data: 1, malformed(61, "a string")),
    HostileHeader("{" + entry("a", "1", "0,1"), data: 1, malformed(60, "'}'")),
  ]

  static let misnamed: [HostileHeader] = [
    HostileHeader(
      header(entry("a", "1", "0,1"), entry("a", "1", "0,1")), data: 1,
      .duplicateName(file: "test", name: "a")),
    HostileHeader(
      header(entry("a", "1", "0,1"), entry("\\u0061", "1", "1,2")), data: 2,
      .duplicateName(file: "test", name: "a")),
    HostileHeader(
      header("\"__metadata__\":{}", "\"__metadata__\":{}"),
      .duplicateName(file: "test", name: "__metadata__")),
    HostileHeader(
      header("\"__metadata__\":{\"k\":\"1\",\"k\":\"1\"}"),
      .duplicateMetadataKey(file: "test", key: "k")),
    HostileHeader(
      header("\"__metadata__\":{\"/\":\"1\",\"\\/\":\"2\"}"),
      .duplicateMetadataKey(file: "test", key: "/")),
    HostileHeader("{\"__metadata__\":null}", .metadataNotAnObject(file: "test")),
    HostileHeader("{\"__metadata__\":[\"a\"]}", .metadataNotAnObject(file: "test")),
    HostileHeader("{\"__metadata__\":\"a\"}", .metadataNotAnObject(file: "test")),
    HostileHeader("{\"__metadata__\":{\"k\":1}}", .metadataNotAString(file: "test", key: "k")),
    HostileHeader("{\"__metadata__\":{\"k\":null}}", .metadataNotAString(file: "test", key: "k")),
    HostileHeader(
      "{\"__metadata__\":{\"k\":{\"a\":\"b\"}}}", .metadataNotAString(file: "test", key: "k")),
    HostileHeader("{\"__metadata__\":{\"k\":\"v\",}}", malformed(33, "a string")),
    HostileHeader("{\"a\":null}", .entryNotAnObject(file: "test", tensor: "a")),
    HostileHeader("{\"a\":[]}", .entryNotAnObject(file: "test", tensor: "a")),
    HostileHeader("{\"a\":{}}", .missingField(file: "test", tensor: "a", field: "dtype")),
    HostileHeader(
      #"{"a":{"dtype":"U8","shape":[0]}}"#,
      .missingField(file: "test", tensor: "a", field: "data_offsets")),
    HostileHeader(
      #"{"a":{"dtype":"U8","data_offsets":[0,0]}}"#,
      .missingField(file: "test", tensor: "a", field: "shape")),
    HostileHeader(
      #"{"a":{"dtype":"U8","shape":[0],"shape":[0],"data_offsets":[0,0]}}"#,
      .duplicateField(file: "test", tensor: "a", field: "shape")),
    HostileHeader(
      #"{"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#,
      .duplicateField(file: "test", tensor: "a", field: "dtype")),
    HostileHeader(
      #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"data_offsets":[0,0]}}"#,
      .duplicateField(file: "test", tensor: "a", field: "data_offsets")),
    HostileHeader(
      #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"stride":[1]}}"#,
      .unknownField(file: "test", tensor: "a", field: "stride")),
    HostileHeader(
      header(entry("a", "0", "0,0", type: "f32")),
      .unknownElementType(file: "test", tensor: "a", found: "f32")),
    HostileHeader(
      header(entry("a", "0", "0,0", type: "")),
      .unknownElementType(file: "test", tensor: "a", found: "")),
    HostileHeader(
      #"{"a":{"dtype":1,"shape":[0],"data_offsets":[0,0]}}"#, malformed(22, "a string")),
  ]

  static let missized: [HostileHeader] =
    [
      "-1", "-0", "1.0", "1e0", "1e400", "01", "00", "+1", "9223372036854775808", "\"1\"", "null",
      "[1]", "{}", "NaN", "true", "", "18446744073709551616", "1E2", "99999999999999999999999999",
    ].flatMap { number in
      [
        HostileHeader(
          header(entry("a", "2,\(number)", "0,1")), .invalidInteger(file: "test", byteOffset: 38)),
        HostileHeader(
          header(entry("a", "1", "0,\(number)")), .invalidInteger(file: "test", byteOffset: 57)),
      ]
    } + [
      HostileHeader(header(entry("a", "0x1", "0,1")), data: 1, malformed(37, "']'")),
      HostileHeader(header(entry("a", "1 2", "0,2")), data: 2, malformed(38, "']'")),
      HostileHeader(
        header(entry("a", "1", "0")), .invalidOffsets(file: "test", tensor: "a", found: [0])),
      HostileHeader(
        header(entry("a", "1", "")), .invalidOffsets(file: "test", tensor: "a", found: [])),
      HostileHeader(
        header(entry("a", "1", "0,1,1")), data: 1,
        .invalidOffsets(file: "test", tensor: "a", found: [0, 1, 1])),
      HostileHeader(
        header(entry("a", "1", "1,0")), data: 1,
        .invalidOffsets(file: "test", tensor: "a", found: [1, 0])),
      HostileHeader(
        #"{"a":{"dtype":"U8","shape":3,"data_offsets":[0,3]}}"#, data: 3, malformed(35, "'['")),
      HostileHeader(
        #"{"a":{"dtype":"U8","shape":[\#(String(repeating: "[", count: 100_000))"#,
        .invalidInteger(file: "test", byteOffset: 36)),
      HostileHeader(
        String(repeating: "{\"a\":", count: 100_000),
        .unknownField(file: "test", tensor: "a", field: "a")),
      HostileHeader(
        header(entry("a", "9223372036854775807,2", "0,0")),
        .shapeOverflow(file: "test", tensor: "a", shape: [.max, 2])),
      HostileHeader(
        header(entry("a", "4294967296,4294967296", "0,0", type: "F32")),
        .shapeOverflow(file: "test", tensor: "a", shape: [1 << 32, 1 << 32])),
      HostileHeader(
        header(entry("a", "0,4294967296,4294967296", "0,0", type: "F32")),
        .shapeOverflow(file: "test", tensor: "a", shape: [0, 1 << 32, 1 << 32])),
      HostileHeader(
        header(entry("a", "2305843009213693952", "0,0", type: "F32")),
        .shapeOverflow(file: "test", tensor: "a", shape: [1 << 61])),
      HostileHeader(
        header(entry("a", "3", "0,1", type: "F4")), data: 1,
        .partOfAByte(file: "test", tensor: "a", shape: [3])),
      HostileHeader(
        header(entry("a", "2,2", "0,4", type: "F32")), data: 4,
        .sizeMismatch(file: "test", tensor: "a", expected: 16, found: 4)),
      HostileHeader(
        header(entry("a", "", "0,0", type: "F32")),
        .sizeMismatch(file: "test", tensor: "a", expected: 4, found: 0)),
      HostileHeader(
        header(entry("a", "0", "0,4", type: "F32")), data: 4,
        .sizeMismatch(file: "test", tensor: "a", expected: 0, found: 4)),
      HostileHeader(
        header(entry("a", "1000", "0,1000")), data: 10,
        .truncated(file: "test", missingByteCount: 990)),
      HostileHeader(
        header(entry("a", "9223372036854775807", "0,9223372036854775807")),
        .shapeOverflow(file: "test", tensor: "a", shape: [.max])),
      HostileHeader(
        header(entry("a", "1", "9223372036854775806,9223372036854775807")), data: 1,
        .hole(file: "test", beforeTensor: "a", byteCount: .max - 1)),
    ]

  static let misplaced: [HostileHeader] = [
    HostileHeader(
      header(entry("a", "2", "1,3")), data: 3,
      .hole(file: "test", beforeTensor: "a", byteCount: 1)),
    HostileHeader(
      header(entry("a", "2", "0,2"), entry("b", "2", "3,5")), data: 5,
      .hole(file: "test", beforeTensor: "b", byteCount: 1)),
    HostileHeader(
      header(entry("b", "2", "3,5"), entry("a", "2", "0,2")), data: 5,
      .hole(file: "test", beforeTensor: "b", byteCount: 1)),
    HostileHeader(
      header(entry("a", "2", "0,2"), entry("b", "2", "1,3")), data: 3,
      .overlap(file: "test", tensor: "b", otherTensor: "a")),
    HostileHeader(
      header(entry("a", "2", "0,2"), entry("b", "2", "0,2")), data: 2,
      .overlap(file: "test", tensor: "b", otherTensor: "a")),
    HostileHeader(
      header(entry("a", "4", "0,4"), entry("none", "0", "2,2")), data: 4,
      .overlap(file: "test", tensor: "none", otherTensor: "a")),
    HostileHeader(
      header(entry("none", "0", "5,5"), entry("a", "4", "0,4")), data: 5,
      .hole(file: "test", beforeTensor: "none", byteCount: 1)),
    HostileHeader(
      header(entry("a", "2", "0,2")), data: 3, .trailingData(file: "test", byteCount: 1)),
    HostileHeader(
      header(entry("a", "2", "0,2")), data: 1, .truncated(file: "test", missingByteCount: 1)),
    HostileHeader(
      header(entry("none", "0", "0,0")), data: 1, .trailingData(file: "test", byteCount: 1)),
  ]

  /// Contents between the quotes of a metadata value that is not JSON text.
  static let misspelled: [HostileHeader] =
    [
      (#"\u12"#, 0), (#"\u12G4"#, 0), (#"\uD800"#, 0), (#"\uD800x"#, 0), (#"\uD83D\n"#, 0),
      (#"\uD83D\uD83D"#, 0), (#"\uDE42"#, 0), (#"\uDE42\uD83D"#, 0), (#"\uDC00\uDC00"#, 0),
      (#"\x41"#, 0), (#"\U0041"#, 0),
      (#"\'"#, 0), (#"\0"#, 0), (#"ab\u+041"#, 2), (#"\u 041"#, 0), (#"\é"#, 0),
    ].map { text, offset in
      HostileHeader(
        #"{"__metadata__":{"k":"\#(text)"}}"#, malformed(30 + offset, "a valid escape sequence"))
    }
    + (0..<32).map { control in
      HostileHeader(
        "{\"__metadata__\":{\"k\":\"\(Unicode.Scalar(UInt8(control)))\"}}",
        malformed(30, "no unescaped control character"))
    } + [
      HostileHeader(#"{"__metadata__":{"k":"v"#, malformed(31, "a string's closing quote")),
      HostileHeader(#"{"__metadata__":{"k":"\"#, malformed(30, "a valid escape sequence")),
      HostileHeader(#"{"__metadata__":{"k":"\u004"#, malformed(30, "a valid escape sequence")),
      HostileHeader(#"{"__metadata__":{"k":"\uD83D\u"#, malformed(30, "a valid escape sequence")),
      HostileHeader(#"{"__metadata__":{"k":"v\"}}"#, malformed(35, "a string's closing quote")),
      HostileHeader(#"{"__metadata__":{"k":"v" "l":"v"}}"#, malformed(33, "'}'")),
    ]
}
