import Glibc
import Storage

/// The file of this program.
enum Executable {
  /// Nil if the system does not tell; the reason is in `errno`.
  static var path: String? {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlink("/proc/self/exe", &path, path.count - 1)
    guard count > 0 else { return nil }
    return String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Its folder; "." if the system does not tell.
  static var folder: String {
    path.map(Storage.folder(of:)) ?? "."
  }
}
