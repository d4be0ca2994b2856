import Glibc
import Synchronization

/// The terminal of standard input, in raw mode while keys are read and unchanged at any other time.
///
/// In raw mode all keys arrive as bytes, even Ctrl-C and Ctrl-Z; output is processed as before.
/// However the process ends or is suspended, the original settings are restored first, except after
/// SIGKILL and SIGSTOP, which cannot be caught. When the process continues in the foreground, raw
/// mode is set again.
enum RawTerminal {
  /// The result of waiting for input.
  enum Input {
    case bytes([UInt8])
    /// A signal arrived, after which the screen may have changed.
    case disturbed
    case closed
  }

  // Written before any handler is set, then only by handlers. Allocated, because Swift 6.3 gives a
  // global `termios` three bytes fewer than the C library writes.
  nonisolated(unsafe) private static let found = newSettings()
  nonisolated(unsafe) private static let raw = newSettings()
  private static let isRaw = Atomic<Bool>(false)
  /// Whether a thread is changing the mode.
  private static let isChanging = Atomic<Bool>(false)
  /// Whether a handler is suspending or ending the process; the reading thread may run at the same
  /// time.
  private static let isStopping = Atomic<Bool>(false)
  /// Whether raw mode is over: a handler that runs late must not set it again.
  private static let isEnding = Atomic<Bool>(false)
  /// Whether a signal arrived that has not been reported yet.
  private static let wasDisturbed = Atomic<Bool>(false)

  private static func newSettings() -> UnsafeMutablePointer<termios> {
    let settings = UnsafeMutablePointer<termios>.allocate(capacity: 1)
    settings.initialize(to: termios())
    return settings
  }

  /// xterm's bracketed paste; without it, a pasted line end is the key Enter.
  private static let pasteOn: StaticString = "\u{1B}[?2004h"
  private static let pasteOff: StaticString = "\u{1B}[?2004l"

  /// Whether lines can be edited here.
  static var isAvailable: Bool {
    isatty(STDIN_FILENO) == 1 && StandardOutput.isTerminal && getenv("TERM").map(isCapable) ?? true
  }

  private static func isCapable(_ name: UnsafeMutablePointer<CChar>) -> Bool {
    strcmp(name, "dumb") != 0
  }

  /// The current width of the terminal in columns.
  static var width: Int {
    var size = winsize()
    let status = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size)
    return status == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// Runs `body` in raw mode, once in a process.
  static func use<Result>(_ body: () throws -> Result) rethrows -> Result {
    watchSignals()
    enter()
    defer { leaveForGood() }
    return try body()
  }

  // MARK: Reading

  /// Waits for keys.
  static func read() -> Input {
    enter()  // in case the process returned from the background unnoticed
    var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    var count: CInt = 0
    repeat {
      // A signal just before the wait, or on another thread, does not end it.
      if wasDisturbed.exchange(false, ordering: .relaxed) { return .disturbed }
      count = poll(&descriptor, 1, millisecondsBetweenLooks)
    } while count == 0 || (count < 0 && errno == EINTR)
    guard count > 0 else { return .closed }
    return readBytes()
  }

  private static let millisecondsBetweenLooks: CInt = 100

  private static func readBytes() -> Input {
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = systemRead(&bytes, bytes.count)
    if count > 0 { return .bytes(Array(bytes[..<count])) }
    return count < 0 && (errno == EINTR || errno == EAGAIN) ? .disturbed : .closed
  }

