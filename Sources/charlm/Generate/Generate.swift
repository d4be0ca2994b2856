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
        charlm generate novel.safetensors -p "It was" -t 0.8
        charlm generate novel.safetensors --warm-up novel.txt --stop END
        charlm generate novel.safetensors --adapt letters.txt -p "Dear"
        charlm generate novel.safetensors --count 9 --pattern "[A-Z][a-z]+"
        charlm generate novel.safetensors --interactive --length 200

      The prompt and the generated text are printed as they grow; several samples are printed when \
      all are complete. The same seed gives the same text. The options that change the choice of \
      characters are applied in this order: --logit-bias, the penalties, --ban and --pattern, \
      --temperature, --top-k, --top-p, --min-p, --typical-p or --mirostat.

      With --adapt, the weights first adapt to a text, as with charlm evaluate --dynamic; the \
      model file is not changed.
      """)

  @OptionGroup var modelOptions: ModelOptions

  @Option(name: .shortAndLong, help: "Random seed. (default: a new one each time)")
  var seed: UInt64?

  @Flag(name: .shortAndLong, help: "Take turns with the model at the terminal.")
  var interactive = false

  @Flag(name: .shortAndLong, help: "Print one JSON object instead of the text.")
  var json = false

  @OptionGroup var encoding: EncodingOptions
  @OptionGroup(title: "Beginning of the text") var promptOptions: PromptOptions
  @OptionGroup(title: "Adapting") var adapting: AdaptationOptions
  @OptionGroup(title: "Form and end of the text") var stopping: StoppingOptions
  @OptionGroup(title: "Choice of characters") var sampling: SamplingOptions
  @OptionGroup(title: "Choice among texts") var search: SearchOptions
  @OptionGroup(title: "Outputs") var outputOptions: OutputOptions
  @OptionGroup(title: "Machine") var weights: WeightOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  /// What to generate with any of the ways of generating.
  struct Request {
    let criteria: StoppingCriteria
    let prompt: Prompt
    let settings: SamplerSettings
    let seed: UInt64
  }

  func execute() throws {
    let (plainSettings, plainCriteria) = try checkOptions()
    let processor = try shared.processor()
    let trained = try modelOptions.models(weights, processor: processor)
    let tokenizer = trained[0].tokenizer
    try checkMemory(trained)
    let settings = try sampling.settings(plainSettings, for: tokenizer)
    let prompt = try promptOptions.prompt(for: tokenizer, encoding: encoding, shared: shared)
    var criteria = plainCriteria
    // In turns, document follows document.
    if !interactive { stopping.applyDefault(to: &criteria, for: tokenizer) }
    try stopping.limit(&criteria, after: prompt, tokenizer: tokenizer, encoding: encoding)
    let request = Request(
      criteria: try criteria.compiled(for: tokenizer, banned: settings.banned), prompt: prompt,
      settings: settings, seed: seed ?? Self.randomSeed())
    let models = try adapting.adapted(
      trained, names: modelOptions.names, encoding: encoding, shared: shared, processor: processor)
    var generator = try TextGenerator(models, processor: processor)
    var state = try promptOptions.state(
      &generator, models: models, prompt: request.prompt, encoding: encoding, shared: shared)
    if interactive {
      try converse(request, by: generator, tokenizer: tokenizer, from: &state)
    } else {
      try print(request, by: &generator, from: &state)
    }
    if let path = promptOptions.saveState {
      try outputOptions.keepPrevious(path, shared: shared)
      try state.write(to: path, models: models)
    }
    if seed == nil, !interactive, search.beams == nil {
      shared.note("charlm: --seed \(request.seed) gives this text again.")
    }
  }

  /// Rejects invalid options before a model is read.
  private func checkOptions() throws -> (SamplerSettings, StoppingCriteria) {
    let settings = try sampling.plainSettings()
    let criteria = try stopping.criteria()
    try adapting.check(weights)
    try promptOptions.check(files: modelOptions.paths + adapting.files + stopping.files)
    try search.check(
      sampling, hasSeed: seed != nil, savesState: promptOptions.saveState != nil)
    if interactive { try checkInteractive() }
    return (settings, criteria)
  }

  /// - Throws: `UsageError.needsMemory`.
  private func checkMemory(_ models: [TextModel]) throws {
    let (option, count) = search.textCount
    let bytes = models.reduce(0.0) {
      $0 + $1.weights.configuration.inferenceByteCount(textCount: count)
    }
    try MachineMemory.check(
      bytes, for: "Generating \(count.grouped) texts side by side",
      remedy: "choose a smaller \(option)")
  }

  /// A seed that is short enough to be typed.
  static func randomSeed() -> UInt64 { SharedWork.seed ?? UInt64.random(in: 0..<1_000_000) }

  /// Generates one text, several samples, the best of several, or the result of a beam search, and
  /// prints it.
  private func print(
    _ request: Request, by generator: inout TextGenerator, from state: inout GenerationState
  ) throws {
    let report = GenerationReport(prompt: request.prompt, printsJSON: json)
    if let beamCount = search.beams {
      try report.printOne(seed: nil) { _ in
        try generator.search(
          after: request.prompt, from: state, beamCount: beamCount, until: request.criteria,
          banned: request.settings.banned)
      }
    } else if let count = search.bestOf ?? (search.count > 1 ? search.count : nil) {
      let stopwatch = Stopwatch()
      let results = try SharedWork.map(count: count, seed: request.seed) { samples in
        try generator.generate(
          after: request.prompt, from: state, count: samples.count, until: request.criteria,
          settings: request.settings, seed: request.seed &+ UInt64(samples.lowerBound))
      }
      let best = search.bestOf == nil ? nil : GenerationResult.mostLikely(of: results)
      try report.print(results, only: best, seed: request.seed, seconds: stopwatch.seconds)
    } else {
      try report.printOne(seed: request.seed) { emit in
        try generator.generate(
          after: request.prompt, from: &state, until: request.criteria,
          settings: request.settings, seed: request.seed, emit: emit)
      }
    }
  }

  // MARK: Interactive

  /// - Throws: `UsageError`.
  private func checkInteractive() throws {
    let rivals: [(name: String, isGiven: Bool)] = [
      ("--json", json), ("--count", search.count > 1), ("--best-of", search.bestOf != nil),
      ("--beams", search.beams != nil), ("--prompt-file -", promptOptions.promptFile == "-"),
      ("--warm-up -", promptOptions.warmUp == "-"),
    ]
    if let rival = rivals.first(where: \.isGiven) {
      throw UsageError.excludes(option: "--interactive", other: rival.name)
    }
    guard RawTerminal.isAvailable else { throw UsageError.noTerminal }
  }

  /// Lets a person and the model take turns.
  private func converse(
    _ request: Request, by generator: consuming TextGenerator, tokenizer: Tokenizer,
    from state: inout GenerationState
  ) throws {
    var session = WritingSession(
      generator: generator, state: promptOptions.continuesText ? state : nil,
      tokenizer: tokenizer, criteria: request.criteria,
      settings: request.settings, seed: request.seed)
    try session.begin(request.prompt)
    var console = InteractiveConsole(vocabulary: tokenizer.vocabulary, isQuiet: shared.quiet)
    try RawTerminal.use { try console.run(&session) }
    state = session.state
  }
}
