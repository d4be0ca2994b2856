import CharlmKit

// The examples in the documentation of types, with what they presuppose as parameters.
// `DocumentationTests` compares them.

enum ModelExamples {
  static func multiply(a: MatrixView, packed: PackedMatrixView, c: MatrixView) {
    let kernels = KernelSet(.best)
    kernels.multiply(a, by: packed, into: c)  // c = a B
    kernels.multiply(a, by: packed, into: c, adding: true)  // c += a B
  }

  static func drawNumber() {
    var stream = RandomStream(seed: 1, purpose: 7)
    let number = stream.nextUniform()  // in [0, 1)
    _ = number
  }

  static func shareWork(work: @Sendable (Range<Int>) -> Void) {
    let team = ThreadTeam(threadCount: 2)
    team.forEachRange(of: 1_000) { range, _ in work(range) }
  }

  static func predictFirstCharacter() throws {
    let processor = Processor(threadCount: 1)
    let model = try TextModel(path: "model.safetensors", processor: processor)
    var predictor = Predictor(weights: model.weights, processor: processor)
    var state = RecurrentState(model.weights.configuration)
    var logits: [Float] = []
    let prompt = model.tokenizer.encode("Once upon a time").ids
    predictor.advance([Vocabulary.endOfText] + prompt, state: &state, logits: &logits)
    _ = logits
  }

  static func readArchive() throws {
    let archive = try SafetensorsArchive(path: "model.safetensors")
    for tensor in archive.tensors { print(tensor.name, tensor.shape) }
    let bias = try archive.floats(of: "lm_head.bias", shape: [96])
    let model = try archive.metadata(for: "charlm.model")
    _ = (bias, model)
  }

  static func compareModels(models: [TextModel], processor: Processor) throws {
    let comparison = try ModelComparison(models, on: [.file("text.txt")], processor: processor)
    let difference = comparison.difference(of: 0, and: 1)
    print(difference.natsPerCharacter, difference.standardError ?? .nan)
  }

  static func compareFunctions(models: [TextModel], processor: Processor) throws {
    let difference = try FunctionDifference(
      models[0], models[1], on: .file("text.txt"), processor: processor)
    print(difference.largestOfLogits, difference.isRounding)
  }

  static func exportModel(model: TextModel) throws {
    try ONNXExport(model).write(to: "model.onnx")
  }

  static func importModel(processor: Processor) throws {
    var settings = ModelImport()
    settings.vocabulary = ModelImport.VocabularySource(path: "stoi.json")
    let model = try settings.model(path: "lstm.safetensors", processor: processor)
    _ = model
  }

  static func traceStates(weights: NetworkWeights, tokens: [UInt16]) {
    var trace = StateTrace(weights: weights, processor: Processor(threadCount: 1))
    var state = RecurrentState(weights.configuration)
    trace.read(tokens, state: &state) { position, step in
      print(position, step.values(of: .hidden, layer: 0)[17])  // h of unit 17
    }
  }

  static func fillMetadata(json: String) {
    var metadata: SafetensorsMetadata = ["format": "pt"]
    metadata["model"] = json
    _ = metadata
  }

  static func writeArchive() throws {
    let writer = SafetensorsWriter(
      tensors: [TensorSource(name: "lm_head.bias", shape: [3], floats: [1, 2, 3])],
      metadata: ["format": "pt"])
    try writer.write(to: "model.safetensors")
  }

  static func measureGradients(weights: NetworkWeights, tokens: TokenFile) {
    var norms = GradientNorms(
      weights: weights, layer: 0, furthestDistance: 100, processor: Processor(threadCount: 2))
    let curves = norms.measure(
      windowCount: 200, tokenCount: tokens.count, copyingTokens: tokens.copy)
    print(curves[0].medians[10])  // |dL/dh_t| ten characters before the loss, divided by that at it
  }

  static func predictBatch(
    weights: NetworkWeights, states: [RecurrentState], tokens: [TokenID]
  ) {
    var batch = BatchPredictor(
      weights: weights, states: states, processor: Processor(threadCount: 2))
    let logits = batch.advance(tokens)  // [B x V], the logits of the next tokens
    _ = logits
  }

  static func predictTogether(weights: NetworkWeights, prompt: [TokenID]) {
    var ensemble = Ensemble([weights], processor: Processor(threadCount: 2))
    var states = ensemble.initialStates
    var logits: [Float] = []
    ensemble.read(prompt, states: &states, logits: &logits)
  }

