import Storage

/// The output files that the options of a verb name.
enum OutputPaths {
  /// Checks before any work that the files can be written and that no other file is overwritten.
  /// - Parameters:
  ///   - files: the other files that the command reads or writes.
  ///   - checkPath: throws if a path cannot be written.
  /// - Throws: `UsageError.fileUsedTwice` or `StorageError.cannotCreate`.
  static func check(
    _ outputs: [(option: String, path: String?)], besides files: [String],
    checkPath: (String) throws -> Void = FileWriter.checkReplaceable
  ) throws {
    var files = files
    for (option, path) in outputs {
      guard let path else { continue }
      guard path != "-" else { throw UsageError.outputIsDash(option: option) }
      guard !files.contains(where: { $0 == path || isSameFile($0, path) }) else {
        throw UsageError.fileUsedTwice(option: option, path: path)
      }
      try checkPath(path)
      FileWriter.removeLeftovers(of: path)
      files.append(path)
    }
  }
}
