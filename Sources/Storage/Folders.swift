import Glibc

/// Creates the folder at `path` and its missing parents.
/// - Throws: `StorageError.cannotCreate`.
public func createFolder(path: String) throws {
  var ends = path.utf8.indices.dropFirst().filter { path.utf8[$0] == UInt8(ascii: "/") }
  ends.append(path.endIndex)
  for end in ends { mkdir(String(path[..<end]), 0o777) }
  var status = stat()
  guard stat(path, &status) == 0 else {
    throw StorageError.cannotCreate(path: path, reason: systemErrorText())
  }
  guard status.st_mode & S_IFMT == S_IFDIR else {
    throw StorageError.cannotCreate(path: path, reason: "it is a file")
  }
}

/// Rejects a `path` at which `createFolder` could not make a folder, before any work is done for
/// it.
/// - Throws: `StorageError.cannotCreate`.
public func checkFolder(path: String) throws {
  try checkName(path)
  var status = stat()
  var ancestor = path
  while stat(ancestor, &status) != 0, ancestor != ".", ancestor != "/" {
    ancestor = folder(of: ancestor)
  }
  guard status.st_mode & S_IFMT == S_IFDIR else {
    throw StorageError.cannotCreate(path: path, reason: "'\(ancestor)' is a file")
  }
  guard access(ancestor, W_OK | X_OK) == 0 else {
    throw StorageError.cannotCreate(path: path, reason: systemErrorText())
  }
}

/// The names of the files in a folder, in no order; empty if it cannot be read. Names that are not
/// UTF-8 are left out.
public func fileNames(inFolder path: String) -> [String] {
  guard let stream = opendir(path) else { return [] }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      String(validatingCString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
    }
    if let name { names.append(name) }
  }
  return names
}
