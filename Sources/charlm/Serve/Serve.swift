import ArgumentParser
import FoundationEssentials
import Glibc
import Kernels
import ModelFiles
import ServerLaunch
import Storage
import Tokenization

struct Serve: Command {
  static let configuration = CommandConfiguration(
    abstract: "Serve models to a browser and to programs.",
    discussion: """
      Examples:
        charlm serve novel.safetensors
        charlm serve --models models --allow-training
        charlm serve novel.safetensors --port 9000

      The address that is printed opens a page on which to write, measure and train. Programs use \
      the same address: POST /v1/completions is OpenAI's protocol, and GET /openapi.json describes \
      all paths.

      Options, except those of the machine, can also be environment variables, such as \
      CHARLM_PORT=9000; an option wins. Only this machine can reach the server unless --host says otherwise.
      """)

  @Argument(
    help: "Model files, or 'english', the built-in model, which is served if none is named.",
    completion: .file(extensions: ["safetensors"]))
  var model: [String] = []

  @Option(
    help: ArgumentHelp("A folder of models; those added later are found.", valueName: "folder"),
    completion: .directory)
  var models: String?

  @Option(help: "The address to listen on. (default: 127.0.0.1, this machine only)")
  var host: String?

  @Option(help: "The port to listen on; 0 for any free one. (default: 8080)")
  var port: Int?

  @Option(
    help: ArgumentHelp(
      "A file with a key that programs must send and the page asks for.", valueName: "file"),
    completion: .file())
  var apiKeyFile: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Let pages of this origin, such as https://example.org, use the server. Repeatable.",
      valueName: "origin"))
  var allowOrigin: [String] = []

  @Flag(help: "Let the page train models into the folder of --models.")
  var allowTraining = false

  @Option(
    help: ArgumentHelp(
      "Megabytes for loaded models. (default: a quarter of this machine's)", valueName: "mb"))
  var memory: Int?

  @Option(
    help: ArgumentHelp(
      "Texts of a model that grow side by side. (default: 64)", valueName: "n"))
  var parallel: Int?

  @Option(
    help: ArgumentHelp(
      "Prompts that may wait or be continued at once; others get status 429. (default: 256)",
      valueName: "n"))
  var queue: Int?

  @Option(
    help: ArgumentHelp(
      "Seconds that texts in progress get after Ctrl-C or SIGTERM. (default: 30)", valueName: "s"))
  var grace: Int?

  @OptionGroup(title: "Machine") var weights: WeightOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func execute() throws {
    let settings = try settings()
    let program = folder(of: settings.command) + "/" + ServerSettings.programName
    guard access(program, X_OK) == 0 else { throw ServeError.programMissing(path: program) }
    let json = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
    let texts: [String] = [program, json]
    var words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
    words.append(nil)
    execv(program, &words)
    throw ServeError.cannotStart(path: program, reason: String(cString: strerror(errno)))
  }

  // MARK: Settings

  /// All settings, checked.
  private func settings() throws -> ServerSettings {
    let processor = try shared.processor()
    var settings = ServerSettings()
    settings.folder = models ?? Self.variable("models")
    settings.models =
      model.isEmpty && settings.folder == nil ? [BuiltInModel.english.rawValue] : model
    settings.host = host ?? Self.variable("host") ?? settings.host
    settings.port = try number("port", port, in: 0...65_535) ?? settings.port
    settings.allowedOrigins =
      allowOrigin.isEmpty
      ? (Self.variable("allow-origin") ?? "").split(separator: " ").map(String.init) : allowOrigin
    settings.allowsTraining = allowTraining || Self.variable("allow-training") == "1"
    settings.memoryByteCount =
      (try number("memory", memory, in: 1...10_000_000)).map { $0 * 1_000_000 }
      ?? Int(MachineMemory.byteCount / 4)
    settings.parallelTexts = try number("parallel", parallel, in: 1...1_024) ?? 64
    settings.queuedPrompts = try number("queue", queue, in: 1...100_000) ?? 256
    settings.graceSeconds = try number("grace", grace, in: 1...3_600) ?? 30
    settings.threads = processor.team.threadCount
    settings.instructionSet = processor.kernels.instructionSet.rawValue
    settings.precision = weights.weights.rawValue
    settings.command = try Self.command()
    settings.isQuiet = shared.quiet
    settings.apiKey = try (apiKeyFile ?? Self.variable("api-key-file")).map(Self.key)
    try check(settings, processor)
    return settings
  }

  private func check(_ settings: ServerSettings, _ processor: Processor) throws {
    if let folder = settings.folder { try checkIsFolder(folder) }
    var paths: [String: String] = [:]
    for path in settings.models {
      // A damaged model is reported now, not to a client.
      _ = try TextModel(model: path, precision: weights.weights, processor: processor)
      let name = String(lastComponent(of: path))
      if let other = paths.updateValue(path, forKey: name) {
        throw ServeError.sameName(path: path, other: other)
      }
    }
    if settings.allowsTraining {
      guard let folder = settings.folder else {
        throw UsageError.needs(option: "--allow-training", other: "--models")
      }
      try FileWriter.checkReplaceable(path: folder + "/new.safetensors")
    }
    let isLocal = ["127.0.0.1", "localhost", "::1"].contains(settings.host)
    guard !isLocal, settings.apiKey == nil else { return }
    guard !settings.allowsTraining else {
      throw UsageError.needs(option: "--allow-training with --host", other: "--api-key-file")
    }
    shared.note(
      "Anyone who can reach \(settings.host) may use the models: consider --api-key-file.")
  }

  private func checkIsFolder(_ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else { throw StorageError.notFound(path: path) }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw ServeError.notAFolder(path: path) }
  }

  /// The path of this program.
  private static func command() throws -> String {
    guard let path = Executable.path else {
      throw ServeError.cannotStart(path: "/proc/self/exe", reason: String(cString: strerror(errno)))
    }
    return path
  }

  /// The key in a file, without white space around it.
  private static func key(_ path: String) throws -> String {
    let text = try TextSource.input(path).wholeText(invalidUTF8: .error)
    let key = text.trimming { $0.isWhitespace }
    guard !key.isEmpty else { throw ServeError.noKey(path: path) }
    return key
  }

  /// The value of an option's environment variable, such as `CHARLM_API_KEY_FILE`.
  private static func variable(_ option: String) -> String? {
    let name = "CHARLM_" + option.uppercased().replacing("-", with: "_")
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// - Throws: `UsageError.numberOutOfRange`.
  private func number(_ option: String, _ given: Int?, in range: ClosedRange<Int>) throws -> Int? {
    let variable = Self.variable(option)
    guard given != nil || variable != nil else { return nil }
    guard let value = given ?? variable.flatMap(Int.init) else {
      throw ServeError.notANumber(variable: option, value: variable ?? "", range: range)
    }
    guard range.contains(value) else {
      throw UsageError.numberOutOfRange(option: "--\(option)", value: value, range: range)
    }
    return value
  }
}

