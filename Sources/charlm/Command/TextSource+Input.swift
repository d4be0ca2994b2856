import ModelFiles
import Storage
import Tokenization

extension TextSource {
  /// The texts that arguments name: a folder is its files whose names end in .txt, in order of
  /// their names.
  /// - Throws: `StorageError.noFiles` for a folder without such files.
  static func files(_ arguments: [String]) throws -> [String] {
    try arguments.flatMap { argument -> [String] in
      guard argument != "-", isFolder(argument) else { return [argument] }
      let names = fileNames(inFolder: argument).filter {
        $0.hasSuffix(".txt") && !$0.hasPrefix(".")
      }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      guard !names.isEmpty else {
        throw StorageError.noFiles(folder: argument, suffix: ".txt")
      }
      let folder = argument.hasSuffix("/") ? argument : argument + "/"
      return names.map { folder + $0 }
    }
  }

  /// A text that the command line names and that is only read.
  ///
  /// Standard input and pipes are spooled in the folder for temporary files.
  static func input(_ argument: String) throws -> TextSource {
    try .argument(argument, spoolingBeside: "\(TemporaryFile.folder)/charlm")
  }

  /// Checks that none of the files is a model.
  ///
  /// A model begins with eight bytes that give the length of its header, of which the last four are
  /// zero; hardly a text has any zero byte.
  /// - Throws: `UsageError.textIsModel`.
  static func checkNotModels(_ paths: [String]) throws {
    let byteCount = 9
    for path in paths where path != "-" {
      guard var file = try? InputFile(path: path), file.isRegularFile else { continue }
      var start = [UInt8](repeating: 0, count: byteCount)
      let count = try start.withUnsafeMutableBytes { try file.read(into: $0) }
      let isModel =
        count == byteCount && start[4..<8].allSatisfy { $0 == 0 } && start[8] == UInt8(ascii: "{")
      guard !isModel else { throw UsageError.textIsModel(path: path) }
    }
  }

  /// Checks that no text of an option is one of `others`, whatever their names.
  /// - Parameter remedy: what the others are, and what to do, as the end of a sentence.
  /// - Throws: `UsageError.sameText` or `StorageError`.
  static func checkDistinct(
    _ option: String, _ texts: [TextSource], from others: [TextSource], remedy: String
  ) throws {
    guard !texts.isEmpty else { return }
    let fingerprints = try others.map { try TextFingerprint(of: $0, name: $0.name) }
    for text in texts {
      let digest = try TextFingerprint(of: text, name: text.name).digest
      if let other = fingerprints.first(where: { $0.digest == digest }) {
        throw UsageError.sameText(
          option: option, path: text.name, other: other.name, remedy: remedy)
      }
    }
  }

  /// Says which of `texts` the models were trained on, as far as their files record it: figures of
  /// such a text are not those of a new one.
  /// - Throws: `StorageError`.
  static func notes(
    on texts: [TextSource], trainedOnBy models: [(name: String, model: TextModel)]
  ) throws -> [String] {
    let recorded = models.map { name, model in
      (name: name, digests: Set(model.training.sources?.texts.map(\.digest) ?? []))
    }
    guard recorded.contains(where: { !$0.digests.isEmpty }) else { return [] }
    return try texts.flatMap { text in
      let digest = try TextFingerprint(of: text, name: text.name).digest
      return recorded.filter { $0.digests.contains(digest) }.map {
        "'\($0.name)' was trained on '\(text.name)': this figure says nothing about new texts."
      }
    }
  }

  /// Whether the text begins as a web page.
  var isWebPage: Bool {
    guard var reader = try? TextReader(self, invalidUTF8: .replace) else { return false }
    let isPage = try? reader.next { bytes in
      let blanks: Set<UInt8> = [9, 10, 13, 32]
      let start = bytes.drop { blanks.contains($0) }.prefix(14)
      let text = String(decoding: start, as: UTF8.self).lowercased()
      return text == "<!doctype html" || text.hasPrefix("<html")
    }
    return isPage == true
  }

  /// The text, in memory.
  /// - Throws: `TokenizationError.invalidUTF8` or `StorageError`.
  func wholeText(invalidUTF8: InvalidUTF8Policy) throws -> String {
    var reader = try TextReader(self, invalidUTF8: invalidUTF8)
    var text = ""
    while try reader.next({ text += String(decoding: $0, as: UTF8.self) }) != nil {}
    return text
  }
}
