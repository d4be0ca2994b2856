import Glibc

/// The device and inode by which the system identifies a file, whatever its names.
private struct FileIdentity: Equatable {
  let device: dev_t
  let number: ino_t

  /// The identity of the file at `path`; nil if there is none.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    (device, number) = (status.st_dev, status.st_ino)
  }
}

/// Whether both paths lead to the same file or, if neither exists yet, to the same location.
public func isSameFile(_ path: String, _ otherPath: String) -> Bool {
  switch (FileIdentity(path), FileIdentity(otherPath)) {
  case (nil, nil):
    guard let folder = FileIdentity(folder(of: path)),
      folder == FileIdentity(Storage.folder(of: otherPath))
    else { return false }
    return lastComponent(of: path).utf8.elementsEqual(lastComponent(of: otherPath).utf8)
  case (let file, let other): return file == other
  }
}
