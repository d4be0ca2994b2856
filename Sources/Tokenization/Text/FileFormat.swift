/// A format of files that are not plain text, recognized by its first bytes.
public enum FileFormat: Equatable, Sendable, CaseIterable {
  case wordDocument
  case openDocument
  /// Of Word before 2007, or of another Office program.
  case oldOfficeDocument
  case richText
  case pdf
  case epub
  case zip
  case gzip
  case xz
  case bzip2
  case zstandard
  case image
  case program

  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard
      let format = Self.allCases.first(where: { format in
        format.beginnings.contains { bytes.starts(with: $0) }
      })
    else { return nil }
    self = format == .zip ? Self(zip: bytes) : format
  }

  /// The names of the files in an archive are not compressed.
  private init(zip bytes: UnsafeBufferPointer<UInt8>) {
    func contains(_ name: String) -> Bool { bytes.firstRange(of: Array(name.utf8)) != nil }
    if contains("application/epub+zip") {
      self = .epub
    } else if contains("application/vnd.oasis.opendocument") {
      self = .openDocument
    } else {
      self = contains("word/") ? .wordDocument : .zip
    }
  }

  private var beginnings: [[UInt8]] {
    switch self {
    case .wordDocument, .openDocument, .epub: []  // ZIP archives
    case .zip: [[0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6]]
    case .oldOfficeDocument: [[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]]
    case .richText: [Array(#"{\rtf"#.utf8)]
    case .pdf: [Array("%PDF-".utf8)]
    case .gzip: [[0x1F, 0x8B]]
    case .xz: [[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]]
    case .bzip2: (1...9).map { Array("BZh\($0)1AY&SY".utf8) }
    case .zstandard: [[0x28, 0xB5, 0x2F, 0xFD]]
    case .image: [[0x89, 0x50, 0x4E, 0x47], [0xFF, 0xD8, 0xFF], Array("GIF8".utf8)]
    case .program: [[0x7F, 0x45, 0x4C, 0x46]]
    }
  }

  /// The format in words, with its article.
  var name: String {
    switch self {
    case .wordDocument: "a Word document"
    case .openDocument: "an OpenDocument file"
    case .oldOfficeDocument: "a document of an older Word or another Office program"
    case .richText: "an RTF document"
    case .pdf: "a PDF document"
    case .epub: "an EPUB book"
    case .zip: "a ZIP archive"
    case .gzip: "compressed with gzip"
    case .xz: "compressed with xz"
    case .bzip2: "compressed with bzip2"
    case .zstandard: "compressed with zstd"
    case .image: "an image"
    case .program: "a program"
    }
  }

  /// What to do to get a text.
  var remedy: String {
    switch self {
    case .wordDocument, .openDocument, .oldOfficeDocument, .richText:
      "save it as plain text (UTF-8)"
    case .pdf, .epub: "convert it to plain text (UTF-8)"
    case .zip, .gzip, .xz, .bzip2, .zstandard: "unpack it"
    case .image, .program: "give a text file"
    }
  }

  /// The program that converts a file given as its argument; nil for none.
  package var converter: String? {
    switch self {
    case .pdf: "pdftotext"
    case .gzip: "gunzip"
    case .xz: "unxz"
    case .bzip2: "bunzip2"
    case .zstandard: "unzstd"
    default: nil
    }
  }
}
