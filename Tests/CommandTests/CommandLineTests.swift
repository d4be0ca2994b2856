import Testing
import charlm

/// How the command line is read, and what it answers to mistakes.
@Suite struct CommandLineTests {
  let charlm: Charlm

  init() throws { charlm = try Charlm() }

  @Test(arguments: [
    ("nonsense", "charlm has no verb 'nonsense': give train, generate, "),
    ("help nonsense", "charlm has no verb 'nonsense': give train, generate, "),
    ("evalute m t", "charlm has no verb 'evalute': did you mean 'charlm evaluate'?"),
    ("help trian", "charlm has no verb 'trian': did you mean 'charlm train'?"),
    (
      "diagnose grad m t",
      "charlm diagnose has no verb 'grad': did you mean 'charlm diagnose gradients'?"
    ),
    ("help train nonsense", "charlm train has no verb 'nonsense': see 'charlm train --help'."),
    (
      "train t --output m --epoch 1",
      "charlm train has no option '--epoch': did you mean '--epochs'?"
    ),
    (
      "train t --output m --hidden 1",
      "charlm train has no option '--hidden': did you mean '--hidden-size'?"
    ),
    (
      "train t --output m --hidden_size=1",
      "charlm train has no option '--hidden_size': did you mean '--hidden-size'?"
    ),
    (
      "train t --output m --perplexity",
      "charlm train has no option '--perplexity': see 'charlm train --help'."
    ),
    ("evaluate m --baselines a b", "give it before the option"),
    ("train t —output m", "'—output' begins with a typographic dash: type --output."),
    ("train t –o m", "'–o' begins with a typographic dash: type -o."),
    ("train t -o m —hidden-size=9 --epoch 1", "type --hidden-size=9."),
    ("generate m --prompt “Jim said”", "'“Jim' has typographic quotes: type \" in their place."),
    ("train t -o m -m 0,5", "-m is 0,5, which is not a number: write 0.5."),
    ("generate m --temperature 0,5", "--temperature is 0,5, which is not a number: write 0.5."),
    ("train t -o m --max-steps 1,000", "write 1000, or 1.000 for a fraction."),
    (
      "generate m --prompt -Hello", "--prompt has no value, because what follows begins with a dash"
    ),
    ("generate m -p -Hello", "write -p='-Hello'."),
  ])
  func aMistakeNamesWhatWasMeant(words: String, message: String) throws {
    let outcome = try charlm.run(words.split(separator: " ").map(String.init))
    #expect(outcome.status == 64)
    #expect(outcome.messages.hasPrefix("charlm: "), "\(outcome.messages)")
    #expect(outcome.messages.contains(message), "\(outcome.messages)")
    #expect(outcome.output.isEmpty)
  }

  /// A file that is missing may be one whose name was quoted; other texts may have such quotes.
  @Test func quotesThatNameNoFileAreExplained() throws {
    for words in [["train", "“text.txt”", "-o", "m"], ["inspect", "‘m’"]] {
      let outcome = try charlm.run(words)
      #expect(outcome.status == 66)
      #expect(outcome.messages.contains(" has typographic quotes: type"), "\(outcome.messages)")
    }
    try charlm.trainSmallModel()
    let outcome = try charlm.run(
      "generate", "model.safetensors", "-n", "5", "--prompt", "“line”", "--top-k", "0")
    #expect(outcome.status == 64 && !outcome.messages.contains("quotes"), "\(outcome.messages)")
    #expect(
      try charlm.run("generate", "model.safetensors", "-n", "5", "--prompt=- l").status == 0)
    let missing = try charlm.run("generate", "m", "--prompt", "--length", "3")
    #expect(missing.messages.contains("Missing value for '--prompt"), "\(missing.messages)")
  }

  @Test(arguments: ["train", "diagnose memorisation", "diagnose"])
  func helpOfAVerbIsItsHelp(verb: String) throws {
    let words = verb.split(separator: " ").map(String.init)
    let outcome = try charlm.run(["help"] + words)
    #expect(outcome.status == 0 && outcome.messages.isEmpty)
    #expect(try outcome.output == charlm.run(words + ["--help"]).output)
  }

  @Test(arguments: [
    "train t -o m --seed", "train t -o m -s", "train t -o m --threads",
    "train t -o m --learning-rate", "train t -o m --hidden-size", "train t -o m --max-steps",
    "train t -o m --minutes", "train t -o m --checkpoint-every", "train t -o m --sample-every",
    "generate m --seed", "generate m --length", "generate m -n", "generate m --temperature",
    "generate m -k", "generate m --count", "generate m --threads", "evaluate m t --threads",
    "compress m t --threads", "tokenize m t --threads", "diagnose gradients m t --window",
    "diagnose gradients m t --threads", "diagnose memorization m t --copies",
    "benchmark --seconds", "benchmark train --layers", "benchmark --threads",
  ])
  func aNegativeNumberIsAValue(words: String) throws {
    let words = words.split(separator: " ").map(String.init)
    let outcome = try charlm.run(words + ["-1"])
    #expect(outcome.status == 64)
    #expect(
      outcome.messages.contains(#/ is -1(\.0)?: give|-1(\.0)? .*: give/#), "\(outcome.messages)")
  }

  @Test func aNegativeNumberIsReadAsAnyOther() throws {
    try charlm.trainSmallModel()
    func text(_ words: String...) throws -> String {
      let outcome = try charlm.run(["generate", "model.safetensors", "-q"] + words)
      #expect(outcome.status == 0, "\(outcome.messages)")
      return outcome.output
    }
    #expect(try text("-p", "-1", "-n", "0") == text("--prompt=-1", "--length=0"))
    // A resumed run reads its command line again.
    let outcome = try charlm.run(
      "train", "text.txt", "-o", "new.safetensors", "--hidden-size", "16", "--max-steps", "4",
      "--forget-bias", "-0.5", "-s", "3", "--checkpoint", "kept", "-q")
    #expect(outcome.status == 0, "\(outcome.messages)")
    let resumed = try charlm.run("train", "--resume", "kept", "--max-steps", "6", "-q")
    #expect(resumed.status == 0, "\(resumed.messages)")
    #expect(try charlm.run("inspect", "new.safetensors").output.contains("forget bias -0.5\n"))
    let contradiction = try charlm.run("train", "--resume", "kept", "-s", "4", "-q")
    #expect(contradiction.status == 64)
    #expect(contradiction.messages.contains("-s differs from the checkpoint"))
  }

  @Test func shortOptionsAreTheLongOnes() throws {
    try charlm.trainSmallModel()
    let short = try charlm.run(
      "generate", "model.safetensors", "-p", "line", "-n", "20", "-t", "0.7", "-k", "5", "-s", "2",
      "-qj")
    let long = try charlm.run(
      "generate", "model.safetensors", "--prompt", "line", "--length", "20", "--temperature", "0.7",
      "--top-k", "5", "--seed", "2", "--quiet", "--json")
    #expect(short.status == 0, "\(short.messages)")
    let texts = [short, long].map { $0.objects.first?["text"] as? String }
    #expect(texts[0] != nil && texts[0] == texts[1])
  }

  @Test(arguments: [
    ("hid", "hidden"), ("lerning-rate", "learning-rate"), ("hidden-size", "hidden-size"),
    ("hat", nil), ("", "hidden"),
  ])
  func theNearestNameIsNearEnough(word: String, name: String?) {
    let names = ["learning-rate", "hidden-size", "hidden"]
    #expect(NearestName.to(word, of: names) == name)
  }
}
