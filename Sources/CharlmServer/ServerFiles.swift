import CServerFiles
import Glibc

/// The files that are part of this program.
enum ServerFiles {
  /// The files of the page, by name.
  static let page = Dictionary(
    uniqueKeysWithValues: (0..<charlm_page_file_count).map { index in
      let file = charlm_page_files[index]
      return (String(cString: file.name), bytes(file.bytes))
    })

  /// `openapi.json`
  static let apiDescription = bytes(charlm_api_description)

  /// The bytes before a zero.
  private static func bytes(_ start: UnsafePointer<UInt8>) -> [UInt8] {
    let count = start.withMemoryRebound(to: CChar.self, capacity: 1) { strlen($0) }
    return Array(UnsafeBufferPointer(start: start, count: count))
  }
}
