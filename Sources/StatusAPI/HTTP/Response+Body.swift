import HTTPTypes
import HummingbirdCore
import NIOCore

extension Response {
  /// The body where it is there as a whole; `nil` for one that is written piece by piece.
  func wholeBody() async -> ByteBuffer? {
    guard body.contentLength != nil else { return nil }
    let bytes = CollectedBody()
    do {
      try await body.write(BodyCollector(into: bytes))
    } catch {
      return nil
    }
    return bytes.buffer
  }
}

private final class CollectedBody {
  var buffer: ByteBuffer?
}

private struct BodyCollector: ResponseBodyWriter {
  let body: CollectedBody

  init(into body: CollectedBody) {
    self.body = body
  }

  mutating func write(_ buffer: ByteBuffer) async throws {
    // One buffer, as bodies that are there as a whole have, is taken without a copy.
    if body.buffer == nil { body.buffer = buffer } else { body.buffer?.writeImmutableBuffer(buffer) }
  }

  consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
