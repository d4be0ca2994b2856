import Tokenization

/// Escapes for texts with arbitrary contents on a page.
enum Markup {
  /// The content of an XML or HTML element.
  static func content(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A string literal of a script inside a page.
  static func scriptString(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", " ", "-", ".", "+", ":":
        result.unicodeScalars.append(scalar)
      case _ where scalar.value > 0xFFFF || scalar.value >= 0xA0 && isVisible(scalar):
        result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return result + "\""
  }
}
