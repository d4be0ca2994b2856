import Testing
import Training
import charlm

/// The notes of `train --minutes` about its choices.
@Suite struct RecipeTextTests {
  static func recipe(
    seconds: Double, tokens: Int = 300_000, given: RecipeConstraints = RecipeConstraints()
  ) -> TrainingRecipe {
    TrainingRecipe(
      for: .init(
        trainingTokens: tokens, validationTokens: tokens / 10, vocabularySize: 67, seconds: seconds,
        given: given),
      speed: TrainingSpeed([
        .init(hiddenSize: 512, trainingSecondsPerToken: 3e-5, scoringSecondsPerToken: 1e-5)
      ]))
  }

  @Test func theReasonFitsTheDropout() throws {
    var reasons: [String: Int] = [:]
    for seconds in stride(from: 0.5, to: 400, by: 0.5) {
      let recipe = Self.recipe(seconds: seconds)
      let line = recipe.lines(settled: recipe.configuration)[2]
      let words =
        switch recipe.configuration.dropout {
        case 0: "none, because a text that is read so few times"
        case ...0.1: "a little, because a text that is read so few times is hardly"
        default: "so that a text that is read so often"
        }
      #expect(line.contains(words), "\(line)")
      reasons[words, default: 0] += 1
    }
    #expect(reasons.count == 3, "\(reasons)")
  }

  @Test func whatWouldHelpIsSaid() {
    func last(_ seconds: Double, tokens: Int = 300_000) -> [String] {
      let recipe = Self.recipe(seconds: seconds, tokens: tokens)
      return Array(recipe.lines(settled: recipe.configuration).dropFirst(3))
    }
    #expect(
      last(60) == ["With about 1.5 minutes a network of 512 units would be better."])
    #expect(
      last(3_600, tokens: 60_000) == [
        "The run ends after about 1.0 minutes: further passes over so short a text would only "
          + "memorize it.",
        "More text would make the model better, more time would not.",
      ])
    let short = last(10, tokens: 1_500)
    #expect(short.count == 2)
    #expect(short[0].contains(" seconds: further passes "), "\(short)")
    var given = RecipeConstraints()
    given.hiddenSize = 64
    let recipe = Self.recipe(seconds: 60, given: given)
    #expect(recipe.lines(settled: recipe.configuration).count == 3)
  }

  @Test func whatWasGivenIsToldAsGiven() {
    let recipe = Self.recipe(seconds: 100)
    var settled = recipe.configuration
    (settled.dropout, settled.schedule, settled.learningRate) = (0.015, .constant, 0.5)
    let lines = recipe.lines(settled: settled, givesDropout: true)
    #expect(lines[1].hasSuffix("learning rate 0.5 with the schedule constant."))
    #expect(lines[2] == "Dropout: 0.015, as given.")
    // What is given may be what would have been chosen.
    let same = recipe.lines(settled: recipe.configuration, givesDropout: true)
    #expect(same[2].hasSuffix(", as given."))
  }

  @Test func theNetworkOfAModelThatIsTrainedFurtherIsTheModels() {
    var given = RecipeConstraints()
    (given.cell, given.layerCount, given.hiddenSize) = (.lstm, 1, 512)
    let recipe = Self.recipe(seconds: 100, given: given)
    let settled = recipe.configuration
    #expect(recipe.lines(settled: settled)[0].hasSuffix(": as given."))
    let lines = recipe.lines(settled: settled, base: "novel.safetensors")
    #expect(lines[0].hasSuffix(": as in 'novel.safetensors'."), "\(lines)")
  }
}
