import Glibc
import Storage

/// A file of events for TensorBoard: scalars and texts by step.
///
/// ```
/// record   length (8 bytes), masked CRC-32C of it (4), Event, masked CRC-32C of that (4)
/// Event    wall_time = 1, step = 2, file_version = 3 | summary = 5 | session_log = 7
/// Summary  value = 1: tag = 1, simple_value = 2 | tensor = 8, metadata = 9
/// ```
/// Little endian; the messages are those of TensorFlow's event.proto and summary.proto. The file is
/// `events.out.tfevents.SECONDS.HOST.PROCESS` in its folder, as TensorFlow names it.
package struct EventFile {
  private let file: AppendingFile

  /// TensorFlow's data type of strings.
  private static let stringType = 7
  private static let logStart = 1

  private static let namePrefix = "events.out.tfevents."

  /// Whether a folder has files of events.
  package static func exists(inFolder folder: String) -> Bool {
    fileNames(inFolder: folder).contains { $0.hasPrefix(namePrefix) }
  }

  /// Creates the folder, if it does not exist, and a new file in it.
  /// - Throws: `StorageError`.
  package init(folder: String) throws {
    try createFolder(path: folder)
    let seconds = String(Int(wallTime()))
    let padding = String(repeating: "0", count: max(0, 10 - seconds.count))
    file = try AppendingFile(
      path: "\(folder)/\(Self.namePrefix)\(padding)\(seconds).\(hostName()).\(getpid())")
    try append(ProtocolBufferMessage().string(3, "brain.Event:2"), step: 0)
  }

  package var path: String { file.path }

  /// Appends scalars by the names under which TensorBoard shows them.
  /// - Throws: `StorageError.writeFailed`.
  package func write(_ scalars: [(tag: String, value: Double)], step: Int) throws {
    let summary = scalars.reduce(ProtocolBufferMessage()) { summary, scalar in
      summary.message(
        1, ProtocolBufferMessage().string(1, scalar.tag).float(2, Float(scalar.value)))
    }
    try append(ProtocolBufferMessage().message(5, summary), step: step)
  }

  /// Appends a text for TensorBoard's page of texts.
  /// - Throws: `StorageError.writeFailed`.
  package func write(_ text: String, tag: String, step: Int) throws {
    let tensor = ProtocolBufferMessage().integer(1, Self.stringType).string(8, text)
    let metadata = ProtocolBufferMessage().message(1, ProtocolBufferMessage().string(1, "text"))
    let value = ProtocolBufferMessage().string(1, tag).message(8, tensor).message(9, metadata)
    try append(
      ProtocolBufferMessage().message(5, ProtocolBufferMessage().message(1, value)), step: step)
  }

  /// Makes all events survive a loss of power.
  /// - Throws: `StorageError`.
  package func synchronize() throws { try file.synchronize() }

  /// Marks that the run continues from `step`: TensorBoard drops what earlier files of the folder
  /// have after it.
  /// - Throws: `StorageError.writeFailed`.
  package func truncate(toStep step: Int) throws {
    let log = ProtocolBufferMessage().integer(1, Self.logStart)
    // TensorBoard drops everything from the step of this event on.
    try append(ProtocolBufferMessage().message(7, log), step: step + 1)
  }

  private func append(_ content: ProtocolBufferMessage, step: Int) throws {
    let event = ProtocolBufferMessage().double(1, wallTime()).integer(2, step).bytes + content.bytes
    let length = littleEndianBytes(UInt64(event.count))
    try file.append(
      length + littleEndianBytes(CyclicRedundancyCheck.masked(length)) + event
        + littleEndianBytes(CyclicRedundancyCheck.masked(event)))
  }
}

/// Seconds since 1970.
private func wallTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The host's name with characters that a file's name can have.
private func hostName() -> String {
  var bytes = [UInt8](repeating: 0, count: 256)
  let status = bytes.withUnsafeMutableBytes {
    gethostname($0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count - 1)
  }
  let name = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  return status != 0 || name.isEmpty || name.contains("/") ? "localhost" : name
}

/// CRC-32C (Castagnoli), as in TFRecord files: the reflected polynomial 0x82F63B78, initially all
/// ones, inverted at the end (RFC 3720, section 12.1).
package enum CyclicRedundancyCheck {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1
    }
  }

  package static func crc32c(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { value, byte in
      table[Int((value ^ UInt32(byte)) & 0xFF)] ^ value >> 8
    }
  }

  /// TFRecord's masking, which protects checksums of data that contains checksums itself.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let value = crc32c(bytes)
    return (value >> 15 | value << 17) &+ 0xA282_EAD8
  }
}
