import Foundation

/// A command at a terminal that a test types into.
///
/// A shell with job control starts the command, as after a login, and records the settings of the
/// terminal: before the command, while it is suspended (the shell resumes it at once), and after
/// it. When the shell itself ends, the kernel resets them, so they could not be checked then.
final class PseudoTerminal {
  private let controller: Int32
  private let folder: URL
  private var shell: pid_t = 0
  /// The complete output on the screen.
  private(set) var screen = ""
  private var bytes: [UInt8] = []
  /// The position in the screen's UTF-8 up to which output was waited for.
  private var seenByteCount = 0

  /// The longest time that a test waits for output, in seconds; it is immediate except on a busy
  /// machine.
  private static let patience = 180.0
  /// The settings that the shell records.
  private static let notes = ["found", "pid", "suspended", "suspensions", "left", "status"]

  private static let script = """
    stty -g >found
    sh -c 'echo $$ >pid; exec "$@"' sh "$@"
    status=$?
    while [ $status = 148 ]; do
      stty -g >suspended; echo >>suspensions; fg >/dev/null; status=$?
    done
    stty -g >left
    echo $status >status
    """

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs `arguments` in `folder`, which contains only what they need.
  init(_ arguments: [String], in folder: URL, columns: UInt16 = 80) throws {
    self.folder = folder
    // The records of another terminal must not be mistaken for this one's.
    for note in Self.notes {
      try? FileManager.default.removeItem(at: folder.appending(path: note))
    }
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    var ends: (controller: Int32, terminal: Int32) = (-1, -1)
    guard openpty(&ends.controller, &ends.terminal, nil, nil, &size) == 0,
      let name = ttyname(ends.terminal)
    else { throw Failure(description: "there are no pseudo-terminals here") }
    controller = ends.controller
    _ = fcntl(controller, F_SETFD, FD_CLOEXEC)
    defer { close(ends.terminal) }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // The first terminal that a session leader opens becomes its controlling terminal.
    posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    posix_spawn_file_actions_addclose(&actions, ends.terminal)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, 0x80)  // POSIX_SPAWN_SETSID

    let words =
      ["/bin/sh", "-m", "-c", #"cd "$0" && "# + Self.script, folder.path] + arguments
    let variables = ProcessInfo.processInfo.environment
      .merging(["TERM": "xterm-256color", "NO_COLOR": "1"]) { $1 }.map { "\($0)=\($1)" }
    var (wordPointers, variablePointers) = (words.map { strdup($0) }, variables.map { strdup($0) })
    defer { (wordPointers + variablePointers).forEach { free($0) } }
    wordPointers.append(nil)
    variablePointers.append(nil)
    let status = posix_spawn(
      &shell, words[0], &actions, &attributes, wordPointers, variablePointers)
    guard status == 0 else { throw Failure(description: String(cString: strerror(status))) }
  }

  deinit {
    // Once the shell has ended, the command's number may belong to another process.
    if shell > 0 {
      if let command { kill(command, SIGKILL) }
      kill(shell, SIGKILL)
      waitpid(shell, nil, 0)
    }
    close(controller)
  }

  /// The recorded settings `found`, `suspended` or `left`; nil if they were not recorded.
  func settings(_ moment: String) -> String? {
    try? String(contentsOf: folder.appending(path: moment), encoding: .utf8)
  }

  /// Whether the command receives keys one by one.
  func isRaw() -> Bool {
    var settings = termios()
    tcgetattr(controller, &settings)
    return settings.c_lflag & tcflag_t(ICANON | ECHO | ISIG) == 0
  }

  /// Waits until the command has been suspended `count` times and has resumed after each.
  func waitForSuspensions(_ count: Int) throws {
    try CommandTests.wait("it was not suspended \(count) times", while: true) {
      (settings("suspensions") ?? "").utf8.count >= count && isRaw()
    }
  }

  private var command: pid_t? {
    settings("pid").flatMap { pid_t($0.filter(\.isNumber)) }
  }

  func type(_ keys: String) {
    var keys = keys
    keys.withUTF8 { _ = write(controller, $0.baseAddress, $0.count) }
  }

  func send(_ signal: Int32) throws {
    guard let command, kill(command, signal) == 0 else {
      throw Failure(description: "there is no command to send a signal to")
    }
  }

  /// Waits until `text` appears after all that was waited for before, and returns the output before
  /// it.
  @discardableResult
  func wait(for text: String) throws -> String {
    let end = Date(timeIntervalSinceNow: Self.patience)
    while true {
      if let range = screen[seen...].firstRange(of: text) {
        let before = String(screen[seen..<range.lowerBound])
        seenByteCount = screen.utf8.distance(from: screen.startIndex, to: range.upperBound)
        return before
      }
      guard Date() < end, read(milliseconds: 100) else {
        throw Failure(description: "'\(text)' did not appear, but: \(screen.debugDescription)")
      }
    }
  }

  /// Waits for the end of the command.
  /// - Returns: the exit status as the shell reports it.
  func waitForEnd() throws -> Int32 {
    let end = Date(timeIntervalSinceNow: Self.patience)
    while waitpid(shell, nil, WNOHANG) == 0 {
      guard Date() < end else {
        throw Failure(description: "it did not end, but: \(screen.debugDescription)")
      }
      _ = read(milliseconds: 20)
    }
    while read(milliseconds: 0) {}  // what it wrote last
    shell = 0
    guard let status = settings("status").flatMap({ Int32($0.filter(\.isNumber)) }) else {
      throw Failure(description: "it was not run: \(screen.debugDescription)")
    }
    return status
  }

  private var seen: String.Index {
    screen.utf8.index(screen.startIndex, offsetBy: seenByteCount)
  }

  /// - Returns: whether more output can come.
  private func read(milliseconds: Int32) -> Bool {
    var descriptor = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, milliseconds) > 0 else { return milliseconds > 0 }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = Foundation.read(controller, &buffer, buffer.count)
    guard count > 0 else { return false }  // the other side was closed
    bytes += buffer[..<count]
    screen = String(decoding: bytes, as: UTF8.self)
    return true
  }
}
