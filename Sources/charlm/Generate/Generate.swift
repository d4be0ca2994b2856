import ArgumentParser
import Evaluation
import Generation
import Kernels
import ModelFiles
import Tokenization

struct Generate: Command {
  static let configuration = CommandConfiguration(
    abstract: "Generate text with a model.",
    discussion: """
      Examples:
        charlm generate novel.safetensors --prompt "It was" --temperature 0.8
        charlm generate novel.safetensors --warm-up novel.txt --stop "THE END"
        charlm generate novel.safetensors --adapt letters.txt --prompt "Dear"
        charlm generate novel.safetensors --count 9 --pattern "[A-Z][a-z]+"
        charlm generate novel.safetensors --interactive --length 200

      The prompt and the text that follows it are printed as they grow, several samples when all \
      are complete. The same seed gives the same text. What changes the choice of characters \
      works in this order: --logit-bias, the penalties, --ban and --pattern, --temperature, \
      --top-k, --top-p, --min-p, --typical-p or --mirostat.

      With --adapt the weights first follow a text, by the steps of charlm evaluate --dynamic; \
      the model file stays as it is.
      """)

  @OptionGroup var models: ModelOptions

  @Option(help: "Decides the random choices. (default: another one each time)")
  var seed: UInt64?

  @Flag(help: "Write together with the model, in turns, at the terminal.")
  var interactive = false

  @Flag(help: "Print one JSON object in place of the text.")
  var json = false

  @OptionGroup var encoding: EncodingOptions
  @OptionGroup(title: "Beginning of the text") var beginning: PromptOptions
  @OptionGroup(title: "Adapting") var adapting: AdaptationOptions
  @OptionGroup(title: "Form and end of the text") var stopping: StoppingOptions
  @OptionGroup(title: "Choice of characters") var sampling: SamplingOptions
  @OptionGroup(title: "Choice among texts") var search: SearchOptions
  @OptionGroup(title: "Machine") var weights: WeightOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func execute() throws {
    let plainSettings = try sampling.plainSettings()
    var criteria = try stopping.criteria()
    try adapting.check(weights)
    try beginning.check(files: models.paths + adapting.files)
    try search.check(
      sampling, hasSeed: seed != nil, savesState: beginning.saveState != nil)
    if interactive { try checkInteractive() }
    let processor = try shared.processor()
    let trained = try models.models(weights, processor: processor)
    let settings = try sampling.settings(plainSettings, for: trained[0].tokenizer)
    criteria = try criteria.compiled(for: trained[0].tokenizer, banned: settings.banned)
    let prompt = try beginning.prompt(
      for: trained[0].tokenizer, encoding: encoding, shared: shared)
    let models = try adapting.adapted(
      trained, names: self.models.names, encoding: encoding, shared: shared, processor: processor)
    var generator = try TextGenerator(models, processor: processor)
    var context = try beginning.context(
      &generator, models: models, encoding: encoding, shared: shared)
    // The seeds of one's own choosing are numbers that can be typed again.
    let seed = seed ?? UInt64.random(in: 0..<1_000_000)
    if interactive {
      context = try write(
        by: generator, tokenizer: models[0].tokenizer, from: context, after: prompt,
        settings: settings, seed: seed)
      if let path = beginning.saveState { try context.write(to: path, models: models) }
      return
    }
    let report = GenerationReport(prompt: prompt, printsJSON: json)
    let isRandom = search.beams == nil
    if let beamCount = search.beams {
      try report.printOne(seed: nil) { _ in
        try generator.search(
          after: prompt, from: context, beamCount: beamCount, until: criteria,
          banned: settings.banned)
      }
    } else if let count = search.bestOf ?? (search.count > 1 ? search.count : nil) {
      let stopwatch = Stopwatch()
      let results = try generator.generate(
        after: prompt, from: context, count: count, until: criteria, settings: settings,
        seed: seed)
      let best = search.bestOf == nil ? nil : GenerationResult.mostLikely(of: results)
      try report.print(results, only: best, seed: seed, seconds: stopwatch.seconds)
    } else {
      try report.printOne(seed: seed) { emit in
        try generator.generate(
          after: prompt, from: &context, until: criteria, settings: settings, seed: seed,
          emit: emit)
      }
    }
    if let path = beginning.saveState { try context.write(to: path, models: models) }
    if self.seed == nil, isRandom { shared.note("charlm: --seed \(seed) gives this text again.") }
  }
}
