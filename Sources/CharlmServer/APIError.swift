import Diagnosis
import Evaluation
import FoundationEssentials
import Generation
import HTTPTypes
import Hummingbird
import ModelFiles
import NIOCore
import NIOHTTP1
import Serving
import Storage
import Tokenization

/// An error as the protocol writes it: a status, and an object with one sentence.
struct APIError: Error {
  let status: HTTPResponse.Status
  let message: String
  var parameter: String?
  var code: String?
  /// Seconds after which it is worth trying again.
  var retryAfter: Int?

  init(
    _ status: HTTPResponse.Status, _ message: String, parameter: String? = nil, code: String? = nil
  ) {
    self.status = status
    self.message = message
    self.parameter = parameter
    self.code = code
  }

  /// Any error of a request.
  init(_ error: any Error) {
    switch error {
    case let error as APIError: self = error
    case let error as ServingError: self.init(error)
    case is NIOTooManyBytesError: self.init(HTTPError(.contentTooLarge) as any Error)
    case let error as HTTPError: self.init(error.status, Self.sentence(error))
    case let error as DiagnosisError: self.init(.badRequest, error.description)
    case let error as EvaluationError: self.init(.badRequest, error.description)
    case let error as GenerationError: self.init(.badRequest, error.description)
    case let error as GenerationSettingsError: self.init(.badRequest, error.description)
    case let error as TokenizationError: self.init(.badRequest, error.description)
    case let error as StorageError: self.init(.internalServerError, error.description)
    case let error as SafetensorsError: self.init(.internalServerError, error.description)
    case let error as TextModelError: self.init(.internalServerError, error.description)
    case is CancellationError: self.init(Self.clientLeft, "The client left.")
    default: self.init(.internalServerError, "The request failed: \(error)")
    }
  }

  /// Of nginx, for its log: nobody reads the answer.
  private static let clientLeft = HTTPResponse.Status(
    code: 499, reasonPhrase: "Client Closed Request")

  private init(_ error: ServingError) {
    switch error {
    case .noSuchModel:
      self.init(
        .notFound, error.description, parameter: "model", code: "model_not_found")
    case .modelMissing: self.init(.badRequest, error.description, parameter: "model")
    case .modelTooLarge: self.init(.badRequest, error.description, parameter: "model")
    case .busy:
      self.init(.tooManyRequests, error.description, code: "rate_limit_exceeded")
      retryAfter = 1
    case .endingSoon:
      self.init(.serviceUnavailable, error.description)
      retryAfter = 5
    case .noSuchRun: self.init(.notFound, error.description)
    case .trains: self.init(.conflict, error.description)
    case .cannotTrain: self.init(.internalServerError, error.description)
    case .invalid(let parameter, let reason):
      self.init(.badRequest, reason, parameter: parameter)
    }
  }

  private static func sentence(_ error: HTTPError) -> String {
    switch error.status {
    case .contentTooLarge: "The body is too large: send a shorter text."
    case .notFound: "There is no such path: see /openapi.json for all paths."
    case .methodNotAllowed: "The path does not have this method: see /openapi.json."
    default: error.body ?? "\(error.status.reasonPhrase)."
    }
  }

  // MARK: As a response

  private struct Body: Encodable {
    struct Details: Encodable {
      let message: String
      let type: String
      let param: String?
      let code: String?

      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(message, forKey: .message)
        try container.encode(type, forKey: .type)
        try container.encode(param, forKey: .param)
        try container.encode(code, forKey: .code)
      }

      private enum CodingKeys: String, CodingKey { case message, type, param, code }
    }

    let error: Details
  }

  private var type: String {
    switch status.code {
    case 401, 403: "authentication_error"
    case 404: "not_found_error"
    case 429: "rate_limit_error"
    case ..<500: "invalid_request_error"
    default: "server_error"
    }
  }

  /// The object, as one line.
  var json: ByteBuffer {
    JSON.encode(
      Body(error: .init(message: message, type: type, param: parameter, code: code)))
  }

  var response: Response {
    var headers: HTTPFields = [.contentType: "application/json"]
    if let retryAfter { headers[.retryAfter] = "\(retryAfter)" }
    return Response(status: status, headers: headers, body: .init(byteBuffer: json))
  }
}

/// Answers every error with its object.
struct ErrorResponder: RouterMiddleware {
  let metrics: ServerMetrics
  private let paths = KnownPaths()

  init(metrics: ServerMetrics) { self.metrics = metrics }

  func handle(
    _ request: Request, context: ServerContext,
    next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    let response: Response
    do {
      response = try await next(request, context)
    } catch let error as HTTPParserError {
      throw error  // Hummingbird answers with status 400 and closes the connection.
    } catch let error as HTTPError where error.status == .notFound {
      response = missing(request)
    } catch {
      response = APIError(error).response
    }
    metrics.count(response.status.code)
    return response
  }

  private func missing(_ request: Request) -> Response {
    guard let methods = paths.methods(ofPath: request.uri.path),
      !methods.contains(request.method.rawValue)
    else { return APIError(HTTPError(.notFound)).response }
    var response = APIError(HTTPError(.methodNotAllowed)).response
    response.headers[.allow] = methods.joined(separator: ", ")
    return response
  }
}
