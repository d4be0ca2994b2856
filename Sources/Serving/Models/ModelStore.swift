import Dispatch
import FoundationEssentials
import Glibc
import Kernels
import ModelFiles
import RecurrentNetwork
import Storage

/// The models that are served: files named at the start, and all model files of a folder, which may
/// change while the server runs.
///
/// A model is loaded when it is first asked for. If the loaded models take more memory than
/// allowed, those that were not asked for the longest are dropped; a text in progress keeps its
/// model.
package actor ModelStore {
  private let paths: [String: String]
  private let folder: String?
  private let mostByteCount: Int
  private let precision: WeightPrecision
  private let processor: Processor
  private var loaded: [String: (file: ModelFile, model: ServedModel)] = [:]
  private var loading: [String: (file: ModelFile, task: Task<ServedModel, any Error>)] = [:]
  private var described: [String: (file: ModelFile, description: ModelDescription)] = [:]
  /// The loaded models, the one that was asked for last at the end.
  private var order: [String] = []

  private static let ending = ".safetensors"

  /// - Parameters:
  ///   - paths: model files, each with its own file name.
  ///   - folder: a folder of model files, to which others may be added.
  ///   - mostByteCount: the memory for loaded models.
  package init(
    paths: [String], folder: String?, mostByteCount: Int, precision: WeightPrecision,
    processor: Processor
  ) {
    self.paths = Dictionary(paths.map { (Self.id(ofPath: $0), $0) }) { first, _ in first }
    self.folder = folder
    self.mostByteCount = mostByteCount
    self.precision = precision
    self.processor = processor
  }

  /// The name of a model file without its ending.
  package static func id(ofPath path: String) -> String {
    let name = lastComponent(of: path)
    return String(name.hasSuffix(ending) ? name.dropLast(ending.count) : name)
  }

  // MARK: Lists

  /// All models that can be read, by name.
  package func descriptions() -> [ModelDescription] {
    files().sorted { $0.key < $1.key }.compactMap { try? description($0.key, $0.value) }
  }

  /// - Throws: `ServingError.noSuchModel`, or the errors of reading a model.
  package func description(of id: String) throws -> ModelDescription {
    guard let file = files()[id] else { throw noSuchModel(id) }
    return try description(id, file)
  }

  private func description(_ id: String, _ file: ModelFile) throws -> ModelDescription {
    if let known = described[id], known.file == file { return known.description }
    let description = try ModelDescription(id: id, file: file)
    described[id] = (file, description)
    return description
  }

  /// The files of all models, by name.
  private func files() -> [String: ModelFile] {
    var all: [String: ModelFile] = [:]
    if let folder, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) {
      for name in names where name.hasSuffix(Self.ending) && !name.hasPrefix(".") {
        all[Self.id(ofPath: name)] = Self.file(atPath: "\(folder)/\(name)")
      }
    }
    for (id, path) in paths {
      all[id] = BuiltInModel(rawValue: path).map(ModelFile.init) ?? Self.file(atPath: path)
    }
    return all
  }

  private static func file(atPath path: String) -> ModelFile? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return ModelFile(
      path: path, byteCount: Int(status.st_size), modified: Int(status.st_mtim.tv_sec),
      modifiedNanoseconds: Int(status.st_mtim.tv_nsec))
  }

  private func noSuchModel(_ id: String) -> ServingError {
    .noSuchModel(id: id, known: files().keys.sorted())
  }

  // MARK: Loading

  /// The model of a name; without a name, the only one.
  /// - Throws: `ServingError`, or the errors of reading a model.
  package func model(_ id: String?) async throws -> ServedModel {
    let files = files()
    guard let id = id ?? (files.count == 1 ? files.first!.key : nil) else {
      throw ServingError.modelMissing(known: files.keys.sorted())
    }
    guard let file = files[id] else { throw noSuchModel(id) }
    if let known = loaded[id], known.file == file {
      touch(id)
      return known.model
    }
    if let known = loading[id], known.file == file { return try await known.task.value }
    let task = Task { [precision, processor] in
      try await Self.load(id, file, precision, processor)
    }
    loading[id] = (file, task)
    defer { if loading[id]?.file == file { loading[id] = nil } }
    let model = try await task.value
    guard model.byteCount <= mostByteCount else {
      throw ServingError.modelTooLarge(
        id: id, byteCount: model.byteCount, mostByteCount: mostByteCount)
    }
    loaded.updateValue((file, model), forKey: id)?.model.drop()
    touch(id)
    makeRoom()
    return model
  }

  /// Reads a model on a thread that may wait for a disk.
  private static func load(
    _ id: String, _ file: ModelFile, _ precision: WeightPrecision, _ processor: Processor
  ) async throws -> ServedModel {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(
          with: Result {
            ServedModel(
              id: id,
              model: try TextModel(file.archive(), precision: precision, processor: processor))
          })
      }
    }
  }

  private func touch(_ id: String) {
    order.removeAll { $0 == id }
    order.append(id)
  }

  private func makeRoom() {
    while order.count > 1,
      loaded.values.reduce(0, { $0 + $1.model.byteCount }) > mostByteCount
    {
      loaded.removeValue(forKey: order.removeFirst())?.model.drop()
    }
  }

  /// The names of the loaded models.
  package var loadedIDs: [String] { loaded.keys.sorted() }
}
