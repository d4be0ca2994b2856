import FoundationEssentials
import Glibc
import Hummingbird
import HummingbirdCore
import Kernels
import Logging
import NIOCore
import NIOPosix
import RecurrentNetwork
import ServerLaunch
import ServiceLifecycle
import Serving

/// The program behind `charlm serve`.
@main
struct CharlmServer {
  /// As in sysexits.h.
  private static let usage: Int32 = 64
  private static let unavailable: Int32 = 69

  static func main() async {
    let arguments = CommandLine.arguments
    guard arguments.count == 2,
      let settings = try? JSONDecoder().decode(ServerSettings.self, from: Data(arguments[1].utf8))
    else { fail("'charlm serve' starts this program: run that.", status: usage) }
    do {
      try await serve(settings)
    } catch let error as IOError {
      fail(
        "Cannot listen on \(settings.host):\(settings.port): \(reason(error.errnoCode)).",
        status: unavailable)
    } catch {
      fail("\(error)", status: unavailable)
    }
  }

  private static func reason(_ code: CInt) -> String {
    switch code {
    case EADDRINUSE: "another program uses this port; choose another, or stop that program"
    case EACCES: "only root may use this port; choose one from 1024 on"
    case EADDRNOTAVAIL: "this machine has no such address; choose another"
    default: String(cString: strerror(code))
    }
  }

  private static func fail(_ message: String, status: Int32) -> Never {
    say("charlm: \(message)")
    exit(status)
  }

  /// Prints a line for people.
  private static func say(_ text: String) {
    let line = Array("\(text)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
  }

  private static func serve(_ settings: ServerSettings) async throws {
    let service = ServerService(settings)
    let connections = allowDescriptors(forConnections: settings.connections)
    var logger = Logger(label: "charlm") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .error
    let application = Application(
      router: service.router(),
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [ConnectionWatch(.standard)],
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 16_384, maxHeaderListSize: 16_384, maxHeaderFieldCount: 100))),
      configuration: .init(
        address: .hostname(settings.host, port: settings.port), serverName: "charlm",
        availableConnectionsDelegate: MaximumAvailableConnections(connections)),
      onServerRunning: { channel in
        try? await channel.eventLoop.submit { channel.closeInOtherPrograms() }.get()
        guard !settings.isQuiet else { return }
        let port = channel.localAddress?.port ?? settings.port
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        say("Serving on http://\(host):\(port)/ (Ctrl-C ends)")
      },
      logger: logger)
    var configuration = ServiceGroupConfiguration(
      services: [
        .init(service: application, successTerminationBehavior: .gracefullyShutdownGroup),
        // The last one is the first to hear of the end.
        .init(
          service: EngineService(engine: service.engine), successTerminationBehavior: .ignore),
      ],
      gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(settings.graceSeconds)
    configuration.maximumCancellationDuration = .seconds(5)
    try await ServiceGroup(configuration: configuration).run()
    service.engine.stop()
  }

  /// Descriptors of files and threads other than those of connections.
  private static let otherDescriptors = 128

  /// Asks the system for a descriptor for each connection.
  /// - Returns: the number of connections that it allows.
  private static func allowDescriptors(forConnections count: Int) -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return count }
    let wanted = min(limit.rlim_max, rlim_t(count + otherDescriptors))
    if limit.rlim_cur < wanted {
      limit.rlim_cur = wanted
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
    return max(16, min(count, Int(clamping: limit.rlim_cur) - otherDescriptors))
  }
}

/// Keeps the engine from accepting requests after the server was asked to end.
private struct EngineService: Service {
  let engine: InferenceEngine

  func run() async throws {
    try? await gracefulShutdown()
    engine.end()
  }
}
