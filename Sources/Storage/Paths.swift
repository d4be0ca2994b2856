import Glibc

/// The folder of `path`, in a form that `open` accepts.
func folder(of path: String) -> String {
  guard let slash = lastSlash(of: path) else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The name of `path` in its folder.
func lastComponent(of path: String) -> Substring {
  lastSlash(of: path).map { path[path.utf8.index(after: $0)...] } ?? path[...]
}

/// The last slash by its byte: a combining mark after it makes it another `Character`, but not for
/// the system.
private func lastSlash(of path: String) -> String.Index? {
  path.utf8.lastIndex(of: UInt8(ascii: "/"))
}

/// The target of the links at `path`, whether or not it exists; `path` itself if it is not a link.
func linkTarget(of path: String) -> String {
  var path = path
  for _ in 0..<longestChain {
    guard let target = linkText(of: path) else { return path }
    path = target.utf8.first == UInt8(ascii: "/") ? target : "\(folder(of: path))/\(target)"
  }
  return path
}

/// The longest chain of links that Linux follows.
private let longestChain = 40

private func linkText(of path: String) -> String? {
  var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
  let count = bytes.withUnsafeMutableBytes { readlink(path, $0.baseAddress!, $0.count) }
  return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
}

/// The device and inode by which the system identifies a file, whatever its names.
private struct FileIdentity: Equatable {
  let device: dev_t
  let number: ino_t

  /// The identity of the file at `path`; nil if there is none.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    (device, number) = (status.st_dev, status.st_ino)
  }
}

/// Whether both paths lead to the same file or, if neither exists yet, to the same location.
public func isSameFile(_ path: String, _ otherPath: String) -> Bool {
  switch (FileIdentity(path), FileIdentity(otherPath)) {
  case (nil, nil):
    guard let folder = FileIdentity(folder(of: path)),
      folder == FileIdentity(Storage.folder(of: otherPath))
    else { return false }
    return lastComponent(of: path).utf8.elementsEqual(lastComponent(of: otherPath).utf8)
  case (let file, let other): return file == other
  }
}
