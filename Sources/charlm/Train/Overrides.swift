/// Replaces a setting by the value of its option, if that was given.
func override<Value>(_ setting: inout Value, with given: Value?) {
  if let given { setting = given }
}

/// Replaces an optional setting by the value of its option, if that was given.
func override<Value>(_ setting: inout Value?, with given: Value?) {
  if let given { setting = given }
}

/// Checks that an option, if given, agrees with the model that training starts from.
/// - Throws: `UsageError.contradictsModel`.
func checkSame<Value: Equatable>(_ option: String, _ given: Value?, _ model: Value) throws {
  guard let given, given != model else { return }
  throw UsageError.contradictsModel(
    option: option, given: "\(given)", model: "it is \(model)")
}
