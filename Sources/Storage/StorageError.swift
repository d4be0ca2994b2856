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
  /// The path is a folder, of which the files whose names end in `suffix` are needed, and there are
  /// none.
  case noFiles(folder: String, suffix: String)
  /// What is at the path must not be replaced.
  case notReplaceable(path: String, obstacle: Obstacle)
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

  /// What is where a file should be written.
  public enum Obstacle: Equatable, Sendable {
    case readOnly, folder, device
  }

  /// What is wrong, where, and what to do, in one sentence.
  public var description: String {
    switch self {
    case .notFound(let path):
      "There is no file '\(path)': check the name and the folder."
    case .isDirectory(let path):
      "'\(path)' is a folder: give a file in it."
    case .noFiles(let folder, let suffix):
      "The folder '\(folder)' has no \(suffix) file: give another folder, or the names of files."
    case .notReplaceable(let path, .readOnly):
      "The file '\(path)' is read-only: choose another name, or make it writable."
    case .notReplaceable(let path, .folder):
      "'\(path)' is a folder: give the name of a file to write, in it or elsewhere."
    case .notReplaceable(let path, .device):
      "'\(path)' is a device or a pipe, which a file must not replace: choose another name."
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
