/// Whether a safetensors file's bytes are compared with its digests when it is opened.
///
/// The structure of the file is checked in any case; only digests find a changed weight.
public enum SafetensorsVerification: Sendable {
  /// The file must have all digests, as files of `SafetensorsWriter` do, and they must match.
  case required
  /// A file without any digest is taken as it is, another is verified: for files of other tools.
  case ifPresent
  /// Digests are not looked at.
  case none
}
