import ArgumentParser
import Glibc
import Synchronization

/// Ctrl-C, Ctrl-\, SIGTERM, and the SIGHUP of a closed terminal, for commands that have something
/// to write or to remove before they end.
///
/// The first signal asks the command to stop; a second one ends the process at once. A second
/// signal within half a second counts as the same one, because timeout(1) sends each to the command
/// and to its process group.
enum Interruption {
  private static let received = Atomic<Int32>(0)
  /// The time of the first signal, in nanoseconds of the monotonic clock; 0 if there was none.
  private static let receivedTime = Atomic<Int>(0)

  private static var mostNanosecondsOfOne: Int { 500_000_000 }

  /// The signal that was received; nil for none.
  static var signal: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// The signal handler; it must not allocate.
  private static func receive(_ number: Int32) {
    var clock = timespec()
    clock_gettime(CLOCK_MONOTONIC, &clock)
    let time = max(1, clock.tv_sec * 1_000_000_000 + clock.tv_nsec)
    let (isFirst, firstTime) = receivedTime.compareExchange(
      expected: 0, desired: time, ordering: .relaxed)
    if isFirst {
      received.store(number, ordering: .relaxed)
    } else if time - firstTime >= mostNanosecondsOfOne {
      _exit(ExitStatus.afterSignal + number)
    }
  }

  /// Ends a command that was asked to stop.
  /// - Throws: `ExitCode`.
  static func check() throws {
    if let signal { throw ExitCode(ExitStatus.afterSignal + signal) }
  }

  /// Lets a closed output not end the process: a run has a checkpoint to write first.
  static func ignoreClosedOutput() {
    var ignored = sigaction()
    ignored.__sigaction_handler.sa_handler = SIG_IGN
    sigaction(SIGPIPE, &ignored, nil)
  }

  /// Handles the signals for the rest of the process. Under nohup, SIGHUP stays ignored.
  static func watch() {
    _ = (signal, receivedTime.load(ordering: .relaxed))  // initialized here, not in the handler
    var action = sigaction()
    action.sa_flags = SA_RESTART
    action.__sigaction_handler.sa_handler = { Interruption.receive($0) }
    // A parent's thread pool may have left the signals blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGQUIT, SIGTERM, SIGHUP] {
      if number == SIGHUP, isIgnored(number) { continue }
      sigaction(number, &action, nil)
      sigaddset(&signals, number)
    }
    sigprocmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Lets SIGQUIT end the process: Swift's runtime takes it for a crash, prints a backtrace, and
  /// continues.
  static func restoreDefaultOfQuit() {
    var byDefault = sigaction()
    byDefault.__sigaction_handler.sa_handler = SIG_DFL
    sigaction(SIGQUIT, &byDefault, nil)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    // Functions cannot be compared for equality, but addresses can.
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
