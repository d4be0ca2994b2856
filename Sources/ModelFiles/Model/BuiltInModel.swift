import CBuiltInModels
import Kernels
import RecurrentNetwork

/// A model that is a part of the program (`models/README.md`).
///
/// Where a model file is expected, its name can be given instead; a file of the same name is
/// `./english`.
public enum BuiltInModel: String, CaseIterable, Sendable {
  /// Has read novels in English, most of them of the 19th century.
  case english

  /// The model's file.
  /// - Throws: `SafetensorsError`.
  public func archive() throws -> SafetensorsArchive {
    try SafetensorsArchive(bytes: Array(bytes), name: rawValue)
  }

  /// The size of the model's file.
  package var byteCount: Int { bytes.count }

  private var bytes: UnsafeBufferPointer<UInt8> {
    switch self {
    case .english:
      UnsafeBufferPointer(start: charlm_english_model, count: charlm_english_model_size)
    }
  }
}

extension SafetensorsArchive {
  /// The file of a built-in model, or else the file at the path `model`.
  /// - Throws: `StorageError` or `SafetensorsError`.
  public init(model: String) throws {
    if let builtIn = BuiltInModel(rawValue: model) {
      self = try builtIn.archive()
    } else {
      try self.init(path: model)
    }
  }
}

extension TextModel {
  /// Reads a built-in model, or else the model file at the path `model`.
  /// - Parameters:
  ///   - model: a name, or the path of a file.
  ///   - precision: the precision of products, whatever the file holds.
  ///   - processor: the instruction set and the threads to compute with.
  /// - Throws: `StorageError`, `SafetensorsError` or `TextModelError`.
  public init(
    model: String, precision: WeightPrecision = .float32, processor: Processor
  ) throws {
    try self.init(SafetensorsArchive(model: model), precision: precision, processor: processor)
  }
}
