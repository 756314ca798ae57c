import Model

/// One destination: the port through which messages leave.
package protocol Channel: Sendable {
  /// Sends one post, once; whoever calls decides about trying again. All requests go through `outlet`.
  func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt
}

/// What a channel is asked to send at once: the message of one group, or those of several merged into one, since its
/// quota has no room for each of them.
package struct Post: Hashable, Sendable {
  /// The gravest first; never empty.
  package var messages: [Message]
  /// Which endpoint of the channel's pool takes it, from 0.
  package var endpoint: Int
  /// A try of the channel by a person: marked as one, calls nobody.
  package var isTest: Bool

  package init(_ messages: [Message], endpoint: Int = 0, isTest: Bool = false) {
    self.messages = messages
    self.endpoint = endpoint
    self.isTest = isTest
  }

  /// The message of the only group, or of the gravest.
  package var first: Message { messages[0] }

  /// Whether it tells of several groups.
  package var isDigest: Bool { messages.count > 1 }
}

/// The other side's word that it has taken a message.
package struct Receipt: Hashable, Sendable {
  /// Its own words or number, such as `200` or a mail server's queue id; without secrets.
  package var detail: String
  /// By what the message can be found again, to be changed or answered: Slack's `channel/ts`; `nil` where there is none.
  package var handle: String?

  package init(detail: String, handle: String? = nil) {
    self.detail = detail
    self.handle = handle
  }
}

/// Why a message was not taken; the cases say what to do next. Texts are for people and hold no secret.
package enum DeliveryError: Error, Hashable, Sendable {
  /// The same message can never be taken: don't try again.
  case rejected(String)
  /// The credentials are refused: don't try again; nothing else will go through either.
  case unauthorised(String)
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
    case .rejected(let text), .unauthorised(let text), .unreachable(let text), .ambiguous(let text): text
    case .throttled(let wait?): "asked us to wait " + wait.prometheus
    case .throttled(nil): "asked us to wait"
    }
  }
}

extension DeliveryError {
  /// Alertmanager's word for it, as the label `reason` of failed notifications has it.
  package var reason: String {
    switch self {
    case .rejected: "clientError"
    case .unauthorised: "authError"
    case .throttled: "rateLimited"
    case .unreachable: "serverError"
    case .ambiguous: "contextDeadlineExceeded"
    }
  }
}
