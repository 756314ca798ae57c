import NIOCore
import NIOHTTP1

/// Keeps one connection within its limits: ends it when it doesn't get on, after an answer that says so, and at a
/// shutdown; and answers itself what the decoder can't read.
///
/// It stands behind the HTTP decoder, and sees nothing of a head before it is whole, but that something was read.
final class ConnectionHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// A request whose answer isn't written yet.
  private struct OpenRequest {
    var isHead: Bool
    var version: HTTPVersion
    /// Whether the connection ends with its answer.
    var isLast: Bool
  }

  /// The stretch of an answer that a client has to take in time.
  private static let stretch = 64 * 1024

  private let admission: Connections.Admission
  private var deadline: ConnectionDeadline
  private var timer: (task: Scheduled<Void>, at: NIODeadline)?
  private var open: [OpenRequest] = []
  /// Whether the end of the answer under way isn't written, since it has no body.
  private var endsUnwritten = false
  private var isStream = false
  private var isClosing = false
  /// Whether the connection ends when what was asked is answered.
  private var isEnding = false

  init(_ limits: StatusLimits, _ admission: Connections.Admission) {
    self.admission = admission
    deadline = ConnectionDeadline(limits, at: .now())
  }

  // MARK: Coming and going

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { begin(context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    begin(context)
    context.fireChannelActive()
  }

  private func begin(_ context: ChannelHandlerContext) {
    if admission == .refused { context.close(promise: nil) } else { schedule(context) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.task.cancel()
    timer = nil
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.task.cancel()
    timer = nil
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case is ChannelShouldQuiesceEvent:
      isEnding = true
      if open.isEmpty { context.close(promise: nil) }
    case ChannelEvent.inputClosed where isStream || open.isEmpty:
      // Nobody waits for an answer; who reads a stream has gone.
      context.close(promise: nil)
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  // MARK: Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isClosing else { return }
    if case .head(let head) = unwrapInboundIn(data) {
      if let refusal = WireRefusal(head, admission) { return refuse(context, refusal) }
      // Behind a request to speak something else comes that something else, or nothing.
      let isLast =
        !head.isKeepAlive || admission == .spare || head.method == .CONNECT || head.headers.contains(name: "upgrade")
      open.append(OpenRequest(isHead: head.method == .HEAD, version: head.version, isLast: isLast))
      deadline.beganAnswering()
    }
    context.fireChannelRead(data)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if isClosing {
      // Read and dropped, so that the answer isn't lost with a reset.
      context.read()
      return
    }
    deadline.received(at: .now())
    schedule(context)
    context.fireChannelReadComplete()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard !isClosing else { return }
    if error is HTTPParserError, open.isEmpty {
      refuse(context, WireRefusal(error))
    } else if open.isEmpty || !(error is HTTPParserError) {
      context.close(promise: nil)
    } else {
      // What can't be read stands behind a request that is being answered.
      isEnding = true
    }
  }

  // MARK: Answers

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard !isClosing else {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    switch unwrapOutboundIn(data) {
    case .head(var head):
      frame(&head)
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body(.byteBuffer(var body)):
      while body.readableBytes > Self.stretch, let part = body.readSlice(length: Self.stretch) {
        write(context, .body(.byteBuffer(part)), promise: nil)
      }
      write(context, .body(.byteBuffer(body)), promise: promise)
    case .body(let body): write(context, .body(body), promise: promise)
    case .end(let trailers):
      let isLast = open.first?.isLast ?? true
      open = Array(open.dropFirst())
      isStream = false
      if endsUnwritten { promise?.succeed() } else { write(context, .end(trailers), promise: promise) }
      if isLast || (isEnding && open.isEmpty) {
        context.flush()
        close(context)
      } else if open.isEmpty {
        deadline.endedAnswering(at: .now())
      }
    }
    schedule(context)
  }

  /// Says what the connection will do, and what the answer's length is.
  private func frame(_ head: inout HTTPResponseHead) {
    guard let request = open.first else { return }
    head.version = request.version
    isStream = head.headers.first(name: "content-type") == Content.eventStream.rawValue
    let mayHaveBody = head.status.mayHaveResponseBody
    let isMeasured = !mayHaveBody || head.headers.contains(name: "content-length")
    // The end of a body that isn't there would be written as an empty chunk.
    endsUnwritten = request.isHead && !isMeasured
    if head.headers.contains(name: "connection") || endsUnwritten || (!isMeasured && request.version == .http1_0) {
      open[0].isLast = true
    }
    if isEnding, open.count == 1 { open[0].isLast = true }
    if open[0].isLast { head.headers.replaceOrAdd(name: "connection", value: "close") }
  }

  private func write(
    _ context: ChannelHandlerContext, _ part: HTTPServerResponsePart, promise: EventLoopPromise<Void>?
  ) {
    let written = promise ?? context.eventLoop.makePromise()
    deadline.wrote(at: .now())
    written.futureResult.assumeIsolated().whenComplete { _ in
      self.deadline.wasTaken(at: .now())
      // What is waited for next may end sooner.
      self.schedule(context)
    }
    context.write(wrapOutboundOut(part), promise: written)
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    if mode == .output, !isClosing {
      isClosing = true
      deadline.beganClosing(at: .now())
      schedule(context)
    }
    context.close(mode: mode, promise: promise)
  }

  /// Ends the connection when the answer is out and the client has had time to read it.
  private func close(_ context: ChannelHandlerContext) {
    guard !isClosing else { return }
    isClosing = true
    deadline.beganClosing(at: .now())
    context.close(mode: .output, promise: nil)
    context.read()
  }

  private func refuse(_ context: ChannelHandlerContext, _ refusal: WireRefusal) {
    let (head, body) = refusal.answer
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    close(context)
    schedule(context)
  }

  // MARK: Time

  /// At most one timer runs; one that goes off early looks again.
  private func schedule(_ context: ChannelHandlerContext) {
    guard let instant = deadline.instant, context.channel.isActive else { return }
    if let timer, timer.at <= instant { return }
    timer?.task.cancel()
    let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: instant) {
      self.timer = nil
      guard let instant = self.deadline.instant else { return }
      if instant <= .now() { context.close(promise: nil) } else { self.schedule(context) }
    }
    timer = (task, instant)
  }
}
