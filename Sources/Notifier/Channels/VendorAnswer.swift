import JSON
import Model

/// What a vendor's server said: as JSON, or as words. It may hold what was sent in secret; ``RedactingChannel`` takes
/// that out of all that is told.
struct VendorAnswer: Sendable {
  private let response: HTTPResponse
  /// `nil` where the body is no JSON.
  let json: JSONValue?

  init(_ response: HTTPResponse) {
    self.response = response
    json = response.json
  }

  var status: Int { response.status }
  var retryAfter: Duration? { response.retryAfter }
  /// The time at the other side.
  var date: Timestamp? { header("Date").flatMap(Timestamp.init(httpDate:)) }

  func header(_ name: String) -> String? { response.header(name) }

  /// The body on one line, for people.
  var text: String { String(decoding: response.body.prefix(4000), as: UTF8.self).onOneLine(limit: 200) }

  /// A member of the body's object that is a whole number.
  func number(_ name: String) -> Int? { json?[name]?.int }

  /// A member of the body's object, on one line.
  func words(_ name: String) -> String? { json?[name]?.string?.onOneLine(limit: 200) }

  /// A number of seconds in the body, as vendors write waits: whole or not, at most a day.
  func wait(_ value: JSONValue?) -> Duration? {
    guard let seconds = value?.double, seconds >= 0, seconds.isFinite else { return nil }
    return .milliseconds(Int64((min(seconds, 86_400) * 1000).rounded(.up)))
  }

  /// `answered 19024 Key Words Not Found`, and what can be done about it.
  func refusal(_ code: some CustomStringConvertible, _ message: String, _ advice: String = "") -> String {
    "answered " + code.description + (message.isEmpty ? "" : " " + message) + (advice.isEmpty ? "" : "; " + advice)
  }

  // MARK: What it means

  /// What the status alone means: nothing when the message was taken.
  func checkStatus() throws(DeliveryError) { try response.checkTaken() }

  /// Throws where a gateway before the vendor's server asks for patience, whatever the body says.
  func checkGateway() throws(DeliveryError) {
    switch status {
    case 408, 425, 429, 500...: try checkStatus()
    default: return
    }
  }

  /// An answer without a code is no yes: a proxy's page, or protection from abuse.
  func refuseForLackOfCode() throws(DeliveryError) -> Never {
    try checkStatus()
    throw .unreachable("answered \(status) without saying whether it was taken: " + text)
  }
}

extension Outlet {
  /// One exchange, whatever the answer means.
  mutating func ask(_ request: HTTPRequest) async throws(DeliveryError) -> VendorAnswer {
    VendorAnswer(try await send(request))
  }
}
