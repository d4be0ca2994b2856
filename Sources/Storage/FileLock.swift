import Glibc

/// An exclusive, advisory lock on an output path, held for as long as the value lives. Without it,
/// two runs with the same output would overwrite each other's model or checkpoint.
///
/// The lock is the name of an abstract socket (unix(7)), made of the folder's identity and the
/// file's name. No file is left, and however the process ends, the lock ends with it. If abstract
/// sockets are unavailable, and across machines or containers, nothing is locked.
public final class FileLock: Sendable {
  private let descriptor: CInt

  /// - Throws: `StorageError.inUse`.
  public init(path: String) throws {
    descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = [0] + Array("charlm-\(lockName(of: path))".utf8)
    let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path)!
    let result = withUnsafeMutableBytes(of: &address) { bytes in
      precondition(name.count <= bytes.count - start)
      bytes[start...].copyBytes(from: name)
      return bind(
        descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress!,
        socklen_t(start + name.count))
    }
    if result != 0, errno == EADDRINUSE { throw StorageError.inUse(path: path) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}

/// The name of the lock on `path`: the identity of its folder, and a digest of the file's name
/// (Fowler, Noll & Vo, 64 bits), which may be too long for a socket's name.
private func lockName(of path: String) -> String {
  let target = linkTarget(of: path)
  var status = stat()
  stat(folder(of: target), &status)
  let digest = lastComponent(of: target).utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
    ($0 ^ UInt64($1)) &* 0x100_0000_01b3
  }
  return "\(status.st_dev)-\(status.st_ino)-\(digest)"
}
