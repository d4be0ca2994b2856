import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file's bytes, mapped read-only into memory for as long as the value lives.
///
/// Pages are read when touched, so mapping costs nothing for a file larger than memory. The file must
/// not be shortened meanwhile: files of this package are replaced by rename, never rewritten.
public final class MappedFile: @unchecked Sendable {  // the mapping is never written to
  /// The name that messages use.
  public let path: String
  private let bytes: UnsafeRawBufferPointer
  /// Reads since memory was given back last.
  private let readCount = Atomic(0)

  /// A read brings in 16 pages, so these are 16 MB.
  private static let readLimit = 256

  /// Maps the file at `path`.
  /// - Throws: `StorageError.notFound`, `.isDirectory` or `.cannotOpen`.
  public convenience init(path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT || errno == ENOTDIR
        ? StorageError.notFound(path: path)
        : StorageError.cannotOpen(path: path, reason: systemErrorText())
    }
    defer { close(descriptor) }
    try self.init(descriptor: descriptor, path: path)
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

  /// Calls `body` with the whole file; the pointer must not leave it.
  public func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(self) { try body(bytes) }
  }

  /// Calls `body` with a part of the file that is not needed again soon: now and then the memory of what was
  /// read this way is given back, so that it does not grow with the file.
  public func withPassingBytes<Result>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let result = try withBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    let reads = 1 + range.count / (1 << 16)
    if readCount.add(reads, ordering: .relaxed).newValue >= Self.readLimit {
      readCount.store(0, ordering: .relaxed)
      // Pages come back from the file when they are read again.
      madvise(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count, MADV_DONTNEED)
    }
    return result
  }

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }
}
