import CharlmKit

// The examples in the documentation of types, with what they presuppose as parameters.
// `DocumentationTests` compares them.

enum TextExamples {
  static func compressText() throws {
    let processor = Processor(threadCount: 1)
    let model = try TextModel(path: "model.safetensors", processor: processor)
    var compressor = TextCompressor(model, processor: processor)
    let result = try compressor.compress(.file("novel.txt"), to: "novel.txt.charlm")
    print(result.bitsPerByte)
  }

  static func decompressText() throws {
    let file = try CompressedFile(path: "novel.txt.charlm")
    let processor = Processor(instructionSet: file.instructionSet, threadCount: 1)
    let model = try TextModel(path: "model.safetensors", processor: processor)
    var decompressor = TextDecompressor(model, processor: processor)
    try decompressor.decompress(file, to: "novel.txt")
  }

  static func evaluateDynamically() throws {
    let processor = Processor(threadCount: 1)
    let model = try TextModel(path: "model.safetensors", processor: processor)
    let settings = DynamicSettings()
    let statistics = GradientStatistics(
      sampledFrom: model.weights, segmentLength: settings.segmentLength, processor: processor)
    var evaluator = DynamicEvaluator(
      model, settings: settings, statistics: statistics, processor: processor)
    print(try evaluator.evaluate(.file("text.txt")).bitsPerCharacter)
  }

  static func matchCorpus(generated: String, model: TextModel) throws {
    var matcher = try CorpusMatcher([.text(generated, name: "sample")], tokenizer: model.tokenizer)
    try matcher.read(.file("corpus.txt"))
    let overlap = matcher.overlap()
    print(overlap.novelShare(ofLength: 8) ?? .nan, overlap.longestCopies(1)[0].text)
  }

  static func countNGrams(tokenizer: Tokenizer) -> NGramModel {
    var counts = NGramCounts(maximumOrder: 5)
    counts.append([Vocabulary.endOfText] + tokenizer.encode("one fish, two fish").ids)
    let model = NGramModel(counts, alphabetSize: tokenizer.alphabetSize)
    return model
  }

  static func useNGrams(model: NGramModel, tokens: [TokenID]) {
    var context = model.emptyContext
    var probabilities: [Double] = []
    for token in tokens {
      model.advance(token, &context, probabilities: &probabilities)
      print(probabilities[4])  // of `token`, by the 5-gram model
    }
  }

  static func evaluateTexts() throws {
    let processor = Processor(threadCount: 1)
    let model = try TextModel(path: "model.safetensors", processor: processor)
    var evaluator = Evaluator(model, processor: processor)
    let results = try evaluator.evaluate([.file("one.txt"), .file("two.txt")])
    let total = results.reduce(into: EvaluationResult()) { $0 += $1 }
    print(total.bitsPerCharacter, total.perplexityPerWord ?? .nan)
  }

  static func saveState(
    generator: inout TextGenerator, prompt: Prompt, criteria: StoppingCriteria, model: TextModel
  ) throws {
    var state = generator.initialState
    _ = try generator.read(.file("novel.txt"), into: &state)
    let result = try generator.generate(after: prompt, from: &state, until: criteria, seed: 1)
    try state.write(to: "state.safetensors", models: [model])
    _ = result
  }

  static func readPrompt(model: TextModel) throws {
    let prompt = try Prompt("Once upon a time", tokenizer: model.tokenizer)
    if let unknowns = prompt.unknowns { print("replaced: \(unknowns)") }
    _ = prompt
  }

  static func sample(logits: [Float]) throws {
    let settings = SamplerSettings(temperature: 0.8, topK: 40)
    var sampler = try Sampler(settings, vocabularySize: logits.count)
    var stream = RandomStream(seed: 1)
    let token = sampler.next(logits, using: &stream)
    _ = token
  }

  static func drawCandidate(logits: [Float], stream: inout RandomStream) {
    var candidates = TokenCandidates(logits, temperature: 0.8)
    candidates.keepTopP(0.9)
    let token = candidates.draw(using: &stream)
    print(candidates.probability(of: token))
  }

  static func generateText() throws {
    let processor = Processor(threadCount: 1)
    let model = try TextModel(path: "model.safetensors", processor: processor)
    var generator = TextGenerator(model, processor: processor)
    let prompt = try Prompt("Once upon a time", tokenizer: model.tokenizer)
    let result = try generator.generate(
      after: prompt, length: 200, settings: SamplerSettings(temperature: 0.8), seed: 1
    ) { print($0, terminator: "") }
    _ = result
  }

  static func makePattern() throws {
    let date = try Pattern(#"\d{1,2} (May|June) \d{4}"#)
    let criteria = StoppingCriteria(length: 40, pattern: date)
    _ = criteria
  }

  static func matchPattern(model: TextModel, tokens: [TokenID]) throws {
    var match = try PatternMatch(
      Pattern("[A-Z][a-z]+"), tokenizer: model.tokenizer, minimumLength: 0, length: 20)
    while !match.mustEnd {
      let token = tokens.first { match.allows($0) }!
      match.append(token)
    }
  }

  static func encodeLosslessly(tokenizer: Tokenizer, source: TextSource) throws {
    var encoder = LosslessEncoder(tokenizer)
    var tokens = LosslessTokens()
    try source.forEachPiece { encoder.append($0, to: &tokens) }
    encoder.finish(to: &tokens)
  }

  static func encodeText(tokenizer: Tokenizer, source: TextSource) throws {
    var encoder = TokenEncoder(tokenizer)
    try encoder.encode(source) { ids in
      print(ids.count)
      return true
    }
  }

  static func tokenize() throws {
    let source = TextSource.text("one fish, two fish", name: "fish")
    let tokenizer = try Tokenizer.fit([source], configuration: TokenizerConfiguration())
    let tokens = tokenizer.encode("no fish?")
    print(tokens.ids)  // [8, 9, 2, 5, 7, 10, 6, 0]
    print(tokens.unknowns[0].spelling)  // "?"
    print(tokenizer.decode(tokens.ids))  // "no fish" and U+FFFD
  }
}
