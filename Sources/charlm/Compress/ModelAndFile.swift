import ArgumentParser
import ModelFiles

/// A verb with two arguments: a model, which may be left out, and a file.
protocol ModelAndFile {
  var files: [String] { get }
}

extension ModelAndFile {
  /// The given model, or else the built-in one.
  var modelName: String { files.count > 1 ? files[0] : BuiltInModel.english.rawValue }
  var file: String { files.last! }

  /// - Throws: `ValidationError` unless there are one or two arguments.
  func checkCount() throws {
    guard 1...2 ~= files.count else {
      throw ValidationError("Give one file, or a model file and one file.")
    }
  }
}
