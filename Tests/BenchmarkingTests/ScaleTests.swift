import Benchmarking
import Kernels
import Testing
import Training

/// The prediction of several processes.
@Suite struct ScaleTests {
  private static let messages = MessageSpeed(latency: 1e-5, bytesPerSecond: 1e9)

  @Test func aSumSendsTwiceItsSizeHoweverManyProcessesThereAre() {
    func seconds(_ count: Int) -> Double { Self.messages.seconds(toAddUp: 1 << 20, over: count) }
    #expect(seconds(1) == 0)
    #expect(abs(seconds(2) - (Double(1 << 20) / 1e9 + 2e-5)) < 1e-12)
    #expect(abs(seconds(1_024) - (2 * Double(1 << 20) * 1_023 / 1_024 / 1e9 + 2e-4)) < 1e-9)
    #expect(Self.messages.secondsOfRoundTrip(over: 1) == 0)
    #expect(abs(Self.messages.secondsOfRoundTrip(over: 5) - 6e-5) < 1e-12)
  }

  @Test(arguments: [1, 2])
  func aRowHasTheLanesOfOneProcess(layers: Int) throws {
    let shape = TrainingShape(.lstm, layers: layers, hiddenSize: 16, batchSize: 8, windowLength: 4)
    let benchmark = ScaleBenchmark(shape, processor: Processor(threadCount: 1), seconds: 0.001)
    for count in [1, 4] {
      let row = try benchmark.row(processCount: count, messages: Self.messages)
      #expect(row.laneCount == 8 / count && row.computeSeconds > 0 && row.measuredSeconds == nil)
      #expect((row.waitingSeconds == 0) == (count == 1))
      #expect(row.predictedSeconds == row.computeSeconds + row.waitingSeconds)
    }
  }
}
