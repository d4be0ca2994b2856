import Glibc

/// Who may read and write a file: the nine permission bits of its mode.
public struct FilePermissions: Equatable, Sendable {
  let mode: mode_t

  /// The permissions of the file at `path`; nil if there is no regular file.
  public init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    mode = status.st_mode & 0o777
  }
}
