import Reporting

/// Options that do not go together, or that this machine cannot follow.
enum UsageError: Error, CustomStringConvertible {
  case threadCount(Int)
  case instructionSetUnavailable(name: String, available: [String])
  case overwritesInput(option: String, path: String)
  case contradictsCheckpoint(option: String)
  case severalBudgets
  case severalPrompts
  case standardInputTwice
  case numberTooSmall(option: String, value: Int)
  case numberOutOfRange(option: String, value: Int, range: ClosedRange<Int>)
  case numberNotPositive(option: String, value: String)
  case notOfBenchmark(option: String, benchmark: String)
  case noSuchLayer(Int, network: String, layerCount: Int)
  case onlyWithCell(option: String)
  case plotOverwritesInput(path: String)
  case numberNegative(option: String, value: String)
  case fileUsedTwice(option: String, path: String)
  case overwritesModel(path: String)
  case contradictsModel(option: String, given: String, model: String)
  case onlyForNewModels(option: String)
  case outputNeeded
  case adaptingNotAsked(with: String)
  case adaptingNeedsFloat32(option: String)
  case contradictsCompressed(file: String, instructionSet: String)
  case severalOutputs
  case notOneCharacter(option: String, text: String)
  case givenTwice(option: String, text: String)
  case needs(option: String, other: String)
  case excludes(option: String, other: String)
  case noTerminal

  var description: String {
    switch self {
    case .threadCount(let count):
      "--threads is \(count): give a number from 1 upwards."
    case .instructionSetUnavailable(let name, let available):
      "This processor does not have the instruction set \(name): "
        + "choose --instruction-set \(available.joined(separator: " or "))."
    case .overwritesInput(let option, let path):
      "\(option) '\(path)' is also read as a text: choose another file to write to."
    case .contradictsCheckpoint(let option):
      "\(option) contradicts the checkpoint, which settles it: leave it out, or start a new run."
    case .severalBudgets:
      "Only one of --max-steps, --epochs and --minutes says how long to train: leave one of them."
    case .severalPrompts:
      "--prompt and --prompt-file were both given: leave one of them."
    case .standardInputTwice:
      "Standard input ('-') can be read only once: name a file in place of one of them."
    case .numberTooSmall(let option, let value):
      "\(option) is \(value): give a number from 1 upwards."
    case .numberOutOfRange(let option, let value, let range):
      "\(option) is \(value): give a number from \(range.lowerBound) to \(range.upperBound)."
    case .numberNotPositive(let option, let value):
      "\(option) is \(value): give a number above 0."
    case .notOfBenchmark(let option, let benchmark):
      "\(option) has no effect on the benchmark \(benchmark): leave it out, or choose another benchmark."
    case .noSuchLayer(let layer, let network, let layerCount):
      "--layer is \(layer), but \(network) has \(layerCount == 1 ? "only layer 0" : "layers 0 to \(layerCount - 1)"): "
        + "choose one of its layers."
    case .onlyWithCell(let option):
      "\(option) is about untrained networks, and there is none: give it with --cell, or leave it out."
    case .plotOverwritesInput(let path):
      "--plot '\(path)' is also read: choose another file to draw into."
    case .numberNegative(let option, let value):
      "\(option) is \(value): give a number from 0 upwards."
    case .fileUsedTwice(let option, let path):
      "\(option) '\(path)' is also another file of this run: choose one of its own."
    case .overwritesModel(let path):
      "--output '\(path)' is also the model to start --from: choose another file to write the model to."
    case .contradictsModel(let option, let given, let model):
      "\(option) is \(given), but \(model) in the model to start --from: leave it out, or train a new model."
    case .onlyForNewModels(let option):
      "\(option) is about new weights, and those of the model to start --from are there: leave it out."
    case .adaptingNotAsked(let option):
      "--dynamic-segment, --dynamic-rate, --dynamic-decay and --tune are about weights that follow a text: "
        + "give them with \(option), or leave them out."
    case .adaptingNeedsFloat32(let option):
      "Weights of int8 cannot follow a text: leave out --weights int8, or \(option)."
    case .outputNeeded:
      "The name of the file to write does not follow from that of the one to read: give it with --output."
    case .contradictsCompressed(let file, let instructionSet):
      "'\(file)' was compressed with the instruction set \(instructionSet): leave --instruction-set out."
    case .severalOutputs:
      "--color and --json would both print on standard output: leave one of them."
    case .notOneCharacter(let option, let text):
      "\(option) is about '\(visible(text))', which is not one character that the model knows: choose one of those that "
        + "charlm inspect shows."
    case .givenTwice(let option, let text):
      "\(option) was given twice for '\(visible(text))': leave one of them."
    case .excludes(let option, let other):
      "\(option) and \(other) do not go together: leave one of them out."
    case .noTerminal:
      "--interactive needs a terminal to read keys from and to write on: use --prompt in its place."
    case .needs(let option, let other):
      "\(option) has an effect only with \(other): give both, or leave it out."
    }
  }
}