  /// The keys that are already waiting.
  static func readWaiting() -> [UInt8] {
    var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, 0) > 0, case .bytes(let bytes) = readBytes() else { return [] }
    return bytes
  }

  /// Stops the process and its pipeline, as Ctrl-Z does outside raw mode.
  static func suspend() {
    kill(0, SIGTSTP)
  }

  // MARK: Modes (async-signal-safe)

  private static func enter() {
    changeMode {
      // A background process must not change the terminal; a terminal without a process group has
      // no foreground.
      let foreground = tcgetpgrp(STDIN_FILENO)
      guard foreground < 0 || foreground == getpgrp(), !isRaw.load(ordering: .relaxed),
        !isStopping.load(ordering: .relaxed), !isEnding.load(ordering: .relaxed),
        tcgetattr(STDIN_FILENO, found) == 0
      else { return }
      raw.pointee = found.pointee
      cfmakeraw(raw)
      raw.pointee.c_oflag = found.pointee.c_oflag
      isRaw.store(true, ordering: .relaxed)
      tcsetattr(STDIN_FILENO, TCSANOW, raw)
      emit(pasteOn)
    }
  }

  private static func leave() {
    changeMode {
      guard isRaw.exchange(false, ordering: .relaxed) else { return }
      emit(pasteOff)
      tcsetattr(STDIN_FILENO, TCSANOW, found)
    }
  }

  /// Changes the mode, one thread at a time: settings read during another thread's change would be
  /// mistaken for the original ones.
  ///
  /// Signals are blocked meanwhile, because a handler would wait for the very thread that it
  /// interrupts.
  private static func changeMode(_ change: () -> Void) {
    var signals = sigset_t()
    var before = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_SETMASK, &signals, &before)
    while isChanging.exchange(true, ordering: .acquiring) { sched_yield() }
    change()
    isChanging.store(false, ordering: .releasing)
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }

  private static func leaveForGood() {
    isEnding.store(true, ordering: .relaxed)
    leave()
  }

  private static func emit(_ sequence: StaticString) {
    _ = write(STDOUT_FILENO, sequence.utf8Start, sequence.utf8CodeUnitCount)
  }

  // MARK: Signals

  private static func watchSignals() {
    // Initialized here, because a handler must not allocate.
    _ = (
      isRaw.load(ordering: .relaxed), isChanging.load(ordering: .relaxed),
      isStopping.load(ordering: .relaxed), isEnding.load(ordering: .relaxed),
      wasDisturbed.load(ordering: .relaxed), pasteOn, pasteOff, found, raw
    )
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
      handle(number) { number in
        RawTerminal.leaveForGood()
        _exit(ExitStatus.afterSignal + number)
      }
    }
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT] {
      // The next signal of this kind is not caught; it arrives when the handler returns.
      handle(number, flags: CInt(bitPattern: UInt32(SA_RESETHAND))) { number in
        RawTerminal.leaveForGood()
        raise(number)
      }
    }
    handle(SIGTSTP) { number in
      let errorNumber = errno
      // Runs once, even if two signals arrive on two threads.
      if !RawTerminal.isStopping.exchange(true, ordering: .sequentiallyConsistent) {
        RawTerminal.leave()
        RawTerminal.stop()
        RawTerminal.isStopping.store(false, ordering: .sequentiallyConsistent)
        RawTerminal.enter()
      }
      RawTerminal.wasDisturbed.store(true, ordering: .relaxed)
      errno = errorNumber
    }
    handle(SIGCONT, flags: SA_RESTART) { _ in
      let errorNumber = errno
      RawTerminal.enter()
      RawTerminal.wasDisturbed.store(true, ordering: .relaxed)
      errno = errorNumber
    }
    handle(SIGWINCH, flags: SA_RESTART) { _ in
      RawTerminal.wasDisturbed.store(true, ordering: .relaxed)
    }
  }

  /// Stops the process with the default action of SIGTSTP; returns when it is continued.
  private static func stop() {
    var (byDefault, ours) = (sigaction(), sigaction())
    byDefault.__sigaction_handler.sa_handler = SIG_DFL
    sigaction(SIGTSTP, &byDefault, &ours)
    var signals = sigset_t()
    var before = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGTSTP)
    raise(SIGTSTP)
    pthread_sigmask(SIG_UNBLOCK, &signals, &before)  // it arrives here
    pthread_sigmask(SIG_SETMASK, &before, nil)
    sigaction(SIGTSTP, &ours, nil)
  }

  private static func handle(
    _ number: CInt, flags: CInt = 0, _ handler: @escaping @convention(c) (CInt) -> Void
  ) {
    var action = sigaction()
    action.sa_flags = flags
    action.__sigaction_handler.sa_handler = handler
    sigaction(number, &action, nil)
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, number)
    sigprocmask(SIG_UNBLOCK, &signals, nil)  // a parent's thread pool may have left it blocked
  }
}

// Inside the type, its own function hides the system's.
private func systemRead(_ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(STDIN_FILENO, bytes, count)
}
