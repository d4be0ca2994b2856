import ArgumentParser
import Kernels
import RecurrentNetwork

/// `charlm diagnose example`: prints one step of a small network in numbers.
struct DiagnoseExample: Command {
  static let configuration = CommandConfiguration(
    commandName: "example",
    abstract: "Print one step of a small network in numbers.",
    discussion: """
      Examples:
        charlm diagnose example --cell lstm
        charlm diagnose example --cell gru --input 1,-1 --target 0
        charlm diagnose example --cell rnn --weights b_ih=1,-1

      A network with two inputs, two units and three tokens reads a token in a given state. Its \
      gates, new state, probabilities and loss are printed, and the gradient of every weight, all \
      computed by the code that trains. Numbers may be given from -1,000,000 to 1,000,000.
      """)

  @Option(help: "The recurrent cell.")
  var cell: CellKind = .lstm

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The embedding of the token that is read, two numbers.", valueName: "x,x"))
  var input: NumberList?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The previous state: two numbers of h, and for an lstm two of c.", valueName: "x,x..."))
  var state: NumberList?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The token that comes next, 0 to 2. (default: 2)", valueName: "token"))
  var target: Int?

  @Option(
    help: ArgumentHelp(
      "Other numbers for a matrix, row by row, or for a bias, with the names of the output. "
        + "Repeatable.", valueName: "name=x,x..."))
  var weights: [NamedNumbers] = []

  @Flag(name: .shortAndLong, help: "Print one JSON object, with all digits.")
  var json = false

  @OptionGroup(title: "Machine") var shared: SharedOptions

  func execute() throws {
    let target = target ?? ExampleNetwork.target
    guard 0..<ExampleNetwork.vocabularySize ~= target else {
      throw UsageError.numberOutOfRange(
        option: "--target", value: target, range: 0...ExampleNetwork.vocabularySize - 1)
    }
    let usual = ExampleNetwork.previous(cell)
    let previous = state?.values ?? usual
    guard previous.count == usual.count else {
      throw UsageError.wrongNumberCount(
        name: "--state", expected: usual.count, found: previous.count)
    }
    var network = ExampleNetwork(cell)
    for weight in weights { try network.set(weight.name, to: weight.numbers.values) }
    if let input { try network.setInput(input.values) }
    let step = WorkedStep(
      configuration: network.configuration, parameters: network.parameters, previous: previous,
      token: ExampleNetwork.token, target: UInt16(target), processor: try shared.processor())
    let report = WorkedStepReport(
      step: step, network: network, previous: previous, target: target)
    guard !json else { return try report.json.print() }
    try StandardOutput.write(report.text)
  }
}
