import Foundation
import ModelFiles
import Storage
import Synchronization
import TestSupport
import Testing
import Training

/// Checkpoint files survive failing calls, and damaged ones are rejected.
@Suite struct CheckpointFileTests {
  /// Two checkpoints of one small run.
  static func checkpoints() throws -> (old: TrainingCheckpoint, new: TrainingCheckpoint) {
    var small = try SmallRun(.lstm, steps: 8)
    small.network.hiddenSize = 1
    small.network.embeddingSize = 1
    small.network.layerCount = 1
    small.configuration.batchSize = 1
    small.configuration.evaluateEvery = 3
    var all: [TrainingCheckpoint] = []
    var events = SmallRun.Events()
    try small.follow(&events, checkpoints: CheckpointPlan(seconds: 0), keep: { all.append($0) })
    all[4].annotations["command"] = "a note"
    return (all[4], all[7])
  }

  @Test func everyFlippedBitAndEveryTruncationIsRejected() throws {
    let intact = try Self.checkpoints().old.writer().bytes(name: "test")
    #expect(
      try TrainingCheckpoint(SafetensorsArchive(bytes: intact, name: "test")).annotations
        == ["command": "a note"])
    func isRejected(_ bytes: [UInt8]) -> Bool {
      (try? TrainingCheckpoint(SafetensorsArchive(bytes: bytes, name: "test"))) == nil
    }
    var rejected = 0
    var bytes = intact
    // Odd, so that every bit of a byte is covered.
    let step = Torture.count(short: 29, long: 1)
    for bit in stride(from: 0, to: 8 * intact.count, by: step) {
      bytes[bit / 8] ^= 1 << (bit % 8)
      if isRejected(bytes) {
        rejected += 1
      } else {
        Issue.record("bit \(bit) of \(intact.count) bytes")
      }
      bytes[bit / 8] ^= 1 << (bit % 8)
    }
    Torture.tell("flipped bits of a checkpoint of \(intact.count) bytes", "rejected: \(rejected)")
    var truncations = 0
    for count in stride(from: 0, to: intact.count, by: step) {
      if isRejected(Array(intact[..<count])) { truncations += 1 } else { Issue.record("\(count)") }
    }
    #expect(isRejected(intact.dropLast()) && isRejected(intact + [0]))
    Torture.tell("truncations of that checkpoint", "rejected: \(truncations)")
  }

  @Test func aModelIsNoCheckpointAndNoCheckpointAModel() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("model")
    var small = try SmallRun(.lstm, steps: 2)
    small.configuration.evaluateEvery = nil
    var events = SmallRun.Events()
    try small.follow(&events, keepModel: { try $0.write(to: path) })
    #expect(throws: CheckpointError.notACheckpoint(file: path)) {
      try TrainingCheckpoint(path: path)
    }
    try Self.checkpoints().old.write(to: path)
    #expect(throws: TextModelError.isCheckpoint(file: path)) {
      try TextModel(path: path, processor: TrainingRunTests.processor)
    }
  }

  // MARK: Failing files

  /// Counts the system calls and makes some of them fail.
  final class Faults: Sendable {
    private let calls = Atomic(0)
    private let failures = Atomic(0)
    let first: Int
    let isPersistent: Bool

    init(first: Int, isPersistent: Bool) {
      self.first = first
      self.isPersistent = isPersistent
    }

    var hasFailed: Bool { failures.load(ordering: .relaxed) > 0 }

    private func fails() -> Bool {
      let call = calls.add(1, ordering: .relaxed).newValue
      guard isPersistent ? call >= first : call == first else { return false }
      failures.add(1, ordering: .relaxed)
      errno = ENOSPC
      return true
    }

    /// The system's operations, in pieces of at most 1,000 bytes, as a disk gives them that is
    /// filling up.
    var operations: FileOperations {
      var operations = FileOperations.system
      let system = operations
      operations.create = { [self] in fails() ? -1 : system.create($0, $1) }
      operations.write = { [self] in fails() ? -1 : system.write($0, $1, min($2, 1_000)) }
      operations.synchronize = { [self] in fails() ? -1 : system.synchronize($0) }
      operations.rename = { [self] in fails() ? -1 : system.rename($0, $1) }
      operations.openFolder = { [self] in fails() ? -1 : system.openFolder($0) }
      return operations
    }
  }

  @Test(arguments: [false, true])
  func whicheverCallFailsAWholeCheckpointStands(isPersistent: Bool) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("run.checkpoint")
    let (old, new) = try Self.checkpoints()
    let oldBytes = try old.writer().bytes(name: path)
    let newBytes = try new.writer().bytes(name: path)
    var failed = 0
    for call in 1... {
      try old.write(to: path)
      let faults = Faults(first: call, isPersistent: isPersistent)
      do {
        try new.write(to: path, using: faults.operations)
        #expect(!faults.hasFailed)
        break
      } catch let error as StorageError {
        failed += 1
        let found = try Array(Data(contentsOf: URL(filePath: path)))
        // Only after the rename can the new file be in place, and then the message says so.
        if case .notDurable = error {
          #expect(found == newBytes)
        } else {
          #expect(found == oldBytes)
        }
        #expect("\(error)".contains("No space left on device"))
      }
      #expect(try folder.contents() == ["run.checkpoint"])
    }
    #expect(try Array(Data(contentsOf: URL(filePath: path))) == newBytes)
    #expect(failed >= 5)
    Torture.tell(
      "calls that failed while a checkpoint was replaced, \(isPersistent ? "for good" : "once")",
      "\(failed), a complete checkpoint each time")
  }

  /// A run that writes models and checkpoints through failing calls ends with the same result as
  /// without failures.
  @Test func whicheverCallOfARunFailsNothingIsLost() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("run.checkpoint")
    let small = try SmallRun(.rnn, steps: 12)
    let uninterrupted = try small.events()
    var failed = 0
    let stride = Torture.count(short: 41, long: 1)
    for call in sequence(first: 1, next: { $0 + stride }) {
      try? FileManager.default.removeItem(atPath: path)
      let faults = Faults(first: call, isPersistent: false)
      var events = SmallRun.Events()
      var announced: Int?
      func go(resuming checkpoint: TrainingCheckpoint?) throws {
        try small.follow(
          &events, resuming: checkpoint, checkpoints: CheckpointPlan(seconds: 0),
          keepModel: {
            try $0.writer().write(to: folder.path("model"), using: faults.operations)
          },
          keep: {
            try $0.write(to: path, using: faults.operations)
            announced = $0.stepCount
          })
      }
      do {
        try go(resuming: nil)
      } catch is StorageError {
        failed += 1
        let checkpoint = try? TrainingCheckpoint(path: path)
        #expect((checkpoint?.stepCount ?? -1) >= announced ?? -1)
        try go(resuming: checkpoint)
      }
      #expect(events.parameters == uninterrupted.parameters)
      if !faults.hasFailed { break }
    }
    #expect(failed > 0)
    Torture.tell(
      "calls that failed in a run of 12 steps, each followed by a resumption",
      "\(failed), nothing lost")
  }
}
