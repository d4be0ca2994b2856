import ModelFiles
import Testing

/// Headers that are unusual but valid, and must be read.
@Suite struct UnusualHeaderTests {
  @Test func orderAndWhiteSpaceAreFree() throws {
    let header = """
      { "b" :\t{"data_offsets":[4,12],\r\n "shape" : [ 2 , 1 ], "dtype":"F32"},
      "a":{"shape":[4],"dtype":"U8","data_offsets":[ 0,4 ]} , "__metadata__" : { } }
      """
    for padding in ["", " ", String(repeating: " ", count: 1000)] {
      let archive = try open(file(header: header + padding, dataByteCount: 12), .none)
      #expect(archive.tensors.map(\.name) == ["a", "b"])
      #expect(try archive.floats(of: "b", shape: [2, 1]) == [0, 0])
    }
  }

  @Test func emptyThingsAreRead() throws {
    #expect(try open(file(header: "{}"), .none).tensors.isEmpty)
    let header = #"""
      {"":{"dtype":"U8","shape":[],"data_offsets":[0,1]},
      "x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},
      "y":{"dtype":"F4","shape":[1,0,9],"data_offsets":[1,1]},
      "z":{"dtype":"F32","shape":[0,9223372036854],"data_offsets":[1,1]}}
      """#
    let archive = try open(file(header: header, dataByteCount: 1), .none)
    #expect(archive.tensors.map(\.name) == ["x", "", "y", "z"])
    #expect(archive.tensors.map(\.elementCount) == [0, 1, 0, 0])
    #expect(archive.tensors.map(\.byteCount) == [0, 1, 0, 0])
    #expect(try archive.floats(of: "x", shape: [0]) == [])
  }

  @Test func everyEscapeIsRead() throws {
    let escapes =
      #"\"\\\/\b\f\n\r\t\u0041\u00e9\u00E9\u0000\uD83D\uDE42\ud800\udc00\uDBFF\uDFFF\uFFFFé"#
    let archive = try open(file(header: #"{"__metadata__":{"k\u0020":"\#(escapes)"}}"#), .none)
    let text = try #require(archive.metadata["k "])
    let expected =
      "\"\\/\u{8}\u{c}\n\r\tA\u{E9}\u{E9}\0\u{1F642}\u{10000}\u{10FFFF}\u{FFFF}\u{E9}"
    #expect(Array(text.unicodeScalars) == Array(expected.unicodeScalars))
  }

  @Test(arguments: TensorElementType.allCases)
  func everyElementTypeIsRead(elementType: TensorElementType) throws {
    let byteCount = elementType.bitsPerElement
    let header = """
      {"a":{"dtype":"\(elementType.rawValue)","shape":[2,4],"data_offsets":[0,\(byteCount)]}}
      """
    let archive = try open(file(header: header, dataByteCount: byteCount), .none)
    #expect(archive.tensors.map(\.elementType) == [elementType])
    #expect(archive.tensors.map(\.byteCount) == [byteCount])
  }
}
