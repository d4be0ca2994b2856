import CUTF8Proc

/// The columns of a terminal that a text takes, by the widths of Unicode's `EastAsianWidth.txt` as
/// utf8proc gives them.
///
/// A grapheme cluster is as wide as its widest scalar; a pair of regional indicators, which is a
/// flag, takes two columns. Terminals disagree on emoji of several scalars; few of them draw one
/// wider than this.
package enum DisplayWidth {
  /// The columns of one grapheme cluster, or of one scalar; 0 for control characters.
  package static func columns(ofCluster cluster: String) -> Int {
    let widths = cluster.unicodeScalars.map {
      max(0, Int(utf8proc_charwidth(Int32(bitPattern: $0.value))))
    }
    let indicators = cluster.unicodeScalars.count { 0x1F1E6...0x1F1FF ~= $0.value }
    return indicators == 2 ? 2 : widths.max() ?? 0
  }

  /// The columns of a text.
  package static func columns(of text: String) -> Int {
    GraphemeBuffer.clusters(of: text).reduce(0) { $0 + columns(ofCluster: $1) }
  }
}
