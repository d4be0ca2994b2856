import Glibc

/// The folder of `path`, in a form that `open` accepts.
package func folder(of path: String) -> String {
  guard let slash = lastSlash(of: path) else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The name of `path` in its folder.
package func lastComponent(of path: String) -> Substring {
  lastSlash(of: path).map { path[path.utf8.index(after: $0)...] } ?? path[...]
}

/// The last slash by its byte: a combining mark after it makes it another `Character`, but not for
/// the system.
private func lastSlash(of path: String) -> String.Index? {
  path.utf8.lastIndex(of: UInt8(ascii: "/"))
}

/// The target of the links at `path`, whether or not it exists; `path` itself if it is not a link.
/// - Precondition: `checkName` accepted the path; otherwise a target that is not UTF-8 is `path`.
func linkTarget(of path: String) -> String { linkTargetIfUTF8(of: path) ?? path }

/// The target of the links at `path`; nil if its name is not UTF-8 and has no exact `String`.
func linkTargetIfUTF8(of path: String) -> String? {
  var path = path
  for _ in 0..<longestChain {
    guard let bytes = linkText(of: path) else { return path }
    guard let target = String(validating: bytes, as: UTF8.self) else { return nil }
    path = target.utf8.first == UInt8(ascii: "/") ? target : "\(folder(of: path))/\(target)"
  }
  return path
}

/// The longest chain of links that Linux follows.
private let longestChain = 40

private func linkText(of path: String) -> [UInt8]? {
  var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
  let count = bytes.withUnsafeMutableBytes { readlink(path, $0.baseAddress!, $0.count) }
  return count < 0 ? nil : Array(bytes[..<count])
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
    let (target, otherTarget) = (linkTarget(of: path), linkTarget(of: otherPath))
    guard let folder = FileIdentity(folder(of: target)),
      folder == FileIdentity(Storage.folder(of: otherTarget))
    else { return false }
    return lastComponent(of: target).utf8.elementsEqual(lastComponent(of: otherTarget).utf8)
  case (let file, let other): return file == other
  }
}

/// Whether the file at `path` is, or would be, in the folder of `file` or below it, with all links
/// followed. Hidden files and folders, whose names begin with a dot, do not count.
public func isInFolder(of file: String, _ path: String) -> Bool {
  let target = linkTarget(of: path)
  guard var root = resolved(folder(of: file)), var full = resolved(folder(of: target)) else {
    return false
  }
  if root != "/" { root += "/" }
  full += (full == "/" ? "" : "/") + lastComponent(of: target)
  guard full.utf8.starts(with: root.utf8) else { return false }
  return full.utf8.dropFirst(root.utf8.count).split(separator: UInt8(ascii: "/"))
    .allSatisfy { $0.first != UInt8(ascii: ".") }
}

/// Whether `path` is a folder.
public func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// Whether there is anything at `path`.
public func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// An existing path without links.
private func resolved(_ path: String) -> String? {
  guard let text = realpath(path, nil) else { return nil }
  defer { free(text) }
  return String(validatingCString: text)
}
