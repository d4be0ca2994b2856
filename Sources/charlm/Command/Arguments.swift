/// The words of the command line after the program's name.
enum Arguments {
  /// The words, each negative number joined to the option before it.
  static let all = joiningNegativeNumbers(Array(CommandLine.arguments.dropFirst()))

  /// Turns `--seed -1` into `--seed=-1`: the argument parser would take the number for an option
  /// and the value for missing, instead of saying what is wrong with it.
  static func joiningNegativeNumbers(_ words: [String]) -> [String] {
    var joined: [String] = []
    var mayBeOptions = true
    for word in words {
      if mayBeOptions, let option = joined.last, isOptionWithoutValue(option),
        word.hasPrefix("-"), Double(word) != nil
      {
        joined[joined.count - 1] = "\(option)=\(word)"
      } else {
        joined.append(word)
      }
      if word == "--" { mayBeOptions = false }
    }
    return joined
  }

  private static func isOptionWithoutValue(_ word: String) -> Bool {
    word.hasPrefix("-") && word != "-" && word != "--" && !word.contains("=")
  }
}
