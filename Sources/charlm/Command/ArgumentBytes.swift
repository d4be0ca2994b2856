import Tokenization

/// The bytes of the command line, of which Swift makes text.
enum ArgumentBytes {
  /// Checks that no argument would become another one: names of files may hold any bytes, but a
  /// `String` has U+FFFD in place of those that are not UTF-8.
  /// - Throws: `UsageError.argumentNotUTF8`.
  static func check() throws {
    for (number, argument) in CommandLine.arguments.enumerated() where number > 0 {
      guard let bytes = CommandLine.unsafeArgv[number] else { return }
      guard String(validatingCString: bytes) != nil else {
        throw UsageError.argumentNotUTF8(text: argument)
      }
    }
  }
}
