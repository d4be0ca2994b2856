import Foundation
import Testing

/// Texts as people have them: folders, lists of tokens, and files of other encodings.
@Suite(.serialized) struct TextFileTests {
  let charlm: Charlm

  init() throws {
    charlm = try Charlm()
    try charlm.trainSmallModel()
    try FileManager.default.createDirectory(
      at: charlm.url("texts"), withIntermediateDirectories: false)
    for (name, text) in [
      ("b.txt", "line 2: \u{E9} sheep\n"), ("a.txt", "line 1: sheep\n"), (".hidden.txt", "no\n"),
      ("notes.md", "no\n"),
    ] {
      try charlm.write(text, to: "texts/\(name)")
    }
  }

  @Test func aFolderIsItsTexts() throws {
    for folder in ["texts", "texts/"] {
      let outcome = try charlm.run("evaluate", "model.safetensors", folder, "--json")
      let files = try #require(outcome.objects.first?["files"] as? [[String: Any]])
      #expect(files.map { $0["file"] as? String } == ["texts/a.txt", "texts/b.txt"])
    }
    let trained = try charlm.run(
      "train", "texts", "--output", "m", "--max-steps", "2", "--hidden-size", "4")
    #expect(trained.status == 0, "\(trained.messages)")
    #expect(trained.messages.contains("Training on 2 files."), "\(trained.messages)")
    #expect(trained.messages.contains("--validation-split interleaved"), "\(trained.messages)")
  }

  @Test func theListThatTokenizePrintsIsDecoded() throws {
    let ids = try charlm.run("tokenize", "model.safetensors", "text.txt", "--json").output
    try charlm.write(ids, to: "ids")
    let text = try charlm.run("tokenize", "model.safetensors", "ids", "--decode")
    #expect(try Array(text.output.utf8) == charlm.read("text.txt"))
    let json = try charlm.run("tokenize", "model.safetensors", "ids", "--decode", "--json")
    #expect(json.objects.first?["text"] as? String == text.output)
  }

