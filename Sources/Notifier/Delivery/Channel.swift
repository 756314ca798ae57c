import Model

/// One destination: the port through which messages leave.
package protocol Channel: Sendable {
  /// Sends one message, once; whoever calls decides about trying again.
  func send(_ message: Message) async throws(DeliveryError) -> Receipt
}

/// The other side's word that it has taken a message.
package struct Receipt: Hashable, Sendable {
  /// Its own words or number, such as `200` or a mail server's queue id; without secrets.
  package var detail: String

  package init(detail: String) {
    self.detail = detail
  }
}

/// Why a message was not taken; the cases say what to do next. Texts are for people and hold no secret.
package enum DeliveryError: Error, Hashable, Sendable {
  /// The same message can never be taken: don't try again.
  case rejected(String)
  /// Too much at once: try again after `retryAfter`, or when it seems right where nothing was said.
  case throttled(retryAfter: Duration?)
  /// Nobody took it: try again.
  case unreachable(String)
  /// It was sent whole, and no answer came: it may have arrived. Try again once.
  case ambiguous(String)
}

extension DeliveryError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .rejected(let text), .unreachable(let text), .ambiguous(let text): text
    case .throttled(let wait?): "asked us to wait " + wait.prometheus
    case .throttled(nil): "asked us to wait"
    }
  }
}
