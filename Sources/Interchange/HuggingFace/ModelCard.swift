import ModelFiles
import RecurrentNetwork

/// The `README.md` of a model on a hub: what it is, what it was trained on, how well it predicts.
struct ModelCard {
  private let model: TextModel
  private let name: String
  private let commands: [String]
  private let hasCode: Bool

  /// - Parameter commands: command lines that use the model.
  init(_ model: TextModel, named name: String, commands: [String], hasCode: Bool) {
    self.model = model
    self.name = name
    self.commands = commands
    self.hasCode = hasCode
  }

  var text: String {
    """
    ---
    library_name: \(hasCode ? "transformers" : "charlm")
    pipeline_tag: text-generation
    tags:
    - charlm
    - character-level
    - \(model.weights.configuration.cell.rawValue)
    ---

    # \(name)

    A recurrent language model of single characters, written by charlm \(CharlmVersion.current).
    It continues texts like those that it was trained on; it knows no facts and follows no instructions.

    | network | |
    |---|---|
    \(rows(networkRows))

    \(training)

    ## Data

    \(data)

    ## Use

    \(usage)
    """
  }

  private func rows(_ rows: [(String, String)]) -> String {
    rows.map { "| \($0) | \($1) |" }.joined(separator: "\n")
  }

  private var networkRows: [(String, String)] {
    let network = model.weights.configuration
    var features: [String] = []
    if network.normalizationGroups != nil { features.append("normalized sums") }
    if network.isResidual { features.append("residual connections") }
    if network.tiesEmbeddings { features.append("tied embeddings") }
    let suffix = features.isEmpty ? "" : ", " + features.joined(separator: ", ")
    return [
      ("layers", "\(network.layerCount) x \(network.hiddenSize) \(network.cell.rawValue)\(suffix)"),
      ("weights", "\(ParameterLayout(network).count)"),
      (
        "tokens", "\(network.vocabularySize), each a \(model.tokenizer.configuration.unit.rawValue)"
      ),
    ]
  }

  private var training: String {
    guard model.training.steps > 0 else { return "Its training is not recorded." }
    return "| training | |\n|---|---|\n\(rows(trainingRows))"
  }

  private var trainingRows: [(String, String)] {
    let training = model.training
    let configuration = training.configuration
    var rows = [
      ("steps", "\(training.steps), of \(configuration.batchSize) x \(configuration.windowLength)"),
      ("characters read", "\(training.charactersSeen)"),
      ("seconds", "\(training.seconds.rounded(toPlaces: 1))"),
      ("learning rate, dropout", "\(configuration.learningRate), \(configuration.dropout)"),
    ]
    if let nats = training.validationNatsPerToken {
      let bits = nats * 1.442695040888963
      rows.append(
        (
          "validation",
          "\(nats.rounded(toPlaces: 4)) nats, \(bits.rounded(toPlaces: 4)) bits per token of "
            + "\(training.validationTokens) that it was not trained on; they chose these weights"
        ))
    }
    return rows
  }

  private var data: String {
    guard let sources = model.training.sources else {
      return "The model does not record its texts."
    }
    let texts = sources.texts.map {
      "- `\($0.name)`, \($0.byteCount) bytes, SHA-256 `\($0.digest)`"
    }
    let rest = sources.textCount - sources.texts.count
    return (texts + (rest > 0 ? ["- and \(rest) others"] : [])).joined(separator: "\n")
  }

  private var usage: String {
    let own = commands.isEmpty ? "" : "```\n\(commands.joined(separator: "\n"))\n```\n\n"
    guard hasCode else { return own + "`AutoTokenizer.from_pretrained` loads the tokenizer.\n" }
    return own + """
      ```python
      from transformers import AutoModelForCausalLM, AutoTokenizer

      tokenizer = AutoTokenizer.from_pretrained(".", trust_remote_code=True)
      model = AutoModelForCausalLM.from_pretrained(".", trust_remote_code=True)
      ids = tokenizer(tokenizer.bos_token + "It was", split_special_tokens=False, return_tensors="pt").input_ids
      print(tokenizer.decode(model.generate(ids, max_new_tokens=500)[0], skip_special_tokens=True))
      ```

      """
  }
}

extension Double {
  fileprivate func rounded(toPlaces places: Int) -> Double {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    return (self * scale).rounded() / scale
  }
}
