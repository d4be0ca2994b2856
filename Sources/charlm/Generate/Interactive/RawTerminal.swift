import Glibc
import Synchronization

/// The terminal of standard input while keys are read one by one, and as it was found at any other time.
///
/// Keys come as bytes, those of Ctrl-C and Ctrl-Z too; output is processed as before. However the process ends or
/// is suspended, the settings that were found are set first, but by SIGKILL and SIGSTOP, which nobody can catch;
/// when it goes on in the foreground, keys are read as before.
enum RawTerminal {
  /// What came while the terminal was waited for.
  enum Input {
    case bytes([UInt8])
    /// A signal, after which the screen may be another one.
    case disturbed
    case closed
  }

  // Written before any handler is set, then by handlers only.
  nonisolated(unsafe) private static var found = termios()
  nonisolated(unsafe) private static var raw = termios()
  private static let isRaw = Atomic<Bool>(false)
  /// Whether a thread is changing the mode.
  private static let isChanging = Atomic<Bool>(false)
  /// Whether a handler is suspending the process, or ending it; the thread that reads may run beside it.
  private static let isStopping = Atomic<Bool>(false)
  private static let isEnding = Atomic<Bool>(false)
  /// Whether a signal came that nobody has been told of.
  private static let wasDisturbed = Atomic<Bool>(false)

  /// xterm's bracketed paste, without which a pasted line end is the key Enter.
  private static let pasteOn: StaticString = "\u{1B}[?2004h"
  private static let pasteOff: StaticString = "\u{1B}[?2004l"

  /// Whether lines can be edited here.
  static var isAvailable: Bool {
    isatty(STDIN_FILENO) == 1 && StandardOutput.isTerminal && getenv("TERM").map(isCapable) ?? true
  }

  private static func isCapable(_ name: UnsafeMutablePointer<CChar>) -> Bool {
    strcmp(name, "dumb") != 0
  }

  /// The columns of a line, as they are now.
  static var width: Int {
    var size = winsize()
    let status = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size)
    return status == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// Reads keys while `body` runs.
  static func use<Result>(_ body: () throws -> Result) rethrows -> Result {
    watchSignals()
    enter()
    defer { leave() }
    return try body()
  }

  // MARK: Reading

  /// Waits for keys.
  static func read() -> Input {
    enter()  // for one that came back from the background unnoticed
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

  /// The keys that wait already.
  static func readWaiting() -> [UInt8] {
    var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, 0) > 0, case .bytes(let bytes) = readBytes() else { return [] }
    return bytes
  }

  /// Stops the process as Ctrl-Z does at other times, with all others of its pipeline.
  static func suspend() {
    kill(0, SIGTSTP)
  }

  // MARK: Modes; all is safe in a handler

  private static func enter() {
    changeMode {
      // In the background nobody may change the terminal; one that controls nobody has no foreground.
      let foreground = tcgetpgrp(STDIN_FILENO)
      guard foreground < 0 || foreground == getpgrp(), !isRaw.load(ordering: .relaxed),
        !isStopping.load(ordering: .relaxed), !isEnding.load(ordering: .relaxed),
        tcgetattr(STDIN_FILENO, &found) == 0
      else { return }
      raw = found
      cfmakeraw(&raw)
      raw.c_oflag = found.c_oflag
      isRaw.store(true, ordering: .relaxed)
      tcsetattr(STDIN_FILENO, TCSANOW, &raw)
      emit(pasteOn)
    }
  }

  private static func leave() {
    changeMode {
      guard isRaw.exchange(false, ordering: .relaxed) else { return }
      emit(pasteOff)
      tcsetattr(STDIN_FILENO, TCSANOW, &found)
    }
  }

  /// One thread after the other: settings that are looked at while another thread changes them would be taken for
  /// those that were found. Meanwhile no signal comes, for its handler would wait for the very thread it interrupts.
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
    // Made here, for a handler may not make anything.
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
      // The next of its kind is not caught, and comes when the handler is done.
      handle(number, flags: CInt(bitPattern: UInt32(SA_RESETHAND))) { number in
        RawTerminal.leaveForGood()
        raise(number)
      }
    }
    handle(SIGTSTP) { number in
      let errorNumber = errno
      // Once, though two signals may come on two threads.
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

  /// Stops the process by SIGTSTP, as it is stopped that does not catch it; returns when it goes on.
  private static func stop() {
    var (byDefault, ours) = (sigaction(), sigaction())
    byDefault.__sigaction_handler.sa_handler = SIG_DFL
    sigaction(SIGTSTP, &byDefault, &ours)
    var signals = sigset_t()
    var before = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGTSTP)
    raise(SIGTSTP)
    pthread_sigmask(SIG_UNBLOCK, &signals, &before)  // here it comes
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

// Inside the type the name of its function hides the system's.
private func systemRead(_ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(STDIN_FILENO, bytes, count)
}
