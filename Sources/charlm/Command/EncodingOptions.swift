import ArgumentParser
import Tokenization

/// How text that is not valid UTF-8 is treated.
struct EncodingOptions: ParsableArguments {
  @Option(
    name: .customLong("invalid-utf8"),
    help: "Bytes that are not UTF-8: report an error, or replace them by U+FFFD.")
  var invalidUTF8: InvalidUTF8Policy = .error
}

extension InvalidUTF8Policy: ExpressibleByArgument {}
