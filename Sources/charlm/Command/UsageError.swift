import Kernels
import Tokenization

/// Options that are out of range, contradict each other, or need what this machine lacks.
enum UsageError: UsageFault {
  case threadCount(Int)
  case instructionSetUnavailable(name: String, available: [String])
  case unknownInstructionSet(variable: String, value: String)
  case overwritesInput(option: String, path: String)
  case contradictsCheckpoint(option: String)
  case argumentNotUTF8(text: String)
  case outputIsDash(option: String)
  case everythingIsRare(minimumCount: Int)
  case needsMemory(work: String, needed: String, available: String, remedy: String)
  case noWords(file: String)
  case resumesModel(path: String)
  case resumesFinishedRun(checkpoint: String, model: String)
  case recordedOutputs(checkpoint: String, options: [String])
  case recordedText(checkpoint: String, text: String)
  /// The shards of a run cannot be divided equally among so many processes.
  /// - Parameter possible: the numbers of processes among which they can.
  case indivisibleShards(Int, processCount: Int, possible: [Int])
  /// A process is of another build than process 0.
  case otherBuild(rank: Int, host: String, build: String, own: String)
  case severalBudgets
  case severalPrompts
  case standardInputTwice
  case numberTooSmall(option: String, value: Int)
  case numberOutOfRange(option: String, value: Int, range: ClosedRange<Int>)
  case numberNotPositive(option: String, value: String)
  case notOfBenchmark(option: String, benchmark: String)
  case noSuchLayer(Int, network: String, layerCount: Int)
  case noSuchUnit(Int, unitCount: Int)
  case tooManyNumbers(units: Int, vectors: Int, characters: Int, limit: Int)
  case noSuchTensor(name: String, names: [String])
  case wrongNumberCount(name: String, expected: Int, found: Int)
  case onlyWithCell(option: String)
  case plotOverwritesInput(path: String)
  case numberNegative(option: String, value: String)
  case fileUsedTwice(option: String, path: String)
  case overwritesModel(path: String)
  case contradictsModel(option: String, given: String, model: String)
  case onlyForNewModels(option: String)
  case outputNeeded(inputName: String)
  case adaptingNotAsked(with: String)
  case adaptingNeedsFloat32(option: String)
  case contradictsCompressed(file: String, instructionSet: String)
  case severalOutputs
  case notOneCharacter(option: String, text: String)
  case givenTwice(option: String, text: String)
  case needs(option: String, other: String)
  case excludes(option: String, other: String)
  case noTerminal
  case textIsModel(path: String)
  case sameText(option: String, path: String, other: String, remedy: String)

