import RecurrentNetwork

/// The additions and multiplications that the mathematics of a network needs at least, whatever a program
/// really does. A multiply-add is two.
///
/// With L layers, of one window of T B tokens the products forth are, in multiply-adds,
///
/// ```
/// recurrent sums            L T B H (G H)
/// input sums, layers 1 ...  (L - 1) T B H (G H)
/// input sums of layer 0     min(V, T B) E (G H)      equal tokens have equal sums: a look-up for all but one
/// projection                T B H V
/// ```
///
/// and training needs each three times: forth, back to what was multiplied, and for the weights' gradient. That
/// counts the way back from the window's first step to the state before it, which truncation spares: at most 1/(3 T) too much.
/// Of T B tokens drawn at random from more symbols some are equal, too: with V 6,500 and T B 2,048 that is 2.7 % too much.
/// Along a single text the sums of layer 0 are looked up in a table that was made once, and cost nothing.
///
/// Gates, softmax, clipping and the optimizer are left out: they grow as H where products grow as H^2.
package enum UsefulOperations {
  /// A step of training on a window [T x B].
  package static func training(
    _ network: NetworkConfiguration, batchSize: Int, windowLength: Int
  ) -> Double {
    let tokenCount = Double(batchSize * windowLength)
    let table =
      min(Double(network.vocabularySize), tokenCount) * Double(network.embeddingSize)
      * gateSize(network)
    return 3 * 2 * (tokenCount * multiplyAddsPerToken(network) + table)
  }

  /// The next token's logits after one more token of a text.
  package static func reading(_ network: NetworkConfiguration) -> Double {
    2 * multiplyAddsPerToken(network)
  }

  /// A product [rows x depth] [depth x columns].
  package static func product(rows: Int, depth: Int, columns: Int) -> Double {
    2 * Double(rows) * Double(depth) * Double(columns)
  }

  /// All but the input sums of layer 0.
  private static func multiplyAddsPerToken(_ network: NetworkConfiguration) -> Double {
    let hiddenSize = Double(network.hiddenSize)
    let recurrentAndInput = Double(2 * network.layerCount - 1) * hiddenSize * gateSize(network)
    return recurrentAndInput + hiddenSize * Double(network.vocabularySize)
  }

  private static func gateSize(_ network: NetworkConfiguration) -> Double {
    Double(network.cell.gateCount) * Double(network.hiddenSize)
  }
}