  static func predictSideBySide(
    weights: NetworkWeights, states: [RecurrentState], tokens: [TokenID]
  ) {
    var batch = EnsembleBatch(
      [weights], states: [states, states], processor: Processor(threadCount: 2))
    let logits = batch.step(tokens)  // [2 x V], the logits of the next tokens
    _ = logits
  }

  static func predict(weights: NetworkWeights, beginOfText: TokenID) {
    var predictor = Predictor(weights: weights, processor: Processor(threadCount: 1))
    var state = RecurrentState(weights.configuration)
    var logits: [Float] = []
    predictor.advance([beginOfText], state: &state, logits: &logits)
    _ = logits
  }

  static func scoreSequence(
    weights: NetworkWeights, beginOfText: TokenID, next: () -> UnsafeBufferPointer<TokenID>?
  ) {
    var scorer = SequenceScorer(weights: weights, processor: Processor(threadCount: 2))
    var nats: [Double] = []
    scorer.beginText(after: beginOfText)
    while let tokens = next() { scorer.append(tokens, nats: &nats) }
    scorer.endText(nats: &nats)
  }

  static func backpropagate(
    configuration: NetworkConfiguration, parameters: borrowing ParameterBuffer,
    gradients: inout ParameterBuffer, inputs: UnsafePointer<TokenID>,
    targets: UnsafePointer<TokenID>, stream: RandomStream,
    processor: Processor
  ) {
    var pass = BackpropagationThroughTime(
      configuration: configuration, batchSize: 32, windowLength: 64, dropout: .none,
      processor: Processor(threadCount: 2))
    gradients.clear(processor: processor)
    let nats = pass.accumulateGradients(
      inputs: inputs, targets: targets, stepCount: 64, parameters: parameters,
      into: &gradients, dropoutStream: stream)  // summed over all T B tokens
    pass.carryState(stepCount: 64)
    _ = nats
  }

  static func chooseDropout() {
    var dropout = Dropout(layerOutput: 0.3)
    dropout.recurrentWeight = 0.5
    _ = dropout
  }

  static func chooseSettings(points: [TrainingSpeed.Point]) {
    let task = TrainingRecipe.Task(
      trainingTokens: 1_000_000, validationTokens: 100_000, vocabularySize: 65, seconds: 180)
    let recipe = TrainingRecipe(for: task, speed: TrainingSpeed(points))
    print(recipe.network.hiddenSize, recipe.configuration.dropout)
  }

  static func resumeTraining(run: TrainingRun, tokens: TokenFile, processor: Processor) throws {
    _ = try run.run { event in
      if case .checkpoint(let checkpoint) = event { try checkpoint.write(to: "run.checkpoint") }
    }
    // later, with the same texts
    let checkpoint = try TrainingCheckpoint(path: "run.checkpoint")
    let resumed = try TrainingRun(
      tokens: tokens, tokenizer: checkpoint.tokenizer, network: checkpoint.network,
      configuration: checkpoint.configuration, processor: processor)
    let result = try resumed.run(resuming: checkpoint) { event in print(event) }
    _ = result
  }

  static func trainModel(source: TextSource) throws {
    let tokenizer = try Tokenizer.fit([source], configuration: TokenizerConfiguration())
    let tokens = try TokenFile.write([source], tokenizer: tokenizer, beside: "model.safetensors")
    let network = NetworkConfiguration(
      vocabularySize: tokenizer.vocabularySize, embeddingSize: 128, hiddenSize: 128, layerCount: 1)
    let run = try TrainingRun(
      tokens: tokens, tokenizer: tokenizer, network: network,
      configuration: TrainingConfiguration(), processor: Processor(threadCount: 2))
    let result = try run.run { event in print(event) }
    try result.model.write(to: "model.safetensors")
  }

  static func trainByHand(network: NetworkConfiguration, tokens: TokenFile) throws {
    var trainer = Trainer(
      network: network, configuration: TrainingConfiguration(), tokens: tokens,
      range: 1..<tokens.count, processor: Processor(threadCount: 2))
    for _ in 0..<1_000 {
      let step = try trainer.step(progress: Double(trainer.stepCount) / 1_000)
      print(step.natsPerToken)
    }
    let weights = try trainer.weights()
    _ = weights
  }
}
