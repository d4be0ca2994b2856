import Glibc

/// The claim of a process that it alone replaces the file at a path again and again, held for as long as the value
/// lives: two runs with the same output would each take the other's model or checkpoint away.
///
/// It is a socket's name in the system's own space of names (unix(7), "abstract"), made of the folder and the name in
/// it. So nothing lies beside the file, and however the process ends, the claim ends with it. Where the system gives
/// no such name, and between machines or containers, nobody is kept from anything.
public final class FileLock: Sendable {
  private let descriptor: CInt

  /// - Throws: `StorageError.inUse`.
  public init(path: String) throws {
    descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = [0] + Array("charlm-\(placeName(of: path))".utf8)
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

/// Of the place that `path` leads to: its folder, as the system tells it from others, and a digest of the name in it
/// (Fowler, Noll & Vo, 64 bits), which may be longer than a socket's.
private func placeName(of path: String) -> String {
  let target = linkTarget(of: path)
  var status = stat()
  stat(folder(of: target), &status)
  let digest = lastComponent(of: target).utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
    ($0 ^ UInt64($1)) &* 0x100_0000_01b3
  }
  return "\(status.st_dev)-\(status.st_ino)-\(digest)"
}
