import Hummingbird
import Kernels
import NIOCore
import RecurrentNetwork
import ServerLaunch
import Serving

/// All parts of the server, and its routes.
struct ServerService: Sendable {
  let settings: ServerSettings
  let store: ModelStore
  let engine: InferenceEngine
  let completions: CompletionService
  let scorer: TextScorer
  let inspector: TextInspector
  let training: TrainingRuns?
  let metrics = ServerMetrics()

  /// The largest body of a request, except for one with texts to train on.
  static let mostBodyBytes = 1 << 20

  init(_ settings: ServerSettings) {
    let processor = Processor(
      instructionSet: InstructionSet(rawValue: settings.instructionSet) ?? .best,
      threadCount: settings.threads)
    self.settings = settings
    store = ModelStore(
      paths: settings.models, folder: settings.folder, mostByteCount: settings.memoryByteCount,
      precision: WeightPrecision(rawValue: settings.precision) ?? .float32, processor: processor)
    engine = InferenceEngine(
      processor: processor, mostTexts: settings.parallelTexts,
      mostRequests: settings.queuedPrompts)
    completions = CompletionService(store: store, engine: engine, limits: CompletionLimits())
    scorer = TextScorer(processor: processor)
    inspector = TextInspector(processor: processor)
    training =
      settings.allowsTraining
      ? settings.folder.map {
        TrainingRuns(folder: $0, command: settings.command, threadCount: settings.threads)
      } : nil
  }

  func router() -> Router<ServerContext> {
    let router = Router(context: ServerContext.self)
    router.add(middleware: ErrorResponder(metrics: metrics))
    router.add(middleware: AccessGuard(settings))
    addPage(to: router)
    addModels(to: router)
    addCompletions(to: router)
    addTokens(to: router)
    addEvaluation(to: router)
    addInspection(to: router)
    addTraining(to: router)
    addMonitoring(to: router)
    return router
  }

  /// The object in the body of a request.
  static func object(
    in request: Request, upTo mostBytes: Int = mostBodyBytes
  ) async throws -> JSONObject {
    let body = try await request.body.collect(upTo: mostBytes)
    return try JSONObject(body.readableBytesView)
  }
}
