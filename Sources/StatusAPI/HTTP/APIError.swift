import Hummingbird
import JSON

/// Why a request gets no answer; each becomes `{"error":{"code","message"}}` with a status of its own.
enum APIError: Error, Hashable, Sendable {
  /// 400: a parameter or the request itself; the code names the parameter's kind of trouble.
  case badRequest(String)
  /// 401: no token, or none that is known.
  case unauthorised(String, isPage: Bool)
  /// 403: known, and not meant for this reader.
  case forbidden(String)
  /// 404: nothing there, or nothing for this reader.
  case notFound(String)
  /// 405: anything but GET and HEAD.
  case methodNotAllowed(String)
  /// 409: several things fit.
  case ambiguous(String)
  /// 413: a body where none is read.
  case bodyNotRead
  /// 414: the request's target is longer than the limit in bytes.
  case targetTooLong(limit: Int)
  /// 421: the request is for another host.
  case misdirected(String)
  /// 429: this reader asks too much; after that many seconds it may again.
  case tooMany(String, retryAfter: Int)
  /// 503: the ledger can't be read right now.
  case unavailable(String)
  /// 503: all readers together ask too much.
  case overloaded(String)

  /// The word in the error's body.
  var code: String {
    switch self {
    case .badRequest: "bad-request"
    case .unauthorised: "unauthorised"
    case .forbidden: "forbidden"
    case .notFound: "not-found"
    case .methodNotAllowed: "method-not-allowed"
    case .ambiguous: "ambiguous"
    case .bodyNotRead: "body-not-read"
    case .targetTooLong: "target-too-long"
    case .misdirected: "misdirected"
    case .tooMany: "too-many-requests"
    case .unavailable: "unavailable"
    case .overloaded: "overloaded"
    }
  }

  /// One line for people.
  var message: String {
    switch self {
    case .badRequest(let message), .unauthorised(let message, _), .forbidden(let message), .notFound(let message),
      .ambiguous(let message), .misdirected(let message), .tooMany(let message, _), .unavailable(let message),
      .overloaded(let message):
      message
    case .methodNotAllowed(let method): "'\(method)' is not served here; this API is read with GET and HEAD"
    case .bodyNotRead: "the request carries a body; this API is read with GET and HEAD, without one"
    case .targetTooLong(let limit): "the request's path and query are longer than \(limit) bytes"
    }
  }

  var status: HTTPResponse.Status {
    switch self {
    case .badRequest: .badRequest
    case .unauthorised: .unauthorized
    case .forbidden: .forbidden
    case .notFound: .notFound
    case .methodNotAllowed: .methodNotAllowed
    case .ambiguous: .conflict
    case .bodyNotRead: .contentTooLarge
    case .targetTooLong: .uriTooLong
    case .misdirected: .misdirectedRequest
    case .tooMany: .tooManyRequests
    case .unavailable, .overloaded: .serviceUnavailable
    }
  }
}

extension Response {
  /// `asProblem`: as RFC 9457 has it, instead of this API's own shape.
  init(_ error: APIError, asProblem: Bool = false) {
    var writer = JSONWriter()
    writer.object {
      if asProblem {
        // What the type would say stands in the code (RFC 9457 §4.2.1).
        $0.member("type", "about:blank")
        $0.member("title", error.status.reasonPhrase)
        $0.member("status", error.status.code)
        $0.member("detail", error.message)
        $0.member("code", error.code)
      } else {
        $0.object("error") {
          $0.member("code", error.code)
          $0.member("message", error.message)
        }
      }
    }
    self.init(asProblem ? .problem : .json, writer.bytes, status: error.status)
    switch error {
    case .methodNotAllowed: headers[.allow] = "GET, HEAD"
    // A browser can send a token only as the password of Basic, so the page asks for that.
    case .unauthorised(_, isPage: true): headers[.wwwAuthenticate] = #"Basic realm="belfry", charset="UTF-8""#
    case .unauthorised(_, isPage: false): headers[.wwwAuthenticate] = #"Bearer realm="belfry""#
    case .bodyNotRead: headers[.connection] = "close"
    case .tooMany(_, let seconds): headers[.retryAfter] = String(seconds)
    case .overloaded: headers[.retryAfter] = "10"
    case .badRequest, .forbidden, .notFound, .ambiguous, .targetTooLong, .misdirected, .unavailable: break
    }
  }
}

/// Whether `Accept` names the media type of problem documents.
func asksForProblem(_ accept: String?) -> Bool {
  guard let accept else { return false }
  return accept.lowercased().split(separator: ",").contains { range in
    let fields = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
    guard fields.first == "application/problem+json" else { return false }
    let weight = fields.dropFirst().first { $0.hasPrefix("q=") }?.dropFirst(2)
    return weight.flatMap { Double($0) } != 0
  }
}
