/// The number of a token in a `Vocabulary`: 0 is the unknown token, 1 begins and ends a text, the units
/// follow.
public typealias TokenID = UInt16
