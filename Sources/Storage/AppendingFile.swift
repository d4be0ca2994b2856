import Glibc

/// A file that grows while others may read it, such as a log. Appended bytes go to the system at
/// once.
public final class AppendingFile {
  public let path: String
  private var writer: FileWriter

  /// Opens the file at `path`, or creates it; its contents stay.
  /// - Throws: `StorageError.cannotCreate`.
  public init(path: String) throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw StorageError.cannotCreate(path: path, reason: systemErrorText())
    }
    self.path = path
    writer = FileWriter(path: path, descriptor: descriptor)
  }

  /// Rejects a `path` that cannot be appended to, before any work is done for it.
  /// - Throws: `StorageError.cannotCreate`.
  public static func checkAppendable(path: String) throws {
    func refuse(_ reason: String) -> StorageError { .cannotCreate(path: path, reason: reason) }
    try checkName(path)
    var status = stat()
    let isThere = stat(path, &status) == 0
    guard !isThere || status.st_mode & S_IFMT != S_IFDIR else { throw refuse("it is a folder") }
    let mayWrite =
      isThere
      ? access(path, W_OK) == 0 : access(folder(of: linkTarget(of: path)), W_OK | X_OK) == 0
    guard mayWrite else { throw refuse(systemErrorText()) }
  }

  /// - Throws: `StorageError.writeFailed`.
  public func append(_ bytes: some Sequence<UInt8>) throws {
    try Array(bytes).withUnsafeBytes { try writer.write($0) }
  }

  /// Removes everything after the first `byteCount` bytes; a pipe or a device stays as it is.
  /// - Throws: `StorageError.writeFailed`.
  public func truncate(toByteCount byteCount: Int) throws {
    guard isRegularFile else { return }
    guard ftruncate(writer.descriptor, off_t(byteCount)) == 0 else {
      throw StorageError.writeFailed(path: path, reason: systemErrorText())
    }
  }

  public var isRegularFile: Bool {
    var status = stat()
    return fstat(writer.descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
