import Kernels
import Tokenization

/// A random regular expression: its text and its meaning.
package struct RandomPattern {
  package let expression: String
  package let naive: NaivePattern

  /// The scalars in it: letters, a digit, white space, a sign, and one outside ASCII.
  package static let alphabet: [Unicode.Scalar] = ["a", "b", "1", "é", "\n", "-"]

  /// A text of the alphabet.
  package static let text = String(String.UnicodeScalarView(alphabet))

  /// The tokens that spell other characters.
  package static func otherTokens(of tokenizer: Tokenizer) -> Set<TokenID> {
    Set((Int(Vocabulary.endOfText) + 1..<tokenizer.vocabularySize).map { TokenID($0) })
      .subtracting(tokenizer.encode(text).ids)
  }

  private static let classes: [(written: String, isMember: @Sendable (Unicode.Scalar) -> Bool)] = [
    (".", { $0 != "\n" }), (#"\d"#, { $0 == "1" }), (#"\D"#, { $0 != "1" }),
    (#"\w"#, { "ab1é".unicodeScalars.contains($0) }),
    (#"\W"#, { "\n-".unicodeScalars.contains($0) }),
    (#"\s"#, { $0 == "\n" }), (#"\S"#, { $0 != "\n" }),
    ("[a-z]", { "ab".unicodeScalars.contains($0) }),
    (#"[^\n-]"#, { !"\n-".unicodeScalars.contains($0) }),
    (#"[\dé]"#, { "1é".unicodeScalars.contains($0) }),
    ("[^a1]", { !"a1".unicodeScalars.contains($0) }),
  ]

  /// - Parameter depth: how deep groups are nested.
  package init(depth: Int, using random: inout RandomStream) {
    let kind = depth == 0 ? 0 : Int.random(in: 0..<5, using: &random)
    switch kind {
    case 0: self.init(characterUsing: &random)
    case 1: self.init(sequenceOf: depth, using: &random)
    case 2: self.init(branchesOf: depth, using: &random)
    default: self.init(repetitionOf: depth, using: &random)
    }
  }

  private init(_ expression: String, _ naive: NaivePattern) {
    self.expression = expression
    self.naive = naive
  }

  private init(characterUsing random: inout RandomStream) {
    if Bool.random(using: &random) {
      let scalar = Self.alphabet.randomElement(using: &random)!
      let written = scalar == "\n" ? #"\n"# : String(scalar)
      self.init(written, .oneOf([scalar]))
    } else {
      let (written, isMember) = Self.classes.randomElement(using: &random)!
      self.init(written, .oneOf(Set(Self.alphabet.filter(isMember))))
    }
  }

  private init(sequenceOf depth: Int, using random: inout RandomStream) {
    let first = RandomPattern(depth: depth - 1, using: &random)
    let second = RandomPattern(depth: depth - 1, using: &random)
    self.init("(\(first.expression)\(second.expression))", .sequence(first.naive, second.naive))
  }

  private init(branchesOf depth: Int, using random: inout RandomStream) {
    let first = RandomPattern(depth: depth - 1, using: &random)
    let second = RandomPattern(depth: depth - 1, using: &random)
    if Int.random(in: 0..<6, using: &random) == 0 {
      self.init("(?:\(first.expression)|)", .anyOf([first.naive, .empty]))
    } else {
      self.init(
        "(?:\(first.expression)|\(second.expression))", .anyOf([first.naive, second.naive]))
    }
  }

  private init(repetitionOf depth: Int, using random: inout RandomStream) {
    let part = RandomPattern(depth: depth - 1, using: &random)
    let least = Int.random(in: 0...2, using: &random)
    let most = Bool.random(using: &random) ? nil : least + Int.random(in: 0...2, using: &random)
    let written =
      switch (least, most) {
      case (0, nil): "*"
      case (1, nil): "+"
      case (0, 1): "?"
      case (_, nil): "{\(least),}"
      case (_, least): "{\(least)}"
      default: "{\(least),\(most!)}"
      }
    self.init(
      "(\(part.expression)\(written))", .repeated(part.naive, least: least, most: most))
  }
}
