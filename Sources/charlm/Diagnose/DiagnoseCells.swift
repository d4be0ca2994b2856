import ArgumentParser
import Diagnosis
import Kernels
import ModelFiles
import RecurrentNetwork
import Reporting
import Tokenization

/// `charlm diagnose cells`: shows what the units of a trained model do along a text.
struct DiagnoseCells: Command {
  static let configuration = CommandConfiguration(
    commandName: "cells",
    abstract: "Show what single units follow in a text.",
    discussion: """
      Examples:
        charlm diagnose cells novel.safetensors novel.txt
        charlm diagnose cells novel.safetensors novel.txt --html n.html
        charlm diagnose cells novel.safetensors novel.txt --tsv n.tsv

      The model reads the text. The tables show which units' state h, or cell c of an LSTM, is \
      correlated most with features of the text, such as being inside quotes. The page and the \
      tab-separated values show the states and gates of some units after each character.
      """)

  @Argument(help: ModelOptions.help, completion: .file(extensions: ["safetensors"]))
  var model: String

  @Argument(help: "The text; '-' is standard input.", completion: .file())
  var text: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The layer to examine; the lowest is 0. (default: all, in files the top layer)",
      valueName: "n"))
  var layer: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The units in the files, such as 1,5,9. (default: the best two of each feature)",
      valueName: "units"))
  var units: UnitList?

  @Option(
    help: ArgumentHelp(
      "Write a page: the text tinted by a unit's state, with its gates.", valueName: "file.html"),
    completion: .file(extensions: ["html"]))
  var html: String?

  @Option(
    help: ArgumentHelp(
      "Write the units' states and gates after each character to this file, as tab-separated "
        + "values.", valueName: "file.tsv"), completion: .file(extensions: ["tsv"]))
  var tsv: String?

  @Flag(name: .shortAndLong, help: "Print one JSON object, with all units.")
  var json = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Read at most so many characters of the text.", valueName: "n"))
  var maximumCharacters = 20_000

  @OptionGroup var encoding: EncodingOptions
  @OptionGroup(title: "Machine") var weights: WeightOptions
  @OptionGroup(title: "Outputs") var outputOptions: OutputOptions
  @OptionGroup(title: "Machine") var shared: SharedOptions

  /// More characters than memory should hold.
  private static let mostCharacters = 10_000_000

  func execute() throws {
    guard 1...Self.mostCharacters ~= maximumCharacters else {
      throw UsageError.numberOutOfRange(
        option: "--maximum-characters", value: maximumCharacters, range: 1...Self.mostCharacters)
    }
    if units != nil, html == nil, tsv == nil {
      throw UsageError.needs(option: "--units", other: "--html or --tsv")
    }
    try OutputPaths.check([("--html", html), ("--tsv", tsv)], besides: [model, text])
    let processor = try shared.processor()
    let source = try TextSource.input(text)
    let model = try TextModel(
      model: self.model, precision: weights.weights, processor: processor)
    let layers = try layers(of: model.weights.configuration)
    let traced = try TracedText(
      source, tokenizer: model.tokenizer, invalidUTF8: encoding.invalidUTF8,
      maximumCharacters: maximumCharacters)
    let diagnosis = CellDiagnosis(
      traced, weights: model.weights, layers: layers, processor: processor)
    let report = CellReport(diagnosis: diagnosis, modelName: self.model)
    try writeFiles(report)
    try report.print(asJSON: json)
  }

  /// - Throws: `UsageError.noSuchLayer` or the errors of `UnitList`.
  private func layers(of network: NetworkConfiguration) throws -> Range<Int> {
    try units?.check(unitCount: network.hiddenSize)
    guard let layer else { return 0..<network.layerCount }
    guard 0..<network.layerCount ~= layer else {
      throw UsageError.noSuchLayer(
        layer, network: "'\(model)'", layerCount: network.layerCount)
    }
    return layer..<layer + 1
  }

  /// - Throws: `UsageError.tooManyNumbers`, `DiagnosisError.noStates` or `StorageError`.
  private func writeFiles(_ report: CellReport) throws {
    guard html != nil || tsv != nil else { return }
    let diagnosis = report.diagnosis
    let layer = diagnosis.layers.last!
    let outstanding = layer.outstandingUnits.keys.sorted()
    let units = units?.indices ?? (outstanding.isEmpty ? [0] : outstanding)
    let vectorCount = diagnosis.network.cell.tracedVectors.count
    let count = CellTrace.numberCount(
      units: units.count, vectors: vectorCount, characters: diagnosis.text.characterCount)
    guard count <= CellPage.numberLimit else {
      throw UsageError.tooManyNumbers(
        units: units.count, vectors: vectorCount, characters: diagnosis.text.characterCount,
        limit: CellPage.numberLimit)
    }
    let trace = try diagnosis.trace(of: layer, units: units, networkName: "'\(model)'")
    if let tsv {
      try outputOptions.keepPrevious(tsv, shared: shared)
      try CellTable(trace).write(to: tsv)
      shared.note("Wrote '\(tsv)'.")
    }
    guard let html else { return }
    let title = "Units of layer \(layer.index) of \(model) on \(diagnosis.text.name)"
    let page = CellPage(title: visible(title, keepingSpaces: true), trace: trace)
    try outputOptions.keepPrevious(html, shared: shared)
    try page.write(to: html, figures: report.figures)
    shared.note("Wrote '\(html)'.")
  }
}
