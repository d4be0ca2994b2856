/// The version of charlm.
public enum CharlmVersion {
  /// The version of this library and its command, after semantic versioning.
  public static let current = "0.9.0"
}
