package import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1
package import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// How a connection becomes requests: within limits, over TLS or not, in HTTP/1.1.
package struct StatusChannel: HTTPChannelHandler {
  /// A connection, as requests come and answers go.
  package typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

  /// Of a request's head, in bytes and in fields.
  private static var headLimits: NIOHTTPDecoderLimitConfiguration {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = 16 * 1024
    limits.maxHeaderListSize = 32 * 1024
    limits.maxHeaderFieldCount = 100
    return limits
  }

  /// Answers a request.
  package let responder: Responder
  private let limits: StatusLimits
  private let connections: Connections
  private let identity: ServerIdentity?

  init(_ limits: StatusLimits, identity: ServerIdentity?, responder: @escaping Responder) {
    self.limits = limits
    self.identity = identity
    self.responder = responder
    connections = Connections(limit: limits.connections, limitPerAddress: limits.connectionsPerAddress)
  }

  /// Builds what reads and writes on `channel`.
  package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      let address = RemoteAddress(channel.remoteAddress)
      let admission = connections.admit(address)
      channel.closeFuture.whenComplete { [connections] _ in connections.leave(admission, from: address) }
      let pipeline = channel.pipeline.syncOperations
      if let identity {
        try pipeline.addHandler(PlaintextNotice())
        try pipeline.addHandler(identity.makeHandler())
      }
      try pipeline.configureHTTPServerPipeline(
        withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
        withEncoderConfiguration: .init(), withDecoderLimitConfiguration: Self.headLimits
      )
      try pipeline.addHandler(ConnectionHandler(limits, admission))
      try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: identity != nil))
      return try NIOAsyncChannel(
        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
    }
  }

  /// Answers the requests of a connection one after the other.
  package func handle(value: Value, logger: Logger) async {
    await handleHTTP(asyncChannel: value, logger: logger)
  }
}
