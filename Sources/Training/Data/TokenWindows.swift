import Kernels
import Tokenization

/// The windows of a corpus: B contiguous lanes side by side, T tokens of each at a time.
///
/// ```
/// lane 0   t0 t1 t2 | t3 t4 t5 | ...        a window is [T x B], stored step by step
/// lane 1   tk ...                            each token is predicted from the ones before it
/// ```
///
/// Windows follow each other in every lane, so that the state can be carried over. The last window
/// of an epoch is shorter if T does not divide a lane. The fewer than B tokens that do not fill a
/// lane are left out. If validation tokens are kept in between, the text on both sides of them is
/// read as one: the first token after the gap is predicted from the last one before it, with the
/// state at that point.
///
/// An epoch can begin at a random position, as if the text were a ring. Lanes and windows then have
/// different boundaries in each epoch.
package struct TokenWindows: ~Copyable {
  private let tokens: TokenFile
  /// Positions of the tokens to predict and the one before them: number n + 1 is token n to
  /// predict.
  private let positions: TokenPositions
  /// Draws the positions at which epochs begin; nil for the beginning of the text.
  private let offsetSeed: UInt64?
  /// The token to predict with which the first lane of this epoch begins.
  private var offset: Int
  /// Tokens to predict in each lane.
  package let laneLength: Int
  private let batchSize: Int
  private let windowLength: Int
  /// Tokens of each lane that this epoch has handed out.
  private(set) var position = 0
  /// Complete epochs handed out.
  private(set) var epochCount = 0

  /// [T B] tokens, step by step, of the last window handed out.
  private let inputs: AlignedBuffer<TokenID>
  private let targets: AlignedBuffer<TokenID>
  private let laneTokens: AlignedBuffer<TokenID>

  /// - Parameters:
  ///   - positions: of the tokens to predict; another token precedes the first one.
  ///   - batchSize: B, into which the text is divided.
  ///   - offsetSeed: decides at which random position each epoch begins; nil for the beginning of
  ///     the text.
  /// - Precondition: there is a token for each lane.
  package init(
    _ tokens: TokenFile, positions: TokenPositions, batchSize: Int, windowLength: Int,
    offsetSeed: UInt64? = nil
  ) {
    precondition(positions.count >= max(1, batchSize), "each lane needs a token")
    self.tokens = tokens
    self.positions = positions.includingPositionBefore()
    self.offsetSeed = offsetSeed
    offset = Self.offset(offsetSeed, epoch: 0, count: positions.count)
    laneLength = positions.count / batchSize
    self.windowLength = windowLength
    self.batchSize = batchSize
    inputs = AlignedBuffer(repeating: 0, count: batchSize * windowLength)
    targets = AlignedBuffer(repeating: 0, count: batchSize * windowLength)
    laneTokens = AlignedBuffer(repeating: 0, count: windowLength + 1)
  }

  package var windowsPerEpoch: Int { (laneLength + windowLength - 1) / windowLength }
  package var isAtStartOfEpoch: Bool { position == 0 }

  /// The passes over the text so far.
  package var epochs: Double { Double(epochCount) + Double(position) / Double(laneLength) }

  /// Resumes after `position` tokens of each lane in an epoch; a lane has more.
  package mutating func move(to position: Int, epochCount: Int) {
    precondition((0..<laneLength).contains(position), "the position is within a lane")
    self.position = position
    self.epochCount = epochCount
    offset = Self.offset(offsetSeed, epoch: epochCount, count: targetCount)
  }

  private static func offset(_ seed: UInt64?, epoch: Int, count: Int) -> Int {
    guard let seed else { return 0 }
    var stream = RandomStream(seed: seed, purpose: 2, UInt64(epoch))
    return Int(stream.next() % UInt64(count))
  }

  /// The next window, valid until the one after it.
  package mutating func next() -> TrainingWindow {
    let stepCount = min(windowLength, laneLength - position)
    for lane in 0..<batchSize {
      let first = (offset + lane * laneLength + position) % targetCount
      let head = min(stepCount, targetCount - first)
      copy(first, lane: lane, steps: 0..<head)
      copy(0, lane: lane, steps: head..<stepCount)
    }
    position += stepCount
    if position == laneLength { move(to: 0, epochCount: epochCount + 1) }
    return TrainingWindow(
      inputs: UnsafePointer(inputs.start), targets: UnsafePointer(targets.start),
      stepCount: stepCount)
  }

  private var targetCount: Int { positions.count - 1 }

  /// Copies the tokens to predict, starting at number `first`, and the token before each.
  private func copy(_ first: Int, lane: Int, steps: Range<Int>) {
    guard !steps.isEmpty else { return }
    tokens.copy(
      first..<first + steps.count + 1, of: positions,
      to: UnsafeMutableBufferPointer(start: laneTokens.start, count: steps.count + 1))
    for (index, step) in steps.enumerated() {
      inputs.start[step * batchSize + lane] = laneTokens.start[index]
      targets.start[step * batchSize + lane] = laneTokens.start[index + 1]
    }
  }
}
