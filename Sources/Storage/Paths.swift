import Glibc

/// The folder that holds `path`, in a form that `open` takes.
func folder(of path: String) -> String {
  guard let slash = lastSlash(of: path) else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The name of `path` in its folder.
func lastComponent(of path: String) -> Substring {
  lastSlash(of: path).map { path[path.utf8.index(after: $0)...] } ?? path[...]
}

/// As the system sees it, to which a mark behind the slash does not make it another character.
private func lastSlash(of path: String) -> String.Index? {
  path.utf8.lastIndex(of: UInt8(ascii: "/"))
}

/// What `path` leads to where it is a link, whether or not that is there; else `path` itself.
func linkTarget(of path: String) -> String {
  var path = path
  for _ in 0..<longestChain {
    guard let target = linkText(of: path) else { return path }
    path = target.utf8.first == UInt8(ascii: "/") ? target : "\(folder(of: path))/\(target)"
  }
  return path
}

/// As many links, one leading to the next, as Linux follows.
private let longestChain = 40

private func linkText(of path: String) -> String? {
  var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
  let count = bytes.withUnsafeMutableBytes { readlink(path, $0.baseAddress!, $0.count) }
  return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
}
