import Glibc

/// What can go wrong between this process and a file, with what a person needs to mend it.
public enum StorageError: Error, Equatable, CustomStringConvertible {
  /// No file has this path.
  case notFound(path: String)
  /// The path names a folder where a file is wanted.
  case isDirectory(path: String)
  /// The file exists but cannot be opened or mapped.
  case cannotOpen(path: String, reason: String)
  /// The file was opened, but reading it failed.
  case readFailed(path: String, reason: String)
  /// The file, or the one written beside it first, cannot be created.
  case cannotCreate(path: String, reason: String)
  /// A file that must be new is there already.
  case alreadyExists(path: String)
  /// Another process is at work on the file.
  case inUse(path: String)
  /// Standard output takes no more.
  case outputFailed(reason: String)
  /// Writing, syncing or renaming failed; what stood at `path` before still stands there.
  case writeFailed(path: String, reason: String)
  /// The file stands whole at `path`, but its folder could not be synced: a loss of power may undo that.
  case notDurable(path: String, reason: String)

  public var description: String {
    switch self {
    case .notFound(let path):
      "There is no file '\(path)': check the name and the folder."
    case .isDirectory(let path):
      "'\(path)' is a folder: name a file in it."
    case .cannotOpen(let path, let reason):
      "Cannot open '\(path)' (\(reason)): check its permissions."
    case .readFailed(let path, let reason):
      "Reading '\(path)' failed (\(reason)): check the disk it is on."
    case .cannotCreate(let path, let reason):
      "Cannot create '\(path)' (\(reason)): choose a folder that exists and that you may write to."
    case .alreadyExists(let path):
      "There is a file '\(path)' already, and it is not overwritten: choose another name, or remove it."
    case .inUse(let path):
      "Another run is writing '\(path)' now: wait until it has ended, or choose another name."
    case .outputFailed(let reason):
      "Writing on standard output failed (\(reason)): whatever it leads to must take all of it."
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
