import Glibc
import Synchronization

/// Ctrl-C, SIGTERM, and the SIGHUP of a terminal that is closed: the first one asks the run to stop, another one half a
/// second later or more ends the process at once. Sooner, it is the same one: timeout(1) sends each to the command
/// and to its group. What is printed and no longer read ends nothing by itself: a run has a checkpoint to write before.
enum Interruption {
  private static let received = Atomic<Int32>(0)
  /// When the first one came, in nanoseconds of the system's clock; 0 for not yet.
  private static let receivedTime = Atomic<Int>(0)

  private static var mostNanosecondsOfOne: Int { 500_000_000 }

  /// The signal that came; nil for none.
  static var signal: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// What a handler does; it may not make anything.
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

  /// Takes the signals over for the rest of the process. Under nohup, SIGHUP stays ignored.
  static func watch() {
    _ = (signal, receivedTime.load(ordering: .relaxed))  // made here, not by the handler
    var ignored = sigaction()
    ignored.__sigaction_handler.sa_handler = SIG_IGN
    sigaction(SIGPIPE, &ignored, nil)
    var action = sigaction()
    action.sa_flags = SA_RESTART
    action.__sigaction_handler.sa_handler = { Interruption.receive($0) }
    // A parent's thread pool may have left them blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      if number == SIGHUP, isIgnored(number) { continue }
      sigaction(number, &action, nil)
      sigaddset(&signals, number)
    }
    sigprocmask(SIG_UNBLOCK, &signals, nil)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    // Functions have no equality, addresses do.
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
