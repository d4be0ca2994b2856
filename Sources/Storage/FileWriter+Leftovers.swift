import Glibc

extension FileWriter {
  /// The suffix of a temporary file's name, between the name of the file that it replaces and its
  /// number. Nobody would choose it for a file of their own: leftovers with it are removed.
  static let temporarySuffix = ".new-charlm"

  /// Removes the temporary files left by processes that died while they replaced `path`.
  public static func removeLeftovers(of path: String) {
    let target = linkTarget(of: path)
    let folder = folder(of: target)
    let prefix = lastComponent(of: target) + temporarySuffix + "-"
    guard let stream = opendir(folder) else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      guard name.utf8.starts(with: prefix.utf8) else { continue }
      guard isNumbered(name.utf8.dropFirst(prefix.utf8.count)) else { continue }
      let leftover = "\(folder)/\(name)"
      let descriptor = open(leftover, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(leftover) }
      close(descriptor)
    }
  }

  /// Whether a suffix is one that `createFile` makes: a process id and an attempt.
  private static func isNumbered(_ ending: some Collection<UInt8>) -> Bool {
    let numbers = ending.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return numbers.count == 2
      && numbers.allSatisfy { !$0.isEmpty && $0.allSatisfy { (48...57).contains($0) } }
  }
}
