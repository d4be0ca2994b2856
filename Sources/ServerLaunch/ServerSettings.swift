/// What `charlm serve` hands to the program that serves: its only argument, as JSON.
///
/// The server is a program of its own, so that the command is built without any code of networks.
package struct ServerSettings: Codable, Sendable, Equatable {
  /// Model files.
  package var models: [String] = []
  /// A folder of model files.
  package var folder: String?
  package var host = "127.0.0.1"
  package var port = 8080
  /// The key that clients must send; nil for none.
  package var apiKey: String?
  /// Origins of pages, other than the server's own, that may send requests.
  package var allowedOrigins: [String] = []
  /// Whether clients may train models into `folder`.
  package var allowsTraining = false
  /// The memory for loaded models, in bytes.
  package var memoryByteCount = 2_000_000_000
  /// The most texts of a model that grow side by side.
  package var parallelTexts = 64
  /// The most prompts that wait or whose texts grow.
  package var queuedPrompts = 256
  package var connections = 4_096
  /// Seconds that texts in progress may take after the server was asked to end.
  package var graceSeconds = 30
  package var threads = 1
  package var instructionSet = "baseline"
  package var precision = "float32"
  /// The path of the command, which trains.
  package var command = "charlm"
  package var isQuiet = false

  package init() {}

  /// The name of the program, which is in the command's folder.
  package static let programName = "charlm-server"
}
