import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Ctrl-C, SIGTERM, and the SIGHUP of a terminal that is closed: the first one asks the run to stop, the second one
/// ends the process at once. What is printed and no longer read ends nothing by itself: a run has a checkpoint to
/// write before.
enum Interruption {
  private static let received = Atomic<Int32>(0)

  /// The signal that came; nil for none.
  static var signal: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Takes the signals over for the rest of the process. Under nohup, SIGHUP stays ignored.
  static func watch() {
    _ = signal  // made here, for a handler may not make anything
    var ignored = sigaction()
    ignored.__sigaction_handler.sa_handler = SIG_IGN
    sigaction(SIGPIPE, &ignored, nil)
    var action = sigaction()
    action.sa_flags = SA_RESTART
    action.__sigaction_handler.sa_handler = { number in
      let (isFirst, _) = Interruption.received.compareExchange(
        expected: 0, desired: number, ordering: .relaxed)
      if !isFirst { _exit(128 + number) }
    }
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
