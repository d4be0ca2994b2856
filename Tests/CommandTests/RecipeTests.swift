import Testing

/// The commands of docs/coming-from.md still do what the page says.
@Suite(.serialized) struct RecipeTests {
  let page: RecipePage
  let charlm: Charlm

  init() throws {
    page = try RecipePage()
    charlm = try Charlm()
  }

  private func commands(_ verb: String) -> [[String]] {
    page.commands.filter { $0.first == verb }
  }

  @Test func thePageHasARecipeForEachProgram() {
    #expect(commands("train").count == 8)
    #expect(commands("generate").count == 2)
    #expect(page.commands.count == 10)
    #expect(page.options.isSuperset(of: ["--cell", "--ema", "--top-k"]))
  }

  /// Settings are checked before the text is opened, so the missing text is the only error.
  @Test func everyRecipeIsAcceptedInFullSize() throws {
    for recipe in commands("train") {
      let outcome = try charlm.run(recipe)
      #expect(outcome.status == 66, "\(recipe): \(outcome.messages)")
      #expect(outcome.messages.contains("'text.txt'"), "\(recipe): \(outcome.messages)")
    }
  }

  @Test func everyRecipeTrainsAndItsModelWrites() throws {
    try charlm.write((0..<200).map { "line \($0 % 10): a sheep\n" }.joined(), to: "text.txt")
    for recipe in commands("train") {
      let outcome = try charlm.run(inSmallSize(recipe))
      #expect(outcome.status == 0, "\(recipe): \(outcome.messages)")
      #expect(outcome.objects.last?["steps"] as? Int == 2, "\(recipe): \(outcome.output)")
      for command in commands("generate") {
        let text = try charlm.run(command)
        #expect(text.status == 0, "\(command): \(text.messages)")
        #expect(text.output.utf8.count >= 500)
      }
    }
  }

  @Test func everyOptionOfThePageExists() throws {
    let help = try ["train", "generate"].map { try charlm.run($0, "--help").output }.joined()
    let unknown = page.options.subtracting(RecipePage.options(in: help))
    #expect(unknown.isEmpty)
  }

  /// The same recipe with a small network, short windows and two steps, for a build without
  /// optimization.
  private func inSmallSize(_ recipe: [String]) -> [String] {
    let sizes = [
      "--hidden-size": "16", "--embedding-size": "12", "--batch-size": "4", "--window": "8",
    ]
    var small: [String] = []
    var words = recipe[...]
    while let word = words.popFirst() {
      if ["--epochs", "--max-steps"].contains(word) {
        words.removeFirst()
      } else {
        small.append(word)
        if let size = sizes[word] {
          words.removeFirst()
          small.append(size)
        }
      }
    }
    return small + ["--max-steps", "2", "--json", "--quiet"]
  }
}
