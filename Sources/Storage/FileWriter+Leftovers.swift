import Glibc

extension FileWriter {
  /// The suffix of a temporary file's name, between the name of the file that it replaces and its
  /// number. Nobody would choose it for a file of their own: leftovers with it are removed.
  private static let temporarySuffix = ".new-charlm"

  /// The bytes of a file's name that its temporary file's name begins with; room is left for the
  /// suffix, a process id and an attempt.
  private static let longestStem = Int(NAME_MAX) - 45

  /// The path of the temporary files that replace `target`, without their numbers.
  static func temporaryPrefix(of target: String) -> String {
    var stem = lastComponent(of: target)
    while stem.utf8.count > longestStem { stem.unicodeScalars.removeLast() }
    return "\(folder(of: target))/\(stem)\(temporarySuffix)"
  }

  /// Removes the temporary files left by processes that died while they replaced `path`.
  public static func removeLeftovers(of path: String) {
    let target = linkTarget(of: path)
    let folder = folder(of: target)
    let prefix = lastComponent(of: temporaryPrefix(of: target)) + "-"
    for name in fileNames(inFolder: folder) {
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