extension String {
  fileprivate func trimming(_ isTrimmed: (Character) -> Bool) -> String {
    var rest = self[...]
    while let first = rest.first, isTrimmed(first) { rest.removeFirst() }
    while let last = rest.last, isTrimmed(last) { rest.removeLast() }
    return String(rest)
  }
}

/// Reasons why the server cannot be started.
enum ServeError: UsageFault {
  case notAFolder(path: String)
  case sameName(path: String, other: String)
  case noKey(path: String)
  case notANumber(variable: String, value: String, range: ClosedRange<Int>)
  case programMissing(path: String)
  case cannotStart(path: String, reason: String)

  var description: String {
    switch self {
    case .notAFolder(let path):
      "--models '\(path)' is a file: give the folder that it is in, or the file without --models."
    case .sameName(let path, let other):
      "'\(path)' and '\(other)' have the same name, by which clients choose a model: rename one."
    case .noKey(let path):
      "The file '\(path)' has no key: write one line of letters and digits in it."
    case .notANumber(let variable, let value, let range):
      "The environment variable for --\(variable) is '\(visible(value))': "
        + "give a number from \(range.lowerBound) to \(range.upperBound)."
    case .programMissing(let path):
      "The server is a program of its own, and '\(path)' is missing; build it: "
        + "CHARLM_SERVER=1 swift build -c release --product \(ServerSettings.programName)"
    case .cannotStart(let path, let reason):
      "Cannot start '\(path)': \(reason)."
    }
  }
}
