import ArgumentParser
import Diagnosis
import Kernels
import ModelFiles
import RecurrentNetwork
import Storage
import Tokenization

/// `charlm diagnose gradients`: compares trained models and untrained networks on one text.
struct DiagnoseGradients: Command {
  static let configuration = CommandConfiguration(
    commandName: "gradients",
    abstract: "Show how far back gradients reach.",
    discussion: """
      Examples:
        charlm diagnose gradients a.safetensors novel.txt --plot a.svg
        charlm diagnose gradients a.safetensors b.safetensors novel.txt
        charlm diagnose gradients --cell lstm --cell gru novel.txt

      The loss of one character at the end of a window is backpropagated through the window. The \
      norm of its gradient dL/dh_t, relative to that at the loss, shows how much the network can \
      learn from a character at that distance. Figures are medians over many windows. For an LSTM, \
      dL/dc_t is shown, too.
      """)

  @Argument(
    help: ArgumentHelp(
      "Any number of models, then the text; '-' is standard input.",
      valueName: "model... text"), completion: .file())
  var files: [String]

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Largest distance from the loss, in characters.", valueName: "n"))
  var window = 100

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Number of windows, spread evenly over the text.", valueName: "n"))
  var windows = 200

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The layer to examine; the lowest is 0. (default: the top layer)", valueName: "n"))
  var layer: Int?

  @Option(
    help: ArgumentHelp("Also draw the curves in this file.", valueName: "file.svg"),
    completion: .file(extensions: ["svg"]))
  var plot: String?

  @Flag(name: .shortAndLong, help: "Print one JSON object.")
  var json = false

  @OptionGroup var encoding: EncodingOptions
  @OptionGroup(title: "Untrained networks (with --cell)") var untrained: UntrainedOptions
  @OptionGroup(title: "Outputs") var outputOptions: OutputOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func validate() throws {
    guard files.count > 1 || !untrained.cells.isEmpty else {
      throw ValidationError("Give a model before the text, or --cell.")
    }
  }

  func execute() throws {
    try check("--window", window)
    try check("--windows", windows)
    try untrained.check()
    if let plot { try check(plot: plot) }
    let processor = try shared.processor()
    let text = try TextSource.input(files.last!)
    let profiles =
      try trainedProfiles(text, processor) + untrainedProfiles(text, processor)
    try report(profiles, textName: text.name)
  }

  private func trainedProfiles(
    _ text: TextSource, _ processor: Processor
  ) throws -> [GradientProfile] {
    try files.dropLast().map { path in
      let model = try TextModel(model: path, processor: processor)
      return try profile(
        of: model.weights, name: "'\(path)'", label: label(path), isTrained: true,
        tokens: tokens(text, model.tokenizer), processor: processor)
    }
  }

  private func untrainedProfiles(
    _ text: TextSource, _ processor: Processor
  ) throws -> [GradientProfile] {
    guard !untrained.cells.isEmpty else { return [] }
    let tokenizer = try Tokenizer.fit(
      [text], configuration: TokenizerConfiguration(), invalidUTF8: encoding.invalidUTF8)
    let tokens = try tokens(text, tokenizer)
    return try untrained.cells.map { cell in
      let weights = untrained.weights(
        cell, vocabularySize: tokenizer.vocabularySize, processor: processor)
      return try profile(
        of: weights, name: "the untrained \(cell.rawValue)", label: "untrained",
        isTrained: false, tokens: tokens, processor: processor)
    }
  }

  private func check(_ option: String, _ value: Int) throws {
    guard value >= 1 else { throw UsageError.numberTooSmall(option: option, value: value) }
  }

  /// Checks before any work that the plot can be written and overwrites no input.
  private func check(plot: String) throws {
    guard !files.contains(where: { isSameFile($0, plot) }) else {
      throw UsageError.plotOverwritesInput(path: plot)
    }
    try FileWriter.checkReplaceable(path: plot)
  }

  /// The name of a file without folders and suffix, with unprintable characters escaped.
  private func label(_ path: String) -> String {
    var name = lastComponent(of: path)
    let ending = ".safetensors"
    if name.hasSuffix(ending) { name = name.dropLast(ending.count) }
    return name.split(separator: " ").map { visible(String($0)) }.joined(separator: " ")
  }

  /// - Throws: `DiagnosisError.textTooShort`, or the errors of reading the text.
  private func tokens(_ text: TextSource, _ tokenizer: Tokenizer) throws -> TokenFile {
    let tokens = try TokenFile.write(
      [text], tokenizer: tokenizer, invalidUTF8: encoding.invalidUTF8,
      beside: "\(TemporaryFile.folder)/charlm")
    // The first step reads the mark of the beginning, and the last one predicts a token that must
    // exist.
    guard tokens.count - 2 >= window else {
      throw DiagnosisError.textTooShort(
        name: text.name, characterCount: tokens.count - 1, window: window)
    }
    return tokens
  }

  /// - Throws: `UsageError.noSuchLayer` or `DiagnosisError.noGradients`.
  private func profile(
    of weights: NetworkWeights, name: String, label: String, isTrained: Bool, tokens: TokenFile,
    processor: Processor
  ) throws -> GradientProfile {
    let network = weights.configuration
    let layer = layer ?? network.layerCount - 1
    guard 0..<network.layerCount ~= layer else {
      throw UsageError.noSuchLayer(layer, network: name, layerCount: network.layerCount)
    }
    return try GradientProfile(
      of: weights, name: name, label: label, isTrained: isTrained, layer: layer,
      windows: .init(furthestDistance: window, count: windows), tokenCount: tokens.count,
      processor: processor, copyingTokens: tokens.copy)
  }

  private func report(_ profiles: [GradientProfile], textName: String) throws {
    if json {
      try JSONLine([
        ("text", textName), ("window", window), ("networks", profiles.map(\.figures)),
      ]).print()
    } else {
      try StandardOutput.write(profiles.map(\.table).joined(separator: "\n"))
    }
    guard let plot else { return }
    try outputOptions.keepPrevious(plot, shared: shared)
    try FileWriter.replace(path: plot, with: GradientPlot(profiles: profiles).svg)
    shared.note("Wrote '\(plot)'.")
  }
}