  var description: String {
    switch self {
    case .threadCount(let count):
      "--threads is \(count): give 1 or more."
    case .unknownInstructionSet(let variable, let value):
      "The environment variable \(variable) is '\(visible(value))': set it to "
        + InstructionSet.allCases.map(\.rawValue).joined(separator: ", ") + ", or unset it."
    case .instructionSetUnavailable(let name, let available):
      "This processor does not have the instruction set \(name): "
        + "choose --instruction-set \(available.joined(separator: " or "))."
    case .overwritesInput(let option, let path):
      "\(option) '\(path)' is also an input text: choose another output file."
    case .contradictsCheckpoint(let option):
      "\(option) differs from the checkpoint, where it is fixed: drop it, or start a new run."
    case .argumentNotUTF8(let text):
      "'\(visible(text))' is not UTF-8: rename the file, or write the text in UTF-8."
    case .indivisibleShards(let shards, let processCount, let possible):
      "\(shards) shard\(shards == 1 ? "" : "s") cannot be divided equally among \(processCount) "
        + "processes: start \(possible.map(String.init).joined(separator: " or ")), or begin "
        + "another run with --shards \(processCount)."
    case .otherBuild(let rank, let host, let build, let own):
      "Process \(rank) on '\(visible(host))' is '\(visible(build))', and process 0 is '\(own)': "
        + "start the same program everywhere."
    case .outputIsDash(let option):
      "\(option) is '-', but standard output cannot take this file: give a name; "
        + "a file called '-' is './-'."
    case .everythingIsRare(let minimumCount):
      "No character of the text occurs \(minimumCount) times, so the model would know none: "
        + "give a smaller --min-count."
    case .needsMemory(let work, let needed, let available, let remedy):
      "\(work) needs about \(needed) of memory, and this machine has \(available): \(remedy)."
    case .noWords(let file):
      "'\(file)' has no words: give a text with the words that may be written."
    case .resumesModel(let path):
      "'\(path)' is a finished model, not a checkpoint: to train it further, "
        + "charlm train TEXT --from \(shellQuoted(path)) --output longer.safetensors; "
        + "a run that is begun with --checkpoint FILE can also be resumed after its end"
    case .resumesFinishedRun(let checkpoint, let model):
      "There is no '\(checkpoint)', because the run of '\(model)' is finished: to train it "
        + "further, "
        + "charlm train TEXT --from \(shellQuoted(model)) --output longer.safetensors"
    case .recordedOutputs(let checkpoint, let options):
      "The checkpoint '\(checkpoint)' names outputs that it may not choose alone, because they are "
        + "outside its folder, hidden, or not what such a run writes: if you want them, give them "
        + "again: \(options.joined(separator: " "))"
    case .recordedText(let checkpoint, let text):
      "The checkpoint '\(checkpoint)' names the text '\(text)', which is not a plain file: "
        + "give its texts again."
    case .severalBudgets:
      "--max-steps, --epochs and --minutes exclude each other: give only one."
    case .severalPrompts:
      "--prompt and --prompt-file were both given: drop one of them."
    case .standardInputTwice:
      "Standard input ('-') can be read only once: give a file instead of one of them."
    case .numberTooSmall(let option, let value):
      "\(option) is \(value): give 1 or more."
    case .numberOutOfRange(let option, let value, let range):
      "\(option) is \(value): give a number from \(range.lowerBound) to \(range.upperBound)."
    case .numberNotPositive(let option, let value):
      "\(option) is \(value): give a number above 0."
    case .notOfBenchmark(let option, let benchmark):
      "\(option) has no effect on the benchmark \(benchmark): drop it, or choose another benchmark."
    case .noSuchLayer(let layer, let network, let layerCount):
      "--layer is \(layer), but \(network) has "
        + (layerCount == 1 ? "only layer 0" : "layers 0 to \(layerCount - 1)")
        + ": choose one of its layers."
    case .noSuchUnit(let unit, let unitCount):
      "--units names \(unit), but a layer of this model has units 0 to \(unitCount - 1): "
        + "choose among them."
    case .tooManyNumbers(let units, let vectors, let characters, let limit):
      "\(units) units with \(vectors) numbers after each of \(characters) characters are more than "
        + "\(limit) numbers: name fewer --units, or give a smaller --maximum-characters."
    case .noSuchTensor(let name, let names):
      "--weights names '\(visible(name))': choose \(names.joined(separator: ", "))."
    case .wrongNumberCount(let name, let expected, let found):
      "\(name) has \(found) number\(found == 1 ? "" : "s"): give \(expected)."
    case .onlyWithCell(let option):
      "\(option) only applies to an untrained network: add --cell, or drop it."
    case .plotOverwritesInput(let path):
      "--plot '\(path)' is also an input file: choose another file for the plot."
    case .numberNegative(let option, let value):
      "\(option) is \(value): give 0 or more."
    case .fileUsedTwice(let option, let path):
      "\(option) '\(path)' is also another file of this run: choose a different one."
    case .overwritesModel(let path):
      "--output '\(path)' is also the model given with --from: choose another output file."
    case .contradictsModel(let option, let given, let model):
      "\(option) is \(given), but \(model) in the model given with --from: "
        + "drop it, or train a new model."
    case .onlyForNewModels(let option):
      "\(option) only applies to new weights, but --from gives a trained model: drop one of them."
    case .adaptingNotAsked(let option):
      "--dynamic-segment, --dynamic-rate, --dynamic-decay and --tune only apply when weights adapt "
        + "to a text: add \(option), or drop them."
    case .adaptingNeedsFloat32(let option):
      "int8 weights cannot adapt to a text: drop --weights int8, or \(option)."
    case .outputNeeded(let inputName):
      "The output name cannot be derived from \(inputName): give one with --output."
    case .contradictsCompressed(let file, let instructionSet):
      "'\(file)' was compressed with the instruction set \(instructionSet): drop --instruction-set."
    case .severalOutputs:
      "--color and --json both write to standard output: use only one."
    case .notOneCharacter(let option, let text):
      "\(option) needs one character of the model, and '\(visible(text))' is not one: "
        + "choose one that charlm inspect shows."
    case .givenTwice(let option, let text):
      "\(option) was given twice for '\(visible(text))': remove one."
    case .excludes(let option, let other):
      "\(option) and \(other) exclude each other: give only one."
    case .textIsModel(let path):
      "'\(visible(path, keepingSpaces: true))' is a model, not a text: give the model "
        + "first and the texts after it; to compare models use charlm compare, and to average them "
        + "--ensemble."
    case .sameText(let option, let path, let other, let remedy):
      "\(option) '\(visible(path, keepingSpaces: true))' has the same contents as "
        + "'\(visible(other, keepingSpaces: true))', \(remedy)."
    case .noTerminal:
      "--interactive needs a terminal for input and output: use --prompt instead."
    case .needs(let option, let other):
      "\(option) has no effect without \(other): give both, or drop it."
    }
  }
}
