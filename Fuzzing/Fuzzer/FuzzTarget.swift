import Glibc

/// A reader of bytes that nobody has checked. It may refuse them, but must not crash, hang or take
/// much memory.
protocol FuzzTarget: Sendable {
  /// Inputs to begin with, besides those that scripts/damaged_imports.py makes.
  var seeds: [[UInt8]] { get }

  func test(_ bytes: UnsafeRawBufferPointer)
}

extension FuzzTarget {
  var seeds: [[UInt8]] { [] }
}

/// By the names that scripts/fuzz.sh takes.
let fuzzTargets: [String: @Sendable () throws -> any FuzzTarget] = [
  "bytes": { AnyBytes() },
  "checkpoint": { try Checkpoint() },
  "compressed": { try Compressed() },
  "graphemes": { GraphemeClusters() },
  "model": { try ModelFile() },
  "onnx": { ImportedFile(named: "model.onnx") },
  "page": { try Page() },
  "pattern": { try PatternText() },
  "request": { try Request() },
  "state": { try SavedState() },
  "text": { NormalizedText() },
  "torch7": { ImportedFile(named: "checkpoint.t7") },
  "vocabulary": { ImportedVocabulary() },
  "weights": { ImportedFile(named: "model.safetensors") },  // of PyTorch and Keras
]

/// A fault that no trap has found.
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
  guard condition else { fatalError(message()) }
}

/// A file whose name stays and whose content changes, in memory or where TMPDIR says.
struct ScratchFile {
  let path: String

  init(_ name: String) {
    let folder = environment("TMPDIR")
    path = "\(folder.isEmpty ? "/dev/shm" : folder)/charlm-fuzzer-\(getpid())-\(name)"
  }

  func write(_ bytes: UnsafeRawBufferPointer) { Self.write(bytes, to: path) }

  func write(_ text: String) {
    var text = text
    text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
  }

  static func write(_ bytes: UnsafeRawBufferPointer, to path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    require(descriptor >= 0, "'\(path)' cannot be written")
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.base.baseAddress! + rest.startIndex, rest.count)
      require(count > 0, "'\(path)' cannot be written")
      rest = rest.dropFirst(count)
    }
    close(descriptor)
  }

  func read() -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    require(descriptor >= 0, "'\(path)' cannot be read")
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while true {
      let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        count = max(0, Glibc.read(descriptor, buffer.baseAddress!, buffer.count))
      }
      guard !chunk.isEmpty else { return bytes }
      bytes += chunk
    }
  }
}
