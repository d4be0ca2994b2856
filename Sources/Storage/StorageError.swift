import Glibc

/// Errors in reading or writing a file, with what a person needs to fix them.
public enum StorageError: Error, Equatable, CustomStringConvertible {
  /// There is no file at this path.
  case notFound(path: String)
  /// The path is a folder, but a file is needed.
  case isDirectory(path: String)
  /// The file exists but cannot be opened or mapped.
  case cannotOpen(path: String, reason: String)
  /// The file was opened, but reading it failed.
  case readFailed(path: String, reason: String)
  /// The file, or its temporary file, cannot be created.
  case cannotCreate(path: String, reason: String)
  /// The file to write is a named pipe that no process reads.
  case unreadPipe(path: String)
  /// Another process is writing the file.
  case inUse(path: String)
  /// Standard output accepts no more.
  case outputFailed(reason: String)
  /// Writing, syncing or renaming failed; the previous file at `path` is untouched.
  case writeFailed(path: String, reason: String)
  /// The file is complete at `path`, but its folder could not be synced: a loss of power may undo
  /// that.
  case notDurable(path: String, reason: String)

  public var description: String {
    switch self {
    case .notFound(let path):
      "There is no file '\(path)': check the name and the folder."
    case .isDirectory(let path):
      "'\(path)' is a folder: give a file in it (for texts, a folder with .txt files will do)."
    case .cannotOpen(let path, let reason):
      "Cannot open '\(path)' (\(reason)): check its permissions."
    case .readFailed(let path, let reason):
      "Reading '\(path)' failed (\(reason)): check the disk it is on."
    case .cannotCreate(let path, let reason):
      "Cannot create '\(path)' (\(reason)): choose a folder that exists and that you may write to."
    case .unreadPipe(let path):
      "'\(path)' is a pipe that nobody reads: start its reader first, or name a file."
    case .inUse(let path):
      "Another run is writing '\(path)' now: wait until it ends, or choose another name."
    case .outputFailed(let reason):
      "Writing to standard output failed (\(reason)): the receiving program must read all of it."
    case .writeFailed(let path, let reason):
      "Writing '\(path)' failed (\(reason)): make room or choose another folder; "
        + "nothing was overwritten."
    case .notDurable(let path, let reason):
      "'\(path)' was written, but its folder could not be synced (\(reason)): "
        + "check the disk it is on."
    }
  }
}

/// The current `errno` in the C library's words.
func systemErrorText() -> String {
  String(cString: strerror(errno))
}
