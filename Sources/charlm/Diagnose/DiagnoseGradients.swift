import ArgumentParser
import Kernels
import ModelFiles
import RecurrentNetwork
import Reporting
import Storage
import Tokenization

/// `charlm diagnose gradients`: trained models and untrained networks side by side, on one text.
struct DiagnoseGradients: Command {
  static let configuration = CommandConfiguration(
    commandName: "gradients",
    abstract: "Show how far back gradients reach.",
    discussion: """
      Examples:
        charlm diagnose gradients novel.safetensors novel.txt --plot gradients.svg
        charlm diagnose gradients lstm.safetensors gru.safetensors novel.txt
        charlm diagnose gradients --cell lstm --cell gru --cell rnn novel.txt

      The loss of one character at the end of a window is sent back through the window: the norm \
      of its gradient dL/dh_t, that at the loss being 1, shows what the network can learn from a \
      character that stands so far before. Figures are medians of many windows. For an LSTM there \
      is dL/dc_t, too.
      """)

  @Argument(
    help: ArgumentHelp(
      "Models, if any, and after them the text; '-' is standard input.",
      valueName: "model... text"))
  var files: [String]

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The furthest distance from the loss, in characters.", valueName: "n"))
  var window = 100

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Windows, spread evenly over the text.", valueName: "n"))
  var windows = 200

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The layer to look at, the lowest being 0. (default: the top one)", valueName: "n"))
  var layer: Int?

  @Option(help: ArgumentHelp("Also draw the curves in this file.", valueName: "file.svg"))
  var plot: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var encoding: EncodingOptions
  @OptionGroup(title: "Untrained networks (with --cell)") var untrained: UntrainedOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  func validate() throws {
    guard files.count > 1 || !untrained.cells.isEmpty else {
      throw ValidationError("Name a model before the text, or give --cell.")
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
      let model = try TextModel(path: path, processor: processor)
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

  /// Finds out before any work whether the picture can be drawn, and that nothing is drawn over.
  private func check(plot: String) throws {
    guard !files.contains(where: { isSameFile($0, plot) }) else {
      throw UsageError.plotOverwritesInput(path: plot)
    }
    try FileWriter.checkReplaceable(path: plot)
  }

  /// A file's name without folders and ending, as it can be shown.
  private func label(_ path: String) -> String {
    var name = path.split(separator: "/").last ?? path[...]
    let ending = ".safetensors"
    if name.hasSuffix(ending) { name = name.dropLast(ending.count) }
    return name.split(separator: " ").map { visible(String($0)) }.joined(separator: " ")
  }

  /// - Throws: `DiagnosisError.textTooShort`, or what reading the text throws.
  private func tokens(_ text: TextSource, _ tokenizer: Tokenizer) throws -> TokenFile {
    let tokens = try TokenFile.input(text, tokenizer: tokenizer, invalidUTF8: encoding.invalidUTF8)
    // The first step reads the begin of the text, and what the last one predicts must be there.
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
    var flow = GradientNorms(
      weights: weights, layer: layer, furthestDistance: window, processor: processor)
    let curves = flow.measure(
      windowCount: windows, tokenCount: tokens.count, copyingTokens: tokens.copy)
    guard curves.allSatisfy(\.isFinite) else { throw DiagnosisError.noGradients(network: name) }
    return GradientProfile(
      label: label, network: network, isTrained: isTrained, layer: layer, curves: curves)
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
    let picture = GradientPlot(profiles: profiles).svg
    try FileWriter.replace(path: plot) { file in
      try Array(picture.utf8).withUnsafeBytes { try file.write($0) }
    }
    shared.note("Drawn in '\(plot)'.")
  }
}
