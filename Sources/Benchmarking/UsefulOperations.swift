import RecurrentNetwork

/// The additions and multiplications that the mathematics of a network requires, whatever a program
/// actually does. A multiply-add counts as two.
///
/// In the forward pass over one window of T B tokens, a network of L layers needs this many
/// multiply-adds:
///
/// ```
/// recurrent sums            L T B H (G H)
/// input sums, layers 1 ...  (L - 1) T B H (G H)
/// input sums of layer 0     min(V, T B) E (G H)      equal tokens, equal sums: look up all but one
/// projection                T B H V
/// ```
///
/// Training needs each product three times: forward, backward to the factor, and for the weights'
/// gradient. That includes the backward pass from the window's first step to the state before it,
/// which truncation saves: at most 1/(3 T) too much. If T B tokens are drawn at random from more
/// symbols, some are equal, too: with V = 6,500 and T B = 2,048 this makes 2.7 % too much. Within a
/// single text, the sums of layer 0 are looked up in a table that is made once, and cost nothing.
///
/// Gates, softmax, clipping and the optimizer are excluded: they grow as H, products as H^2.
package enum UsefulOperations {
  /// A training step on a window [T x B].
  package static func training(
    _ network: NetworkConfiguration, batchSize: Int, windowLength: Int
  ) -> Double {
    let tokenCount = Double(batchSize * windowLength)
    let table =
      min(Double(network.vocabularySize), tokenCount) * Double(network.embeddingSize)
      * gateSize(network)
    return 3 * 2 * (tokenCount * multiplyAddsPerToken(network) + table)
  }

  /// The logits of the next token after one more token of a text.
  package static func reading(_ network: NetworkConfiguration) -> Double {
    2 * multiplyAddsPerToken(network)
  }

  /// A product [rows x depth] [depth x columns].
  package static func product(rows: Int, depth: Int, columns: Int) -> Double {
    2 * Double(rows) * Double(depth) * Double(columns)
  }

  /// All products except the input sums of layer 0.
  private static func multiplyAddsPerToken(_ network: NetworkConfiguration) -> Double {
    let hiddenSize = Double(network.hiddenSize)
    let recurrentAndInput = Double(2 * network.layerCount - 1) * hiddenSize * gateSize(network)
    let outputSize = Double(network.outputSize)
    return recurrentAndInput + outputSize * Double(network.vocabularySize)
      + (network.projectsOutput ? hiddenSize * outputSize : 0)
  }

  private static func gateSize(_ network: NetworkConfiguration) -> Double {
    Double(network.cell.gateCount) * Double(network.hiddenSize)
  }
}
