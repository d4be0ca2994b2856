import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes a connection that is too slow, and notices that a client left.
///
/// Deadlines are absolute: a client that sends a byte now and then does not extend them.
final class ConnectionWatch: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  struct Deadlines: Sendable {
    /// From the beginning of a connection to the end of the first request's head.
    var head: TimeAmount
    /// From the head of a request to the end of its body.
    var body: TimeAmount
    /// From a response to the end of the next request's head.
    var idle: TimeAmount
    /// For which a client may accept nothing of a response.
    var stall: TimeAmount

    static let standard = Deadlines(
      head: .seconds(10), body: .seconds(30), idle: .seconds(60), stall: .seconds(30))
  }

  private let deadlines: Deadlines
  private var deadline: Scheduled<Void>?
  private var stallCheck: Scheduled<Void>?
  private var unwrittenCount = 0
  private var lastProgress = NIODeadline.now()
  /// Called once if the client leaves.
  private var onLeave: (@Sendable () -> Void)?
  private var hasLeft = false

  init(_ deadlines: Deadlines) { self.deadlines = deadlines }

  /// Calls `body` if the client leaves, or at once if it has left; nil to call nothing.
  func setOnLeave(_ body: (@Sendable () -> Void)?) {
    if hasLeft { body?() } else { onLeave = body }
  }

  /// Bytes that the system keeps for a client that does not read yet.
  private static let sendBufferSize = SocketOptionValue(1 << 17)

  // MARK: Requests

  func channelActive(context: ChannelHandlerContext) {
    context.channel.closeInOtherPrograms()
    // The system's own limit is megabytes: a client that reads nothing would be written a whole text.
    _ = context.channel.setOption(.socketOption(.so_sndbuf), value: Self.sendBufferSize)
    close(context, after: deadlines.head)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    stallCheck?.cancel()
    leave()
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed { leave() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head: close(context, after: deadlines.body)
    case .body: break
    case .end: deadline?.cancel()
    }
    context.fireChannelRead(data)
  }

  private func close(_ context: ChannelHandlerContext, after time: TimeAmount) {
    deadline?.cancel()
    let channel = context.channel
    deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
  }

  private func leave() {
    hasLeft = true
    onLeave?()
    onLeave = nil
  }

  // MARK: Responses

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) { close(context, after: deadlines.idle) }
    let promise = promise ?? context.eventLoop.makePromise()
    if unwrittenCount == 0 { lastProgress = .now() }
    unwrittenCount += 1
    promise.futureResult.assumeIsolated().whenComplete { [self] _ in
      unwrittenCount -= 1
      lastProgress = .now()
    }
    checkForStall(context)
    context.write(data, promise: promise)
  }

  private func checkForStall(_ context: ChannelHandlerContext) {
    guard stallCheck == nil else { return }
    let channel = context.channel
    let loop = context.loopBound
    stallCheck = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(5)) { [self] in
      stallCheck = nil
      guard unwrittenCount > 0 else { return }
      if NIODeadline.now() - lastProgress > deadlines.stall {
        channel.close(promise: nil)
      } else {
        checkForStall(loop.value)
      }
    }
  }
}

extension Channel {
  /// Runs `operation`, and cancels it if the client leaves.
  func whileClientStays<Result: Sendable>(
    _ operation: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    let task = Task(operation: operation)
    try await setOnLeave { task.cancel() }
    defer { eventLoop.execute { try? self.watch().setOnLeave(nil) } }
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }

  private func setOnLeave(_ body: @escaping @Sendable () -> Void) async throws {
    try await eventLoop.submit { try self.watch().setOnLeave(body) }.get()
  }

  private func watch() throws -> ConnectionWatch {
    try pipeline.syncOperations.handler(type: ConnectionWatch.self)
  }
}
