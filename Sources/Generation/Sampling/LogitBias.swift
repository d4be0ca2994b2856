import Tokenization

/// Adds to the logits of some tokens: 1 makes a token e times as likely in comparison with others, -1 so many
/// times less likely.
public struct LogitBias: Sendable, Equatable {
  private let biases: [(token: Int, bias: Float)]

  /// - Parameter biases: by token id.
  public init(_ biases: [TokenID: Double]) {
    self.biases = biases.sorted { $0.key < $1.key }.map { (Int($0.key), Float($0.value)) }
  }

  /// - Precondition: there is a logit for each token that has a bias.
  public func apply(to logits: inout [Float]) {
    for (token, bias) in biases { logits[token] += bias }
  }

  public static func == (a: LogitBias, b: LogitBias) -> Bool {
    a.biases.elementsEqual(b.biases, by: ==)
  }
}
