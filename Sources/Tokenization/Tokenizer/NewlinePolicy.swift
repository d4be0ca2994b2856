/// What becomes of line ends.
public enum NewlinePolicy: String, CaseIterable, Codable, Sendable {
  /// CR LF and CR become LF.
  case lf
  /// They stay as they are.
  case keep
}
