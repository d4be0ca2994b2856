import CUTF8Proc

/// Normalizes one segment of text with utf8proc, scalar by scalar, in time linear in its length.
///
/// utf8proc decomposes, folds and composes; combining marks are ordered here, because utf8proc
/// needs quadratic time for that. With case folding, canonical forms give the text that Unicode
/// 3.13 compares in D145, NFD(toCasefold(NFD(X))), and compatibility forms that of D146,
/// NFKD(toCasefold(NFKD(toCasefold(NFD(X))))); NFC and NFKC compose it. Both start from NFD, so
/// that canonically equivalent texts become the same, and both are stable: a second time changes
/// nothing. Without normalization it is toCasefold(X), D144.
///
/// A segment must not contain U+11A7 except as its first scalar: utf8proc 2.8.0 deletes it after a
/// syllable. `Normalizer` always splits before it.
struct SegmentNormalizer: ~Copyable {
  private let form: NormalizationForm
  private let foldsCase: Bool
  private var scalars = ScratchBuffer<Int32>(capacity: 256)
  private var mapped = ScratchBuffer<Int32>(capacity: 256)

  init(form: NormalizationForm, foldsCase: Bool) {
    self.form = form
    self.foldsCase = foldsCase
  }

  private static let canonical = Int32(UTF8PROC_DECOMPOSE.rawValue)
  private static let compatibility = canonical | Int32(UTF8PROC_COMPAT.rawValue)
  private static let folding = Int32(UTF8PROC_CASEFOLD.rawValue)
  private static let composition = Int32(UTF8PROC_COMPOSE.rawValue | UTF8PROC_STABLE.rawValue)
  /// An upper bound of the scalars that a single scalar becomes.
  private static let maximumExpansion = 64

  /// Appends the normalized `utf8` to `output`.
  mutating func normalize(
    _ utf8: UnsafeBufferPointer<UInt8>, to output: inout ScratchBuffer<UInt8>
  ) {
    decode(utf8)
    let isCompatibility = form == .nfkc || form == .nfkd
    let decomposition = isCompatibility ? Self.compatibility : Self.canonical
    if foldsCase {
      if form != .none { decompose(Self.canonical) }
      map(Self.folding)
      if isCompatibility {
        decompose(decomposition)
        map(Self.folding)
      }
    }
    if form != .none { decompose(decomposition) }
    if form == .nfc || form == .nfkc {
      scalars.count = utf8proc_normalize_utf32(
        scalars.base, scalars.count, utf8proc_option_t(UInt32(Self.composition)))
    }
    encode(to: &output)
  }

  private mutating func decode(_ utf8: UnsafeBufferPointer<UInt8>) {
    scalars.removeAll()
    scalars.reserve(utf8.count)
    var position = 0
    while position < utf8.count {
      let (scalar, byteCount) = UTF8Coding.decode(utf8, at: position)
      scalars.append(Int32(bitPattern: scalar))
      position += byteCount
    }
  }

  private mutating func decompose(_ options: Int32) {
    map(options)
    orderMarks()
  }

  /// Replaces each scalar by its mapping in utf8proc.
  private mutating func map(_ options: Int32) {
    let options = utf8proc_option_t(UInt32(options))
    var boundary: Int32 = 0
    mapped.removeAll()
    for scalar in scalars.elements {
      mapped.reserve(Self.maximumExpansion)
      let count = utf8proc_decompose_char(
        scalar, mapped.base + mapped.count, Self.maximumExpansion, options, &boundary)
      assert(1...Self.maximumExpansion ~= count)
      mapped.count += count
    }
    swap(&scalars, &mapped)
  }

  /// The canonical ordering algorithm (Unicode 3.11, D109) on every run of combining marks.
  private mutating func orderMarks() {
    var position = 0
    while position < scalars.count {
      let start = position
      var last = 0
      var isOrdered = true
      while position < scalars.count {
        let combiningClass = UnicodeTable.combiningClass(of: scalars.base[position])
        if combiningClass == 0 { break }
        isOrdered = isOrdered && combiningClass >= last
        last = combiningClass
        position += 1
      }
      if !isOrdered { sortMarks(start..<position) }
      position += 1
    }
  }

  /// A stable sort by combining class: insertion sort for a short run, else counting sort.
  private mutating func sortMarks(_ run: Range<Int>) {
    let marks = scalars.base + run.lowerBound
    if run.count <= 16 {
      for index in 1..<run.count {
        let mark = marks[index]
        let combiningClass = UnicodeTable.combiningClass(of: mark)
        var position = index
        while position > 0, UnicodeTable.combiningClass(of: marks[position - 1]) > combiningClass {
          marks[position] = marks[position - 1]
          position -= 1
        }
        marks[position] = mark
      }
      return
    }
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 257) { starts in
      starts.initialize(repeating: 0)
      for index in 0..<run.count {
        starts[UnicodeTable.combiningClass(of: marks[index]) + 1] += 1
      }
      for combiningClass in 1...256 { starts[combiningClass] += starts[combiningClass - 1] }
      mapped.removeAll()
      mapped.reserve(run.count)
      for index in 0..<run.count {
        let combiningClass = UnicodeTable.combiningClass(of: marks[index])
        mapped.base[starts[combiningClass]] = marks[index]
        starts[combiningClass] += 1
      }
      marks.update(from: mapped.base, count: run.count)
    }
  }

  private func encode(to output: inout ScratchBuffer<UInt8>) {
    output.reserve(4 * scalars.count)
    for scalar in scalars.elements {
      output.count += UTF8Coding.encode(
        UInt32(bitPattern: scalar), to: output.base + output.count)
    }
  }
}
