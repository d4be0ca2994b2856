import Glibc
import Serving
import Synchronization

/// Counts since the start, in the text format of Prometheus.
final class ServerMetrics: Sendable {
  private struct Counts {
    var responses: [Int: Int] = [:]
    var promptTokens = 0
    var completionTokens = 0
  }

  private let counts = Mutex(Counts())
  private let start = time(nil)

  /// Counts a response by its status; there are few of them.
  func count(_ status: Int) { counts.withLock { $0.responses[status, default: 0] += 1 } }

  func count(_ usage: CompletionResponse.Usage?) {
    guard let usage else { return }
    counts.withLock {
      $0.promptTokens += usage.promptTokens
      $0.completionTokens += usage.completionTokens
    }
  }

  /// Counts the characters of a streamed part.
  func count(_ part: CompletionResponse) {
    let tokens = part.choices.reduce(0) { $0 + $1.text.unicodeScalars.count }
    counts.withLock { $0.completionTokens += tokens }
  }

  func text(load: InferenceEngine.Load, models: Int) -> String {
    let counts = counts.withLock { $0 }
    let responses = counts.responses.sorted { $0.key < $1.key }.map {
      (name: "charlm_responses_total{status=\"\($0.key)\"}", value: $0.value)
    }
    return metric("charlm_responses_total", "counter", "Responses by status.", responses)
      + metric("charlm_prompt_tokens_total", "counter", "Tokens of prompts.", counts.promptTokens)
      + metric(
        "charlm_completion_tokens_total", "counter", "Tokens of generated texts.",
        counts.completionTokens)
      + metric("charlm_prompts", "gauge", "Prompts that wait or are continued.", load.requests)
      + metric("charlm_texts", "gauge", "Texts that grow.", load.texts)
      + metric("charlm_models_loaded", "gauge", "Models in memory.", models)
      + metric(
        "charlm_uptime_seconds", "gauge", "Seconds since the start.", Int(time(nil) - start))
  }

  private func metric(_ name: String, _ type: String, _ help: String, _ value: Int) -> String {
    metric(name, type, help, [(name, value)])
  }

  private func metric(
    _ name: String, _ type: String, _ help: String, _ rows: [(name: String, value: Int)]
  ) -> String {
    "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
      + rows.map { "\($0.name) \($0.value)\n" }.joined()
  }
}
