import CUTF8Proc
import CUnicodeTables

/// The properties of single scalars, from the generated table and from utf8proc.
struct UnicodeTable: @unchecked Sendable {  // the table is constant
  /// One more than the largest scalar value.
  static let scalarLimit: UInt32 = 0x110000

  /// The version of Unicode that utf8proc implements.
  static var version: String { String(cString: utf8proc_unicode_version()) }

  private let blocks = charlm_unicode_blocks()!
  private let classes = charlm_unicode_classes()!

  /// The number of the property set of `scalar`; 0 if the table does not have it.
  @inline(__always)
  func propertyClass(of scalar: UInt32) -> Int {
    let block = Int(blocks[Int(scalar >> 7)])
    return Int(classes[block << 7 | Int(scalar & 127)])
  }

  /// The properties of every class, as bits of `charlm_unicode_*`.
  static var properties: UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(
      start: charlm_unicode_properties(), count: Int(charlm_unicode_property_count()))
  }

  /// The canonical combining class according to utf8proc.
  @inline(__always)
  static func combiningClass(of scalar: Int32) -> Int {
    Int(utf8proc_get_property(scalar).pointee.combining_class)
  }

  /// Whether utf8proc knows the scalar.
  static func isAssigned(_ scalar: UInt32) -> Bool {
    utf8proc_category(Int32(bitPattern: scalar)) != UTF8PROC_CATEGORY_CN
  }
}
