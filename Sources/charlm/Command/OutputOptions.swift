import ArgumentParser
import Storage

/// How a verb treats files that are where its outputs go: nothing is lost unless the user says so.
struct OutputOptions: ParsableArguments {
  @Flag(
    help: "Replace output files that exist. (default: each is kept, renamed to NAME.previous)")
  var overwrite = false

  /// Keeps the file at `path`, if there is one, under another name, before `path` is replaced.
  ///
  /// Until then the file is found under both names.
  /// - Throws: `StorageError.cannotCreate`.
  func keepPrevious(_ path: String?, shared: SharedOptions) throws {
    try keep(path, shared, by: FileWriter.keepPrevious)
  }

  /// Renames the file at `path`, if there is one, before something is written to `path` in pieces.
  /// - Throws: `StorageError.cannotCreate`.
  func setAside(_ path: String?, shared: SharedOptions) throws {
    try keep(path, shared, by: FileWriter.setAside)
  }

  private func keep(
    _ path: String?, _ shared: SharedOptions, by keep: (String) throws -> String?
  ) throws {
    guard !overwrite, let path, let previous = try keep(path) else { return }
    shared.note("'\(path)' exists already; its contents are kept as '\(previous)'.")
  }
}
