import JSON
import NIOCore
import NIOHTTP1

/// Why a request isn't handed on at all.
enum WireRefusal: Hashable {
  /// The head is longer than the limit, or has more fields.
  case headTooLong
  case malformed
  /// None, or more than one.
  case hosts(Int)
  /// Too many connections are open; this one may ask only the probes.
  case tooManyConnections

  init(_ error: any Error) {
    self = error as? HTTPParserError == .headerOverflow ? .headTooLong : .malformed
  }

  /// `nil` for a request that is fine.
  init?(_ head: HTTPRequestHead, _ admission: Connections.Admission) {
    let hosts = head.headers[canonicalForm: "host"].count
    if hosts > 1 || (hosts == 0 && head.version != .http1_0) {
      self = .hosts(hosts)
    } else if admission == .spare, !Self.isProbe(head.uri) {
      self = .tooManyConnections
    } else {
      return nil
    }
  }

  /// Whatever stands in front of it, as a path of the external URL may.
  private static func isProbe(_ target: String) -> Bool {
    let path = target.prefix { $0 != "?" }
    return ["/livez", "/healthz", "/readyz"].contains { path.hasSuffix($0) }
  }

  private var words: (status: HTTPResponseStatus, code: String, message: String) {
    switch self {
    case .headTooLong:
      (
        .requestHeaderFieldsTooLarge, "head-too-long",
        "the request's head is longer than 32 KiB, a field of it than 16 KiB, or it has more than 100 fields"
      )
    case .malformed: (.badRequest, "bad-request", "what came is no request in HTTP/1.1")
    case .hosts(let count):
      (.badRequest, "bad-request", "the request has \(count == 0 ? "no" : "\(count)") Host headers; it takes one")
    case .tooManyConnections:
      (.serviceUnavailable, "overloaded", "too many connections are open; try again later")
    }
  }

  var answer: (head: HTTPResponseHead, body: ByteBuffer) {
    let (status, code, message) = words
    var writer = JSONWriter()
    writer.object {
      $0.object("error") {
        $0.member("code", code)
        $0.member("message", message)
      }
    }
    var headers: HTTPHeaders = [
      "Content-Type": Content.json.rawValue, "Content-Length": String(writer.bytes.count), "Connection": "close",
      "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
    ]
    if self == .tooManyConnections { headers.add(name: "Retry-After", value: "10") }
    return (HTTPResponseHead(version: .http1_1, status: status, headers: headers), ByteBuffer(bytes: writer.bytes))
  }
}
