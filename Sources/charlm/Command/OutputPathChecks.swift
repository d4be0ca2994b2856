import Storage

/// Finds out before any work whether the files that options name can be written, and that nothing else is
/// written over.
/// - Parameters:
///   - files: what else is read or written.
///   - checkPath: refuses what cannot be written.
/// - Throws: `UsageError.fileUsedTwice` or `StorageError.cannotCreate`.
func checkOutputs(
  _ outputs: [(option: String, path: String?)], besides files: [String],
  checkPath: (String) throws -> Void = FileWriter.checkReplaceable
) throws {
  var files = files
  for (option, path) in outputs {
    guard let path else { continue }
    guard !files.contains(where: { $0 == path || isSameFile($0, path) }) else {
      throw UsageError.fileUsedTwice(option: option, path: path)
    }
    try checkPath(path)
    FileWriter.removeLeftovers(of: path)
    files.append(path)
  }
}
