import Glibc

/// The system calls that replace a file, one closure each, so that tests can make each one fail.
///
/// Each closure is the call of its name, and leaves the reason for a failure in `errno`.
package struct FileOperations: Sendable {
  /// `open` for writing; the file must not exist yet.
  package var create: @Sendable (_ path: String, _ mode: mode_t) -> CInt
  package var write: @Sendable (_ descriptor: CInt, _ bytes: UnsafeRawPointer, _ count: Int) -> Int
  /// `fsync`, of a file or of a folder.
  package var synchronize: @Sendable (_ descriptor: CInt) -> CInt
  package var rename: @Sendable (_ from: String, _ to: String) -> CInt
  package var openFolder: @Sendable (_ path: String) -> CInt

  package static let system = FileOperations(
    create: { open($0, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, $1) },
    write: { systemWrite($0, $1, $2) }, synchronize: { fsync($0) },
    rename: { systemRename($0, $1) },
    openFolder: { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) })
}

// Inside the type the names of its properties hide the system's.
private func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}

private func systemRename(_ from: String, _ to: String) -> CInt {
  rename(from, to)
}
