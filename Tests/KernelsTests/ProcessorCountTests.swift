import Foundation
import Kernels
import Testing

/// Quotas of control groups, in files as the kernel shows them.
@Suite struct ProcessorCountTests {
  private static func quota(groups: String, files: [String: String]) throws -> Double? {
    let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    for (path, text) in files {
      let file = root.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    let own = root.appending(path: "own")
    try Data(groups.utf8).write(to: own)
    return ProcessorCount.quota(groups: own.path, root: root.path)
  }

  @Test func version2() throws {
    let own = "0::/slice/job\n"
    #expect(try Self.quota(groups: own, files: ["slice/job/cpu.max": "150000 100000\n"]) == 1.5)
    // The tightest of all groups counts.
    #expect(
      try Self.quota(
        groups: own,
        files: [
          "slice/job/cpu.max": "max 100000\n", "slice/cpu.max": "400000 100000\n",
          "cpu.max": "800000 100000\n",
        ]) == 4)
    #expect(try Self.quota(groups: own, files: ["slice/job/cpu.max": "max 100000\n"]) == nil)
    // In a container the group's own path does not exist, but the root does.
    #expect(try Self.quota(groups: own, files: ["cpu.max": "200000 100000\n"]) == 2)
  }

  @Test func version1() throws {
    let own = "3:cpu,cpuacct:/docker/abc\n2:memory:/other\n0::/\n"
    #expect(
      try Self.quota(
        groups: own,
        files: [
          "cpu/docker/abc/cpu.cfs_quota_us": "250000\n",
          "cpu/docker/abc/cpu.cfs_period_us": "100000\n",
          "cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n",
        ]) == 2.5)
    #expect(
      try Self.quota(
        groups: own,
        files: ["cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"]) == nil)
  }

  @Test(arguments: ["", "nonsense\n", "0::\n", "1:cpu\n", ":::\n", "0::/../..\n"])
  func nonsenseLimitsNothing(groups: String) throws {
    #expect(
      try Self.quota(groups: groups, files: ["x/cpu.max": "max\n", "y/cpu.max": "0 0\n"]) == nil)
  }

  @Test func countsAreAtLeastOneAndAtMostTheBoundOnes() {
    #expect(ProcessorCount(bound: 8, quota: nil).available == 8)
    #expect(ProcessorCount(bound: 8, quota: 2.5).available == 3)
    #expect(ProcessorCount(bound: 2, quota: 6).available == 2)
    #expect(ProcessorCount(bound: 1, quota: 0.1).available == 1)
    #expect(ProcessorCount(bound: 8, quota: nil).letsSpin(8))
    #expect(!ProcessorCount(bound: 8, quota: nil).letsSpin(9))
    #expect(!ProcessorCount(bound: 8, quota: 2.5).letsSpin(3))
    #expect(ProcessorCount(bound: 8, quota: 2.5).letsSpin(2))
    #expect(1...ProcessorCount.own.bound ~= Processor.availableCount)
  }
}
