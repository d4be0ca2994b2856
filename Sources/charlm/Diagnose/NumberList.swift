import ArgumentParser

/// Numbers separated by commas: `0.5,-0.3`; none so large that a step with it overflows.
struct NumberList: ExpressibleByArgument {
  let values: [Float]

  private static let largest: Float = 1e6

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let values = parts.compactMap { Float($0) }.filter { $0.magnitude <= Self.largest }
    guard values.count == parts.count else { return nil }
    self.values = values
  }
}

/// The numbers of a named tensor: `b_ih=0,0.1`.
struct NamedNumbers: ExpressibleByArgument {
  let name: String
  let numbers: NumberList

  init?(argument: String) {
    guard let sign = argument.firstIndex(of: "="),
      let numbers = NumberList(argument: String(argument[argument.index(after: sign)...]))
    else { return nil }
    name = String(argument[..<sign])
    self.numbers = numbers
  }
}
