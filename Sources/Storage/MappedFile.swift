import Glibc

/// A file's bytes, in read-only memory for as long as the value lives.
///
/// A file of up to `copyLimit` bytes is copied, so nothing that others do to it afterwards matters.
/// A larger one is mapped: its pages are read when touched, so that it may be larger than memory,
/// but if another process shortens it meanwhile, the next access ends this one (SIGBUS). Files of
/// this package are replaced by rename, never shortened.
public final class MappedFile: @unchecked Sendable {  // the memory is never written to
  /// The name that messages use.
  public let path: String
  /// The bytes, at the beginning of the memory.
  private let bytes: UnsafeRawBufferPointer
  private let mapping: UnsafeMutableRawBufferPointer

  /// The most bytes that are copied.
  public static let copyLimit = 1 << 28

  /// Reads the file at `path`. A pipe is first copied into the folder for temporary files.
  /// - Throws: `StorageError.notFound`, `.isDirectory`, `.cannotOpen` or `.readFailed`; for a pipe,
  ///   what copying it throws.
  public convenience init(path: String) throws {
    let file = try InputFile(path: path)
    if file.isPipe {
      let copy = try TemporaryFile.copy(of: file)
      try self.init(descriptor: copy.descriptor, path: path, copyLimit: Self.copyLimit)
    } else {
      try self.init(descriptor: file.descriptor, path: path, copyLimit: Self.copyLimit)
    }
  }

  /// Reads or maps an open file; the descriptor may be closed afterwards.
  init(descriptor: CInt, path: String, copyLimit: Int) throws {
    self.path = path
    guard try !isDirectory(descriptor: descriptor, path: path) else {
      throw StorageError.isDirectory(path: path)
    }
    let byteCount = Int(lseek(descriptor, 0, SEEK_END))
    guard byteCount >= 0 else {
      throw StorageError.cannotOpen(path: path, reason: systemErrorText())
    }
    guard byteCount > 0 else {
      mapping = UnsafeMutableRawBufferPointer(start: nil, count: 0)
      bytes = UnsafeRawBufferPointer(mapping)
      return
    }
    let isCopied = byteCount <= copyLimit
    let address =
      isCopied
      ? mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      : mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0)
    guard let address, address != MAP_FAILED else {
      throw StorageError.cannotOpen(path: path, reason: systemErrorText())
    }
    mapping = UnsafeMutableRawBufferPointer(start: address, count: byteCount)
    guard isCopied else {
      bytes = UnsafeRawBufferPointer(mapping)
      return
    }
    do {
      let count = try Self.copy(descriptor, path: path, into: mapping)
      bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(mapping)[..<count])
    } catch {
      munmap(address, byteCount)
      throw error
    }
  }

  /// - Returns: the number of bytes copied; fewer than `memory` has if the file was shortened.
  private static func copy(
    _ descriptor: CInt, path: String, into memory: UnsafeMutableRawBufferPointer
  ) throws -> Int {
    var copied = 0
    while copied < memory.count {
      let count = pread(
        descriptor, memory.baseAddress! + copied, memory.count - copied, off_t(copied))
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw StorageError.readFailed(path: path, reason: systemErrorText())
      }
      copied += count
    }
    return copied
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
    if let start = mapping.baseAddress { munmap(start, mapping.count) }
  }
}
