import Foundation
import ModelFiles
import Storage

/// Keys and values that a careless reader or writer would change or merge.
let awkwardMetadata: SafetensorsMetadata = [
  "": "an empty key",
  "quotes": #"{"a":"\"b\" \\ \/ \u0041"}"#,
  "controls": String(String.UnicodeScalarView((0..<32).map { Unicode.Scalar(UInt8($0)) }))
    + "\u{7f}",
  "separators": "\u{85}\u{2028}\u{2029}\u{FEFF}",
  "\u{E9}": "one scalar",
  "e\u{301}": "two scalars",
  "\u{301}": "a combining mark alone",
  "👨‍👩‍👧 🏳️‍🌈": "🙂\u{10FFFF}\u{FFFF}",
]

/// A writer of a small archive: four tensors, among them an empty one and a scalar.
func sampleWriter(metadata: SafetensorsMetadata = ["model": "{\"é\":\"\\\\\u{2028}🙂\"}"])
  -> SafetensorsWriter
{
  SafetensorsWriter(
    tensors: [
      TensorSource(name: "scale", shape: [], floats: [0.5]),
      TensorSource(name: "\u{301}w\"", shape: [2, 3], floats: [1, -2, 3, -4, .infinity, 0]),
      TensorSource(name: "none", elementType: .int8, shape: [0, 7], bytes: []),
      TensorSource(name: "q", elementType: .int8, shape: [3], bytes: [255, 0, 127]),
    ], metadata: metadata)
}

/// A safetensors file in parts: the header's length, the header, `dataByteCount` bytes of data.
func file(header: [UInt8], data: [UInt8]) -> [UInt8] {
  withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + data
}

/// A safetensors file with this header and as many zero bytes as its data needs.
func file(header: String, dataByteCount: Int = 0) -> [UInt8] {
  file(header: Array(header.utf8), data: [UInt8](repeating: 0, count: dataByteCount))
}

/// The header's text and the data of a complete file.
func parts(of file: [UInt8]) -> (header: String, data: [UInt8]) {
  let byteCount = Int(
    file.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) })
  return (String(decoding: file[8..<8 + byteCount], as: UTF8.self), Array(file[(8 + byteCount)...]))
}

/// The file of this header and data, with the header's digest recomputed as documented: over length
/// and header, with the digest's own digits, marked by `@`, as zeros.
func signed(header: String, data: [UInt8]) -> [UInt8] {
  let zeros = String(repeating: "0", count: 64)
  let unsigned = file(header: Array(header.replacing("@", with: zeros).utf8), data: [])
  let digest = unsigned.withUnsafeBytes { SHA256Digest(of: $0).hex }
  return file(header: Array(header.replacing("@", with: digest).utf8), data: data)
}

/// SHA-256 of `bytes` as text.
func sha256(_ bytes: [UInt8]) -> String {
  bytes.withUnsafeBytes { SHA256Digest(of: $0).hex }
}

/// Opens bytes under the name "test".
@discardableResult
func open(
  _ bytes: [UInt8], _ verification: SafetensorsVerification = .required
) throws -> SafetensorsArchive {
  try SafetensorsArchive(bytes: bytes, name: "test", verification: verification)
}

/// A new, empty folder for one test.
func makeFolder() throws -> URL {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  return folder
}

/// Random numbers that are the same in every run (SplitMix64, Steele et al. 2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }
}
