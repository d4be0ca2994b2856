import Glibc

/// A file's bytes, mapped read-only into memory for as long as the value lives.
///
/// Pages are read when touched, so mapping a file larger than memory costs nothing. The file must
/// not be shortened meanwhile: files of this package are replaced by rename, never rewritten.
public final class MappedFile: @unchecked Sendable {  // the mapping is never written to
  /// The name that messages use.
  public let path: String
  private let bytes: UnsafeRawBufferPointer

  /// Maps the file at `path`. A pipe is first copied into the folder for temporary files.
  /// - Throws: `StorageError.notFound`, `.isDirectory` or `.cannotOpen`; for a pipe, what reading
  ///   and copying it throw.
  public convenience init(path: String) throws {
    let file = try InputFile(path: path)
    if file.isPipe {
      let copy = try TemporaryFile.copy(of: file, beside: "\(TemporaryFile.folder)/charlm")
      try self.init(descriptor: copy.descriptor, path: path)
    } else {
      try self.init(descriptor: file.descriptor, path: path)
    }
  }

  /// Maps an open file; the descriptor may be closed afterwards.
  init(descriptor: CInt, path: String) throws {
    self.path = path
    guard try !isDirectory(descriptor: descriptor, path: path) else {
      throw StorageError.isDirectory(path: path)
    }
    let byteCount = Int(lseek(descriptor, 0, SEEK_END))
    guard byteCount >= 0 else {
      throw StorageError.cannotOpen(path: path, reason: systemErrorText())
    }
    guard byteCount > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let address = mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0)
    guard let address, address != MAP_FAILED else {
      throw StorageError.cannotOpen(path: path, reason: systemErrorText())
    }
    bytes = UnsafeRawBufferPointer(start: address, count: byteCount)
  }

  /// The file's size in bytes.
  public var byteCount: Int { bytes.count }

  /// Calls `body` with the whole file; the pointer must not escape.
  public func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(self) { try body(bytes) }
  }

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }
}
