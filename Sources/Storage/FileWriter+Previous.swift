import Glibc

extension FileWriter {
  /// Gives the file at `path` a second name, so that replacing the file loses nothing.
  /// - Returns: the second name: that of `path` with `.previous` appended or, if another file has
  ///   it, `.previous-2` and so on; nil if there is no regular file at `path`.
  /// - Throws: `StorageError.cannotCreate` or `.notDurable`, or `.notReplaceable` for a read-only
  ///   file.
  public static func keepPrevious(path: String) throws -> String? {
    let target = linkTarget(of: path)
    var status = stat()
    guard stat(target, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    guard status.st_mode & 0o222 != 0 else {
      throw StorageError.notReplaceable(path: path, obstacle: .readOnly)
    }
    var name = "\(target).previous"
    for number in 2... {
      if link(target, name) == 0 {
        // Else a loss of power could keep the replacement and not this name.
        try synchronizeFolder(of: target, using: .system)
        return name
      }
      let reason = (code: errno, text: systemErrorText())
      if isSameFile(target, name) { return name }
      if reason.code != EEXIST, access(name, F_OK) != 0 {
        // Some file systems have no second names.
        guard rename(target, name) == 0 else {
          throw StorageError.cannotCreate(path: name, reason: reason.text)
        }
        return name
      }
      name = "\(target).previous-\(number)"
    }
    return nil
  }

  /// Renames the file at `path`, if there is one, as `keepPrevious` would name it.
  /// - Returns: its new path.
  /// - Throws: as `keepPrevious` does.
  public static func setAside(path: String) throws -> String? {
    let previous = try keepPrevious(path: path)
    if previous != nil { unlink(linkTarget(of: path)) }
    return previous
  }
}
