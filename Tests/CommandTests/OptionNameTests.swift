import Diagnosis
import Evaluation
import Generation
import Testing
import Tokenization
import Training
import charlm

/// The options that messages about settings name.
@Suite struct OptionNameTests {
  static let settings: [String] =
    TrainingSetting.allCases.map(\.rawValue) + GenerationSetting.allCases.map(\.rawValue)
    + EvaluationSetting.allCases.map(\.rawValue) + TokenizerSetting.allCases.map(\.rawValue)
    + DiagnosisSetting.allCases.map(\.rawValue)
    // The names in the errors of networks and benchmarks.
    + [
      "number of layers", "hidden size", "embedding size", "vocabulary size", "activation",
      "normalization groups", "residual connections", "invalid UTF-8",
    ]

  /// Every option of every verb.
  private func options() throws -> Set<String> {
    let charlm = try Charlm()
    return try HelpTests.verbs.reduce(into: []) { options, verb in
      let help = try charlm.run(verb.split(separator: " ").map(String.init) + ["--help"]).output
      options.formUnion(RecipePage.options(in: help))
    }
  }

  @Test func everySettingNamesAnOptionThatExists() throws {
    let options = try options()
    #expect(options.isSuperset(of: ["--learning-rate", "--top-k", "--dynamic-rate"]))
    for setting in Self.settings {
      let option = try #require(OptionName.of(setting: setting), "\(setting)")
      let name = try #require(option.split(separator: " ").first)
      #expect(options.contains(String(name)), "\(setting): \(option)")
    }
  }
}
