import Kernels
import ModelFiles
import RecurrentNetwork
import Testing
import Training

@Suite struct TrainingRecipeTests {
  /// A machine whose time per token grows with the square of the size.
  static let speed = TrainingSpeed(
    [128, 256, 512].map { size in
      let seconds = 3e-5 * Double(size * size) / Double(512 * 512)
      return .init(
        hiddenSize: size, trainingSecondsPerToken: seconds, scoringSecondsPerToken: 2 * seconds)
    })

  static func recipe(
    seconds: Double, tokens: Int = 1_000_000, vocabularySize: Int = 67,
    given: RecipeConstraints = RecipeConstraints()
  ) -> TrainingRecipe {
    TrainingRecipe(
      for: .init(
        trainingTokens: tokens, validationTokens: tokens / 10, vocabularySize: vocabularySize,
        seconds: seconds, given: given), speed: speed)
  }

  @Test(arguments: [16, 128, 200, 256, 400, 512, 1_024])
  func timeBetweenAndBeyondTheMeasuredSizesFollowsThePowerLaw(size: Int) {
    let expected = 3e-5 * Double(size * size) / Double(512 * 512)
    let found = Self.speed.trainingSecondsPerToken(hiddenSize: size)
    #expect(abs(found / expected - 1) < 1e-12)
    #expect(
      abs(Self.speed.scoringSecondsPerToken(hiddenSize: size) / (2 * expected) - 1) < 1e-12)
  }

  @Test func oneMeasurementIsEnough() {
    let speed = TrainingSpeed([
      .init(hiddenSize: 100, trainingSecondsPerToken: 1e-6, scoringSecondsPerToken: 1e-5)
    ])
    #expect(abs(speed.trainingSecondsPerToken(hiddenSize: 300) / 9e-6 - 1) < 1e-12)
  }

  @Test func moreTimeGivesALargerNetworkUntilTheTextIsTooShort() {
    let recipes = [1.0, 10, 100, 1_000, 1e6].map { Self.recipe(seconds: $0) }
    let sizes = recipes.map(\.network.hiddenSize)
    #expect(sizes == sizes.sorted())
    #expect(Set(sizes).count >= 4)
    #expect(recipes[2].sizeLimit == .time)
    #expect(Self.recipe(seconds: 1e30, tokens: 10_000_000).sizeLimit == .sizes)
    let short = Self.recipe(seconds: 1e6, tokens: 2_000)
    #expect(short.sizeLimit == .text)
    #expect(short.network.hiddenSize < sizes.last!)
  }

  @Test func aTrainedModelStopsBeforeItMemorizesTheText() {
    var given = RecipeConstraints()
    (given.hiddenSize, given.isNormalized) = (448, true)
    let new = Self.recipe(seconds: 1_000, tokens: 60_000, given: given)
    given.startsFromModel = true
    let tuned = Self.recipe(seconds: 1_000, tokens: 60_000, given: given)
    #expect(tuned.network == new.network)
    #expect(tuned.epochs == tuned.mostEpochs && tuned.seconds < new.seconds)
    #expect(tuned.configuration.learningRate < new.configuration.learningRate)
    #expect(tuned.configuration.dropout < new.configuration.dropout)
    #expect(tuned.configuration.recurrentDropout == 0)
    let long = Self.recipe(seconds: 100, tokens: 10_000_000, given: given)
    #expect(long.epochs < tuned.epochs && long.configuration.batchSize == 32)
    // A short text is read in more steps, of fewer lanes.
    let chapter = Self.recipe(seconds: 100, tokens: 5_400, given: given)
    #expect(chapter.configuration.batchSize < 8)
    #expect(chapter.configuration.learningRate < tuned.configuration.learningRate)
    let tokensPerStep = chapter.configuration.batchSize * chapter.configuration.windowLength
    #expect(chapter.epochs * 5_400 >= Double(60 * tokensPerStep))
    given.batchSize = 16
    #expect(Self.recipe(seconds: 100, tokens: 5_400, given: given).configuration.batchSize == 16)
  }

  @Test func textsThatAreReadOftenGetMoreDropout() {
    let recipes = [30.0, 300, 20_000].map { Self.recipe(seconds: $0, tokens: 300_000) }
    let dropouts = recipes.map(\.configuration.dropout)
    #expect(dropouts == dropouts.sorted())
    #expect(dropouts[0] < dropouts[2])
    #expect(dropouts.allSatisfy { (0..<1).contains($0) })
    // Recurrent weights are dropped only if the text is read more than thirty times.
    for recipe in recipes {
      #expect((recipe.configuration.recurrentDropout > 0) == (recipe.epochs > 30.5))
    }
    #expect(recipes[0].epochs < 30 && recipes[2].epochs > 31)
  }

  @Test func aShortTextIsReadOftenRatherThanByALargerNetwork() {
    let short = Self.recipe(seconds: 30, tokens: 66_000)
    #expect(short.network.hiddenSize < Self.recipe(seconds: 30).network.hiddenSize)
    #expect(short.epochs > 19)
  }

  @Test func theNextLargerNetworkIsChosenIfThereIsTheTimeForIt() throws {
    let recipe = Self.recipe(seconds: 100)
    let larger = try #require(recipe.larger)
    #expect(larger.hiddenSize > recipe.network.hiddenSize)
    #expect(
      Self.recipe(seconds: larger.seconds * 1.001).network.hiddenSize == larger.hiddenSize)
    #expect(Self.recipe(seconds: 1e30).larger == nil)
    #expect(Self.recipe(seconds: 1e6, tokens: 2_000).larger == nil)
  }

  @Test func aRunThatWouldOnlyMemorizeItsTextEndsEarly() {
    let short = Self.recipe(seconds: 3_600, tokens: 66_000)
    #expect(short.seconds < 3_600)
    #expect(short.mostEpochs == 60)
    let longer = Self.recipe(seconds: 36_000, tokens: 66_000)
    #expect(longer.network == short.network)
    #expect(abs(short.epochs - 60) < 1e-9)
    let shorter = Self.recipe(seconds: short.seconds, tokens: 66_000)
    #expect(shorter.network == short.network)
    #expect(abs(shorter.seconds - short.seconds) < 1e-6)
    // A network that cannot hold the text continues.
    var given = RecipeConstraints()
    given.hiddenSize = 64
    let small = Self.recipe(seconds: 3_600, tokens: 66_000, given: given)
    #expect(small.seconds == 3_600)
    #expect(small.mostEpochs == nil)
    #expect(small.epochs > 100)
    // Few passes of a very short text are hardly any steps.
    let tiny = Self.recipe(seconds: 3_600, tokens: 2_000)
    let steps =
      2_000 * tiny.epochs / Double(tiny.configuration.batchSize * tiny.configuration.windowLength)
    #expect(steps >= 1_000 && steps < 2_000)
    #expect(Self.recipe(seconds: 3_600).seconds == 3_600)
  }

  @Test func aLargeVocabularyGetsNarrowTiedEmbeddings() throws {
    let recipe = Self.recipe(seconds: 180, vocabularySize: 6_000)
    #expect(recipe.network.tiesEmbeddings)
    #expect(recipe.network.embeddingSize < recipe.network.hiddenSize)
    let alphabet = Self.recipe(seconds: 180)
    #expect(recipe.configuration.dropout > alphabet.configuration.dropout)
    try recipe.network.validate()
    // The tables of 6,000 rows do not make the network smaller than that of an alphabet.
    #expect(
      recipe.network.hiddenSize >= Self.recipe(seconds: 180, vocabularySize: 256).network.hiddenSize
    )
    var given = RecipeConstraints()
    given.embeddingSize = 96
    let other = Self.recipe(seconds: 180, vocabularySize: 6_000, given: given)
    #expect(!other.network.tiesEmbeddings)
    #expect(other.network.embeddingSize == 96)
  }

  @Test func whatIsGivenHolds() {
    var given = RecipeConstraints()
    (given.cell, given.activation, given.layerCount) = (.rnn, .relu, 2)
    (given.hiddenSize, given.embeddingSize) = (48, 20)
    (given.batchSize, given.windowLength) = (7, 30)
    let recipe = Self.recipe(seconds: 60, given: given)
    #expect(
      recipe.network
        == NetworkConfiguration(
          cell: .rnn, activation: .relu, vocabularySize: 67, embeddingSize: 20, hiddenSize: 48,
          layerCount: 2))
    #expect(recipe.configuration.batchSize == 7)
    #expect(recipe.configuration.windowLength == 30)
    #expect(recipe.sizeLimit == .given)
  }

  @Test func aTextThatIsReadAFewTimesGetsANormalizedNetwork() {
    let long = Self.recipe(seconds: 180)
    #expect(long.epochs < 15)
    #expect(
      long.network.normalizationGroups
        == NetworkConfiguration.normalizationGroups(hiddenSize: long.network.hiddenSize))
    let short = Self.recipe(seconds: 180, tokens: 66_000)
    #expect(short.epochs > 15)
    #expect(short.network.normalizationGroups == nil)
    for recipe in [long, short] {
      #expect(recipe.configuration.optimizer == .adamW)
      #expect(recipe.configuration.weightDecay > 0)
      #expect(recipe.configuration.decayScope == .matrices)
    }
    // What is given holds, whatever the text.
    for (seconds, tokens) in [(180.0, 1_000_000), (180, 66_000)] {
      for isNormalized in [false, true] {
        var given = RecipeConstraints()
        given.isNormalized = isNormalized
        let recipe = Self.recipe(seconds: seconds, tokens: tokens, given: given)
        #expect((recipe.network.normalizationGroups != nil) == isNormalized)
      }
    }
  }

  @Test(arguments: [1.0, 20, 200, 2_000])
  func validationsTakeASmallShareOfTheTime(seconds: Double) throws {
    let recipe = Self.recipe(seconds: seconds)
    let hiddenSize = recipe.network.hiddenSize
    let scoring = 100_000 * Self.speed.scoringSecondsPerToken(hiddenSize: hiddenSize)
    let steps = (seconds - scoring) * recipe.tokensPerSecond / (32 * 64)
    let count = (steps / Double(try #require(recipe.configuration.evaluateEvery))).rounded(.down)
    #expect(count * scoring <= 0.05 * seconds)
  }

  @Test func aCalibratedRecipeTrains() throws {
    let (tokenizer, tokens) = try TrainingRunTests.corpus(TrainingRunTests.text)
    let processor = TrainingRunTests.processor
    let recipe = try TrainingRecipe.calibrated(
      tokens: tokens, vocabularySize: tokenizer.vocabularySize, settings: TrainingConfiguration(),
      seconds: 1, given: RecipeConstraints(), processor: processor)
    // The part of the second that is left for training depends on the machine's other load.
    #expect(recipe.tokensPerSecond > 0)
    var configuration = recipe.configuration
    configuration.budget = .init(3, .steps)
    let run = try TrainingRun(
      tokens: tokens, tokenizer: tokenizer, network: recipe.network, configuration: configuration,
      processor: processor)
    #expect(try run.run { _ in }.stepCount == 3)
  }

  /// Without time, only the smallest network is measured; time then grows with the square of the
  /// size.
  @Test func aNetworkThatDoesNotFitIntoTheTimeIsNotMeasured() throws {
    let (tokenizer, tokens) = try TrainingRunTests.corpus(TrainingRunTests.text)
    let calibration = TrainingCalibration(
      tokens: tokens, positions: TokenPositions(1..<tokens.count),
      configuration: TrainingRunTests.configuration(steps: 1),
      processor: TrainingRunTests.processor
    ) {
      NetworkConfiguration(
        vocabularySize: tokenizer.vocabularySize, embeddingSize: $0, hiddenSize: $0, layerCount: 1)
    }
    let speed = try calibration.measure(hiddenSizes: [8, 64], seconds: 0, limit: 0)
    let ratio =
      speed.trainingSecondsPerToken(hiddenSize: 64) / speed.trainingSecondsPerToken(hiddenSize: 8)
    #expect(abs(ratio / 64 - 1) < 1e-12)
    let both = try calibration.measure(hiddenSizes: [8, 64], seconds: 0, limit: .infinity)
    #expect(both != speed)
    let measured =
      both.trainingSecondsPerToken(hiddenSize: 64) / both.trainingSecondsPerToken(hiddenSize: 8)
    #expect(abs(measured / 64 - 1) > 1e-12)
  }

  @Test func aTextTooShortToTrainOnIsRejected() throws {
    let (tokenizer, tokens) = try TrainingRunTests.corpus("a")
    #expect(throws: TrainingError.textTooShort(name: "'a.txt'", characterCount: 1)) {
      try TrainingRecipe.calibrated(
        tokens: tokens, name: "'a.txt'", vocabularySize: tokenizer.vocabularySize,
        settings: TrainingConfiguration(), seconds: 1, given: RecipeConstraints(),
        processor: TrainingRunTests.processor)
    }
  }
}
