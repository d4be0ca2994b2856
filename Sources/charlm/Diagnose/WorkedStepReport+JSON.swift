import RecurrentNetwork

extension WorkedStepReport {
  /// The numbers of the text with all digits, and those that it combines apart.
  var json: JSONLine {
    let layout = ParameterLayout(network.configuration)
    let shapes = layout.tensors.map(\.shape)
    let names = network.tensors.map(\.name)
    let vectors = step.vectors.map { ($0.key.rawValue, $0.value) }
    let gradients = JSONLine([
      ("logits", step.logitsGradient), ("hidden", step.hiddenGradient),
      ("cell_state", step.cellGradient), ("input_sums", step.inputSumsGradient),
      ("recurrent_sums", step.recurrentSumsGradient), ("input", step.inputGradient),
      (
        "weights",
        Self.tensors(names, shapes, layout.tensors.map { Array(step.gradients[$0.range]) })
      ),
    ])
    return JSONLine([
      ("cell", network.configuration.cell), ("token", ExampleNetwork.token), ("target", target),
      ("weights", Self.tensors(names, shapes, network.tensors.map(\.values))),
      ("input", step.input),
      (
        "previous",
        JSONLine([
          ("hidden", Array(previous.prefix(size))),
          ("cell_state", step.cellGradient.map { _ in Array(previous.suffix(size)) }),
        ])
      ),
      ("input_sums", step.inputSums), ("recurrent_sums", step.recurrentSums),
      ("vectors", JSONLine(vectors)), ("logits", step.logits),
      ("probabilities", step.probabilities), ("nats", step.nats), ("gradients", gradients),
    ])
  }

  /// An object with a list for each bias and a list of rows for each matrix.
  private static func tensors<Number: Encodable>(
    _ names: [String], _ shapes: [[Int]], _ values: [[Number]]
  ) -> JSONLine {
    let fields: JSONLine.Fields = zip(names, zip(shapes, values)).map { name, tensor in
      let (shape, values) = tensor
      guard shape.count == 2 else { return (name, values) }
      let rows = stride(from: 0, to: values.count, by: shape[1]).map {
        Array(values[$0..<$0 + shape[1]])
      }
      return (name, rows)
    }
    return JSONLine(fields)
  }
}
