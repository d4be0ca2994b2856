import ArgumentParser
import FoundationEssentials

/// The verbs of the command line and their options, as the argument parser describes them.
struct CommandTree: Decodable {
  struct Option: Decodable {
    struct Name: Decodable {
      let kind: String
      let name: String
    }

    let names: [Name]?
    let shouldDisplay: Bool
  }

  let commandName: String
  let aliases: [String]?
  let subcommands: [CommandTree]?
  let arguments: [Option]?

  /// The names of the options, as in `--output`, except the hidden and the short ones.
  var options: [String] {
    (arguments ?? []).filter(\.shouldDisplay).flatMap { $0.names ?? [] }
      .filter { $0.kind == "long" }.map { "--\($0.name)" }
  }

  /// Whether `word` is an option of the verb, or several short ones, with or without a value.
  func isOption(_ word: String) -> Bool {
    let name = word.prefix { $0 != "=" }
    guard !name.hasPrefix("--") else {
      return (arguments ?? []).flatMap { $0.names ?? [] }.contains { "--\($0.name)" == name }
    }
    let letters = (arguments ?? []).flatMap { $0.names ?? [] }.filter { $0.kind == "short" }
    return name.hasPrefix("-") && name.count > 1
      && name.dropFirst().allSatisfy { letter in letters.contains { $0.name == String(letter) } }
  }

  /// The names of the verbs.
  var verbs: [String] { (subcommands ?? []).map(\.commandName).filter { $0 != "help" } }

  /// The tree of charlm; nil if the argument parser describes it in another way than expected.
  static func ofCharlm() -> CommandTree? {
    struct Description: Decodable { let command: CommandTree }
    do {
      _ = try Charlm.parseAsRoot(["--experimental-dump-help"])
      return nil
    } catch {
      let text = Charlm.message(for: error)
      return try? JSONDecoder().decode(Description.self, from: Data(text.utf8)).command
    }
  }

  /// The path to a verb.
  struct Path {
    /// The words of the path, as in `charlm diagnose gradients`.
    let text: String
    let verb: CommandTree
    /// The word after the path, unless it is an option.
    let next: String?

    /// The word that should continue the path and is not a verb.
    var unknown: String? { verb.verbs.isEmpty ? nil : next }
  }

  /// Follows `words` from verb to verb, as far as they are verbs.
  func path(_ words: some Collection<String>) -> Path {
    let word = words.first.flatMap { $0.hasPrefix("-") ? nil : $0 }
    let next = subcommands?.first { verb in
      verb.commandName == word || verb.aliases?.contains { $0 == word } == true
    }
    guard let next else { return Path(text: commandName, verb: self, next: word) }
    let rest = next.path(words.dropFirst())
    return Path(text: "\(commandName) \(rest.text)", verb: rest.verb, next: rest.next)
  }
}
