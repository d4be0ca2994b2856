import Glibc

/// A file that grows while others may read it, such as a log. Appended bytes go to the system at
/// once.
public final class AppendingFile {
  /// The path as given.
  public let path: String
  private var writer: FileWriter

  /// Opens the file at `path`, or creates it; its contents stay.
  /// - Throws: `StorageError.cannotCreate`, or `.unreadPipe`, since writing to such a pipe would
  ///   wait forever.
  public init(path: String) throws {
    var status = stat()
    let isPipe = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    let access = isPipe ? O_WRONLY | O_NONBLOCK : O_RDWR | O_CREAT
    let descriptor = open(path, access | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw isPipe && errno == ENXIO
        ? StorageError.unreadPipe(path: path)
        : StorageError.cannotCreate(path: path, reason: systemErrorText())
    }
    if isPipe { _ = fcntl(descriptor, F_SETFL, O_APPEND) }  // a slow reader is waited for
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
    guard !isThere || status.st_mode & S_IFMT != S_IFDIR else {
      throw StorageError.notReplaceable(path: path, obstacle: .folder)
    }
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

  /// Makes everything that was appended survive a loss of power; a pipe or a device stays as it is.
  /// - Throws: `StorageError.writeFailed` or `.notDurable`.
  public func synchronize() throws {
    guard isRegularFile else { return }
    guard fsync(writer.descriptor) == 0 else {
      throw StorageError.writeFailed(path: path, reason: systemErrorText())
    }
    try synchronizeFolder(of: linkTarget(of: path), using: .system)
  }

  /// Whether the file is one on a disk, and neither a pipe nor a device.
  public var isRegularFile: Bool {
    var status = stat()
    return fstat(writer.descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
