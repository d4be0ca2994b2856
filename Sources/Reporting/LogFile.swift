import Storage

/// A log of JSON objects, one a line, each with the number of a step as `"step"`.
package struct LogFile {
  private let file: AppendingFile

  private static let stepKey = Array(#""step":"#.utf8)
  private static let checkpointStart = Array(#"{"event":"checkpoint","#.utf8)

  /// Opens the file at `path`, or creates it; its contents stay until `truncate`.
  /// - Throws: `StorageError.cannotCreate`.
  package init(path: String) throws {
    file = try AppendingFile(path: path)
  }

  /// - Parameter line: an object whose own `"step"`, if it has one, comes before any nested one.
  /// - Throws: `StorageError.writeFailed`.
  package func append(_ line: String) throws {
    try file.append(Array(line.utf8) + [UInt8(ascii: "\n")])
  }

  /// Makes all lines survive a loss of power.
  /// - Throws: `StorageError`.
  package func synchronize() throws { try file.synchronize() }

  /// Whether the file has no line; false for a device or a pipe.
  package var isEmpty: Bool {
    guard file.isRegularFile, let mapped = try? MappedFile(path: file.path) else { return false }
    return mapped.byteCount == 0
  }

  /// Removes all lines.
  /// - Throws: `StorageError.writeFailed`.
  package func clear() throws {
    try file.truncate(toByteCount: 0)
  }

  /// Removes the lines after `step`, so that a run that resumes there writes no line twice:
  /// everything after the last line that reports a checkpoint at `step`. Without such a line: the
  /// first line of a later step, without a step, or without an end, and everything after it.
  /// - Throws: `StorageError`.
  package func truncate(toStep step: Int) throws {
    guard file.isRegularFile else { return }
    let kept = try MappedFile(path: file.path).withBytes { bytes in
      Self.byteCount(of: bytes, throughStep: step)
    }
    try file.truncate(toByteCount: kept)
  }

  private static func byteCount(of bytes: UnsafeRawBufferPointer, throughStep step: Int) -> Int {
    var (kept, start, isBeyond) = (0, 0, false)
    while start < bytes.count, let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = bytes[start..<end]
      start = end + 1
      let found = self.step(of: line)
      let isCheckpoint = found == step && line.starts(with: checkpointStart)
      isBeyond = isBeyond || found ?? .max > step
      if isCheckpoint || !isBeyond { kept = start }
      // A step may occur a second time after it, as after a roll-back to earlier weights.
      if isCheckpoint { isBeyond = true }
    }
    return kept
  }

  private static func step(of line: Slice<UnsafeRawBufferPointer>) -> Int? {
    guard let key = line.firstRange(of: stepKey) else { return nil }
    let digits = line[key.upperBound...].prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}
