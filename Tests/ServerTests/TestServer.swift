import Foundation
import Glibc
import Serving
import TestSupport

/// A `charlm serve` that was built with the tests, on a free port of this machine.
final class TestServer {
  let folder: TemporaryFolder
  let port: Int
  let process: Process
  private let messages: Pipe

  /// - Parameter arguments: after `serve` and the port.
  init(
    _ arguments: [String] = [], environment: [String: String] = [:],
    _ prepare: (TemporaryFolder) throws -> Void
  ) throws {
    folder = try TemporaryFolder()
    try prepare(folder)
    process = Process()
    process.executableURL = Self.executable
    process.currentDirectoryURL = folder.url
    process.arguments = ["serve", "--port", "0", "--threads", "1"] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    messages = Pipe()
    process.standardError = messages
    try process.run()
    var text = ""
    // The line with the address; a process that ended says why.
    while !text.contains("(Ctrl-C ends)") {
      let data = messages.fileHandleForReading.availableData
      guard !data.isEmpty else { throw StartError(messages: text) }
      text += String(decoding: data, as: UTF8.self)
    }
    guard let match = text.firstMatch(of: /:(\d+)\//), let port = Int(match.output.1) else {
      throw StartError(messages: text)
    }
    self.port = port
  }

  struct StartError: Error { let messages: String }

  static let executable = URL(filePath: CommandLine.arguments[0])
    .deletingLastPathComponent().appending(path: "charlm")

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  // MARK: Requests

  struct Answer {
    let status: Int
    let headers: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    var object: [String: Any] {
      (try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]) ?? [:]
    }
    var error: [String: Any] { object["error"] as? [String: Any] ?? [:] }
    /// The objects of server-sent events, without `[DONE]`.
    var events: [[String: Any]] {
      text.split(separator: "\n\n").compactMap {
        try? JSONSerialization.jsonObject(with: Data($0.dropFirst(6).utf8)) as? [String: Any]
      }
    }
  }

  /// Sends a request and reads its answer to the end.
  func send(
    _ method: String, _ path: String, _ body: String? = nil, headers: [String: String] = [:]
  ) throws -> Answer {
    let connection = try Connection(port: port)
    var head = "\(method) \(path) HTTP/1.1\r\nConnection: close\r\n"
    for (name, value) in ["Host": "localhost:\(port)"].merging(headers, uniquingKeysWith: { $1 }) {
      head += "\(name): \(value)\r\n"
    }
    if let body { head += "Content-Length: \(body.utf8.count)\r\n" }
    try connection.write(head + "\r\n" + (body ?? ""))
    return try Self.answer(connection.readToEnd())
  }

  func post(_ path: String, _ body: String, headers: [String: String] = [:]) throws -> Answer {
    try send(
      "POST", path, body,
      headers: ["Content-Type": "application/json"].merging(headers) { $1 })
  }

  static func answer(_ bytes: [UInt8]) throws -> Answer {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
      throw StartError(messages: "no answer: \(String(decoding: bytes, as: UTF8.self))")
    }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
    let status = Int(lines[0].split(separator: " ")[1]) ?? 0
    let headers = lines.dropFirst().reduce(into: [String: String]()) { headers, line in
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    var body = Array(bytes[end.upperBound...])
    if headers["transfer-encoding"] == "chunked" { body = joined(chunks: body) }
    return Answer(status: status, headers: headers, body: body)
  }

  private static func joined(chunks: [UInt8]) -> [UInt8] {
    var (body, rest) = ([UInt8](), chunks[...])
    while let line = rest.firstRange(of: Array("\r\n".utf8)),
      let count = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16),
      count > 0, line.upperBound + count + 2 <= rest.endIndex
    {
      body += rest[line.upperBound..<line.upperBound + count]
      rest = rest[(line.upperBound + count + 2)...]
    }
    return body
  }
}

/// A connection to a port of this machine.
final class Connection {
  private let descriptor: Int32

  struct Failed: Error { let call: String }

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failed(call: "socket") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw Failed(call: "connect") }
  }

  deinit { close(descriptor) }

  func write(_ text: String) throws {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failed(call: "send") }
      rest = rest.dropFirst(count)
    }
  }

  /// Sends a completion request whose connection stays open.
  func write(completion body: String) throws {
    try write(
      "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
  }

  /// Some bytes; none at the end.
  func read() -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer[..<count]) : []
  }

  /// Whether the other side closes the connection within some seconds, and sends nothing before.
  func ends(within seconds: Double) -> Bool {
    var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&watched, 1, Int32(seconds * 1000)) == 1 && read().isEmpty
  }

  func readToEnd() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while case let more = read(), !more.isEmpty { bytes += more }
    return bytes
  }
}
