import Kernels
import RecurrentNetwork
import Testing

/// The shards that docs/threads.md shows.
@Suite struct ShardingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let hiddenSize: Int
    var groups: Int?
    let batchSize: Int
    var windowLength = 64
    /// Rows x units for 1, 2, 4, 8, 16, 32 and 64 threads.
    let withAVX2, withAVX512: [String]

    var testDescription: String { "\(hiddenSize) units, \(batchSize) rows" }

    func shards(panelWidth: Int, cacheSize: Int, threadCount: Int) -> WorkGrid {
      NetworkConfiguration(
        cell: .lstm, vocabularySize: 65, embeddingSize: hiddenSize, hiddenSize: hiddenSize,
        layerCount: 1, normalizationGroups: groups
      ).shards(
        batchSize: batchSize, windowLength: windowLength, panelWidth: panelWidth,
        threadCount: threadCount, cacheSize: cacheSize)
    }
  }

  static let cases = [
    Case(
      hiddenSize: 128, batchSize: 32,
      withAVX2: ["1x1", "2x1", "4x1", "8x1", "16x1", "32x1", "32x1"],
      withAVX512: ["1x1", "2x1", "4x1", "8x1", "16x1", "32x1", "32x1"]),
    Case(
      hiddenSize: 256, batchSize: 32,
      withAVX2: ["1x1", "2x1", "4x1", "8x1", "8x2", "8x4", "8x8"],
      withAVX512: ["1x1", "2x1", "4x1", "8x1", "8x2", "8x4", "32x2"]),
    Case(
      hiddenSize: 512, batchSize: 32,
      withAVX2: ["1x1", "1x2", "1x4", "1x8", "2x8", "4x8", "8x8"],
      withAVX512: ["1x1", "1x2", "2x2", "4x2", "8x2", "8x4", "8x8"]),
    Case(
      hiddenSize: 512, groups: 8, batchSize: 32,
      withAVX2: ["1x1", "1x2", "1x4", "1x8", "2x8", "4x8", "8x8"],
      withAVX512: ["1x1", "1x2", "2x2", "4x2", "8x2", "8x4", "8x8"]),
    Case(
      hiddenSize: 1_024, batchSize: 64,
      withAVX2: ["1x1", "1x2", "1x4", "1x8", "1x16", "1x32", "2x32"],
      withAVX512: ["1x1", "1x2", "1x4", "1x8", "2x8", "4x8", "8x8"]),
    // One text that is generated.
    Case(
      hiddenSize: 128, batchSize: 1, windowLength: 1,
      withAVX2: ["1x1", "1x1", "1x1", "1x1", "1x1", "1x1", "1x1"],
      withAVX512: ["1x1", "1x1", "1x1", "1x1", "1x1", "1x1", "1x1"]),
    Case(
      hiddenSize: 512, batchSize: 1, windowLength: 1,
      withAVX2: ["1x1", "1x2", "1x4", "1x8", "1x16", "1x32", "1x32"],
      withAVX512: ["1x1", "1x2", "1x4", "1x8", "1x8", "1x8", "1x8"]),
    // 64 of them.
    Case(
      hiddenSize: 128, batchSize: 64, windowLength: 1,
      withAVX2: ["1x1", "2x1", "4x1", "8x1", "16x1", "16x2", "16x4"],
      withAVX512: ["1x1", "2x1", "4x1", "8x1", "16x1", "16x2", "64x1"]),
  ]

  @Test(arguments: cases)
  func shardsFollowThreadsAndCaches(of example: Case) {
    let threadCounts = [1, 2, 4, 8, 16, 32, 64]
    func grids(_ panelWidth: Int, _ cacheSize: Int) -> [WorkGrid] {
      threadCounts.map {
        example.shards(panelWidth: panelWidth, cacheSize: cacheSize, threadCount: $0)
      }
    }
    func names(_ grids: [WorkGrid]) -> [String] {
      grids.map { "\($0.rowParts)x\($0.columnParts)" }
    }
    #expect(names(grids(16, 1 << 19)) == example.withAVX2)
    #expect(names(grids(64, 1 << 21)) == example.withAVX512)
    // No thread has more than its share, unless there are too few rows and panels.
    for (threadCount, grid) in zip(threadCounts, grids(16, 1 << 19)) where grid.partCount > 1 {
      let largest = (0..<grid.partCount).map(grid.part).map { $0.rows.count * $0.columns.count }
        .max()!
      let share = example.batchSize * example.hiddenSize / min(threadCount, grid.partCount)
      #expect(largest == share)
    }
  }
}
