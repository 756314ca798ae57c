import NIOCore

/// Tells whoever speaks plain HTTP to a TLS port what it did, instead of closing without a word.
final class PlaintextNotice: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private static let words = "this port speaks TLS; ask it with https://\n"

  private static let answer = ByteBuffer(
    string: "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
      + "Content-Length: \(words.utf8.count)\r\n\r\n\(words)")

  private var isRefused = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isRefused else { return }
    let bytes = unwrapInboundIn(data)
    // A method begins with a capital letter; a TLS record of a handshake with 22.
    if let first = bytes.readableBytesView.first, UInt8(ascii: "A")...UInt8(ascii: "Z") ~= first {
      isRefused = true
      context.writeAndFlush(wrapOutboundOut(Self.answer)).assumeIsolated().whenComplete { _ in
        context.close(promise: nil)
      }
      return
    }
    context.fireChannelRead(data)
    context.pipeline.syncOperations.removeHandler(self, promise: nil)
  }
}
