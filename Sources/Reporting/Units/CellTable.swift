import Diagnosis
import Storage

/// The states and gates of some units along a text, a line for each character, as tab-separated
/// values.
///
/// | column | |
/// |---|---|
/// | `position` | characters of the normalized text before this one |
/// | `character` | the unit; escaped as in `SurprisalTable` |
/// | `h5`, `c5`, `i5`, ... | unit 5 after the character, by the letters of the equations |
///
/// Numbers have all their digits. Nothing is quoted.
package struct CellTable {
  private let trace: CellTrace

  private static let blockByteCount = 1 << 16

  package init(_ trace: CellTrace) {
    self.trace = trace
  }

  /// - Throws: `StorageError`.
  package func write(to path: String) throws {
    try FileWriter.replace(path: path) { file in
      var lines = head
      var position = 0
      for index in trace.characters.indices {
        lines += line(index, position: position)
        position += trace.characters[index].unicodeScalars.count
        guard lines.utf8.count >= Self.blockByteCount else { continue }
        try Self.write(lines, to: &file)
        lines = ""
      }
      try Self.write(lines, to: &file)
    }
  }

  private var head: String {
    let names = trace.units.flatMap { unit in
      trace.vectors.map { "\t\($0.letter)\(unit.index)" }
    }
    return "position\tcharacter" + names.joined() + "\n"
  }

  private func line(_ index: Int, position: Int) -> String {
    var line = "\(position)\t\(SurprisalTable.escaped(trace.characters[index]))"
    for unit in trace.units {
      for values in unit.values { line += "\t\(values[index])" }
    }
    return line + "\n"
  }

  private static func write(_ text: String, to file: inout FileWriter) throws {
    var text = text
    try text.withUTF8 { try file.write(UnsafeRawBufferPointer($0)) }
  }
}
