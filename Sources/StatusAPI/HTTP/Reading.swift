import Hummingbird
import Model
import NIOCore

/// One request with what was found out about it.
struct Reading {
  let request: Request
  let reader: Visibility
  let parameters: Parameters
  /// With whose requests this one is counted.
  let key: ReaderKey
  /// When the reader's right ends; `nil` where it doesn't end by itself.
  var expires: Timestamp?
  /// The connection that the request came by.
  let connection: any Channel

  /// The header of that name.
  var ifNoneMatch: String? { request.headers[.ifNoneMatch] }
}

extension Request {
  /// What tells the answer to this request from the answers to others, as far as the request tells.
  var nameOfAnswer: String {
    let reader = (headers[.authorization] ?? headers[.cookie]).map { String($0.hashValue) } ?? ""
    return reader + (head.path ?? "/")
  }

  /// Whether something follows the request's head.
  var hasBody: Bool {
    headers[.transferEncoding] != nil || headers[values: .contentLength].contains { $0 != "0" }
  }
}