  /// The command is quoted for a shell.
  @Test func anotherEncodingIsNamedWithTheCommandThatConvertsIt() throws {
    try charlm.write([0xFF, 0xFE, 0x61, 0, 0x62, 0, 0x63, 0], to: "it's")
    charlm.expectRefusal(
      try charlm.run("evaluate", "model.safetensors", "it's"), status: 65,
      words: [#"UTF-16: convert it: iconv -f UTF-16 -t UTF-8 'it'\''s' > utf8.txt"#])
    let wide = "line 1: sheep\n".data(using: .utf16LittleEndian)!
    try charlm.write(Array(wide), to: "wide.txt")
    charlm.expectRefusal(
      try charlm.run("train", "wide.txt", "--output", "m", "--max-steps", "1"), status: 65,
      words: ["UTF-16: convert it: iconv -f UTF-16LE -t UTF-8 'wide.txt' > utf8.txt"])
    try charlm.write([0x1F, 0x8B, 8, 0, 0xC0, 0xFF, 1, 2, 3, 4], to: "a.gz")
    charlm.expectRefusal(
      try charlm.run("evaluate", "model.safetensors", "a.gz"), status: 65,
      words: ["gzip, not plain text: unpack it: gunzip 'a.gz'"])
  }

  private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  static let documents: [(name: String, bytes: [UInt8], message: String)] = [
    (
      "novel.docx",
      bytes("PK\u{3}\u{4}\u{14}\u{0}[Content_Types].xmlPK\u{3}\u{4}word/document.xml"),
      "a Word document, not plain text: save it as plain text (UTF-8)."
    ),
    (
      "novel.odt", bytes("PK\u{3}\u{4}mimetypeapplication/vnd.oasis.opendocument.text"),
      "an OpenDocument file, not plain text: save it as plain text (UTF-8)."
    ),
    (
      "novel.epub", bytes("PK\u{3}\u{4}mimetypeapplication/epub+zip"),
      "an EPUB book, not plain text: convert it to plain text (UTF-8)."
    ),
    ("novel.zip", bytes("PK\u{3}\u{4}novel.txt"), "a ZIP archive, not plain text: unpack it."),
    (
      "novel.pdf", bytes("%PDF-1.4\nall of this is ASCII, as the letters of a text"),
      "a PDF document, not plain text: convert it to plain text (UTF-8): pdftotext 'novel.pdf'"
    ),
    (
      "novel.rtf", bytes(#"{\rtf1\ansi{\fonttbl\f0 Times;}\f0\fs24 It was a dark night.\par}"#),
      "an RTF document, not plain text: save it as plain text (UTF-8)."
    ),
    (
      "program", [0x7F, 0x45, 0x4C, 0x46] + (0..<200).map { UInt8($0 % 2 == 0 ? $0 : 0) },
      "a program, not plain text: give a text file."
    ),
    ("photo.png", [0x89] + bytes("PNG\r\n"), "an image, not plain text: give a text file."),
  ]

  /// Replaced bytes would not make a text of them.
  @Test(arguments: documents)
  func aDocumentThatIsNoPlainTextIsNamed(name: String, bytes: [UInt8], message: String) throws {
    try charlm.write(bytes, to: name)
    for policy in ["error", "replace"] {
      charlm.expectRefusal(
        try charlm.run(
          "train", name, "--output", "m", "--max-steps", "1", "--invalid-utf8", policy),
        status: 65, words: ["'\(name)' is \(message)"])
    }
  }

  @Test func replacementIsOfferedOnlyForWhatLooksLikeText() throws {
    func refusal(_ bytes: [UInt8]) throws -> String {
      try charlm.write(bytes, to: "other")
      return try charlm.run("evaluate", "model.safetensors", "other").messages
    }
    let noise = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 * $0 / 3 + 200) }
    #expect(try refusal(noise).contains("does not look like text: give a text file."))
    // KOI8-R
    let cyrillic: [UInt8] = [0xF7, 0xD3, 0xC5, 0x20, 0xD3, 0xDE, 0xC1, 0xD3, 0xD4, 0xCC, 0xC9]
    let text = (0..<20).flatMap { _ in cyrillic }
    #expect(try refusal(text).contains("(--invalid-utf8 replace)"))
  }

  @Test func trainingOnAWebPageIsNoted() throws {
    let page = "\n<!DOCTYPE HTML>\n" + String(repeating: "<p>sheep and goats</p>\n", count: 30)
    try charlm.write(page, to: "page.html")
    let outcome = try charlm.run(
      "train", "page.html", "--output", "m", "--max-steps", "2", "--hidden-size", "4")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.messages.contains("'page.html' is a web page"), "\(outcome.messages)")
  }

  /// A perplexity that is too large for a number is null, and so are the ends of its interval.
  @Test func infiniteFiguresAreNull() throws {
    let run = try charlm.run(
      "train", "text.txt", "--output", "bad", "--optimizer", "sgd", "--learning-rate", "1e4",
      "--schedule", "constant", "--validation-fraction", "0", "--clip-norm", "0", "--max-steps",
      "30", "--hidden-size", "8", "--quiet")
    #expect(run.status == 0, "\(run.messages)")
    try charlm.write(String(repeating: "line 3: sheep\n", count: 1_800), to: "long.txt")
    let outcome = try charlm.run("evaluate", "bad", "long.txt", "--json")
    #expect(outcome.status == 0, "\(outcome.messages)")
    let object = try #require(outcome.objects.first)
    #expect(object["perplexity_per_character"] is NSNull, "\(outcome.output)")
    let interval = try #require(object["interval"] as? [String: Any])
    let ends = try #require(interval["perplexity_per_character"] as? [Any])
    #expect(ends.contains { $0 is NSNull })
    let table = try charlm.run("evaluate", "bad", "long.txt").output
    #expect(!table.contains("inf") && table.contains("too large for a number"), "\(table)")
  }
}
