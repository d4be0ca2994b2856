import CUnicodeTables

/// Converts streamed text to a normalization form, with or without case folding.
///
/// Text is split into segments that normalize independently: each begins with a scalar of combining
/// class 0 that never combines with what is before it. A quick check (UAX #15, section 9) lets a
/// segment pass that needs no change; `SegmentNormalizer` normalizes the others. The last segment
/// is held until the next scalar, or the end, closes it.
struct Normalizer: ~Copyable {
  private let table = UnicodeTable()
  /// For each property class, the combining class and the bits below.
  private var actions = ScratchBuffer<UInt16>(capacity: 256)
  private static let stays: UInt16 = 1 << 8
  private static let cutsBefore: UInt16 = 1 << 9
  private static let combiningClassMask: UInt16 = 0xFF

  private var segmentNormalizer: SegmentNormalizer
  /// The part of the open segment from earlier calls.
  private var pending = ScratchBuffer<UInt8>()
  private var segmentChanges = false
  private var lastCombiningClass: UInt16 = 0

  init(form: NormalizationForm, foldsCase: Bool) {
    segmentNormalizer = SegmentNormalizer(form: form, foldsCase: foldsCase)
    let (stays, cuts) = Self.requiredProperties(form: form, foldsCase: foldsCase)
    for property in UnicodeTable.properties {
      var action = UInt16(property & 0xFF)
      if property & stays == stays { action |= Self.stays }
      if property & cuts == cuts { action |= Self.cutsBefore }
      actions.append(action)
    }
  }

  /// The property bits of a scalar that does not change, and of a scalar before which text may be
  /// split.
  private static func requiredProperties(
    form: NormalizationForm, foldsCase: Bool
  ) -> (stays: UInt32, cuts: UInt32) {
    let unchanged =
      switch form {
      case .nfc: charlm_unicode_nfc
      case .nfd: charlm_unicode_nfd
      case .nfkc: charlm_unicode_nfkc
      case .nfkd: charlm_unicode_nfkd
      case .none: charlm_unicode_assigned
      }
    let foldStable =
      form == .none ? charlm_unicode_fold_stable : charlm_unicode_fold_stable_canonical
    let cut =
      switch form {
      case .nfc, .nfd:
        foldsCase ? charlm_unicode_cut_canonical_fold : charlm_unicode_cut_canonical
      case .nfkc, .nfkd:
        foldsCase ? charlm_unicode_cut_compatibility_fold : charlm_unicode_cut_compatibility
      case .none: charlm_unicode_assigned
      }
    let stays = foldsCase ? unchanged | foldStable : unchanged
    return (UInt32(stays), UInt32(cut))
  }

  /// Appends to `output` the part of the text so far that can no longer change; `bytes` are whole
  /// scalars.
  mutating func append(
    _ bytes: UnsafeBufferPointer<UInt8>, to output: inout ScratchBuffer<UInt8>
  ) {
    // The bytes before `copied` are in `output`, and those from `segment` on are in the open
    // segment.
    var copied = 0
    var segment = 0
    var position = 0
    while position < bytes.count {
      if bytes[position] < 0x80 {
        closeSegment(bytes, segment..<position, &copied, &output)
        position = UTF8Coding.endOfASCII(bytes, from: position + 1)
        segment = position - 1
        lastCombiningClass = 0
        continue
      }
      let (scalar, byteCount) = UTF8Coding.decode(bytes, at: position)
      let action = action(for: scalar)
      if action & Self.cutsBefore != 0 {
        closeSegment(bytes, segment..<position, &copied, &output)
        segment = position
      }
      let combiningClass = action & Self.combiningClassMask
      if action & Self.stays == 0 || combiningClass != 0 && combiningClass < lastCombiningClass {
        segmentChanges = true
      }
      lastCombiningClass = combiningClass
      position += byteCount
    }
    output.append(UnsafeBufferPointer(rebasing: bytes[copied..<segment]))
    pending.append(UnsafeBufferPointer(rebasing: bytes[segment...]))
  }

  /// Appends what was held back; then another text may begin.
  mutating func finish(to output: inout ScratchBuffer<UInt8>) {
    if segmentChanges {
      segmentNormalizer.normalize(pending.elements, to: &output)
    } else {
      output.append(pending.elements)
    }
    pending.removeAll()
    segmentChanges = false
    lastCombiningClass = 0
  }

  @inline(__always)
  private func action(for scalar: UInt32) -> UInt16 {
    let propertyClass = table.propertyClass(of: scalar)
    if propertyClass == 0, !UnicodeTable.isAssigned(scalar) {
      return Self.stays | Self.cutsBefore  // an unassigned scalar is inert
    }
    return actions.base[propertyClass]
  }

  /// Moves the open segment, which ends with `range` of `bytes`, into `output`, or leaves it to be
  /// copied with what follows.
  @inline(__always)
  private mutating func closeSegment(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ copied: inout Int,
    _ output: inout ScratchBuffer<UInt8>
  ) {
    if segmentChanges || pending.count > 0 {
      closeUnfinishedSegment(bytes, range, &copied, &output)
    }
  }

  @inline(never)
  private mutating func closeUnfinishedSegment(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ copied: inout Int,
    _ output: inout ScratchBuffer<UInt8>
  ) {
    let end = UnsafeBufferPointer(rebasing: bytes[range])
    if !segmentChanges {
      output.append(pending.elements)
    } else {
      output.append(UnsafeBufferPointer(rebasing: bytes[copied..<range.lowerBound]))
      if pending.count == 0 {
        segmentNormalizer.normalize(end, to: &output)
      } else {
        pending.append(end)
        segmentNormalizer.normalize(pending.elements, to: &output)
      }
      copied = range.upperBound
      segmentChanges = false
    }
    pending.removeAll()
  }
}

/// A normalization form of Unicode (UAX #15), or none.
public enum NormalizationForm: String, CaseIterable, Codable, Sendable {
  /// Canonical composition.
  case nfc
  /// Canonical decomposition.
  case nfd
  /// Compatibility composition.
  case nfkc
  /// Compatibility decomposition.
  case nfkd
  /// The text stays unchanged.
  case none
}
