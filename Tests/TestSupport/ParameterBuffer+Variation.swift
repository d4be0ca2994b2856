import Foundation
import RecurrentNetwork

extension ParameterBuffer {
  /// Changes every parameter by up to 60 %, in a different way for each `number`: for different
  /// models of one tokenizer.
  package func vary(_ number: Int) {
    for place in 0..<count { start[place] *= 1 + 0.6 * Float(sin(Double(place * number))) }
  }
}
