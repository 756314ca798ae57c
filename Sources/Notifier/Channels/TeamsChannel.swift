import Model
package import Specs

/// Posts adaptive cards to a workflow of Microsoft Teams. Its yes means that the workflow has begun; whether the card
/// appears is its own matter, which nobody is told.
package struct TeamsChannel: Channel {
  private let spec: TeamsSpec
  private let context: ChannelContext

  package init(_ spec: TeamsSpec, context: ChannelContext) {
    self.spec = spec
    self.context = context
  }

  package func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
    let body = TeamsCard.body(for: MessageContent(post, context.style))
    let request = try context.post(body, to: try context.url(for: post, in: spec.pool), by: spec.pool)
    let answer = try await outlet.ask(request)
    try Self.check(answer)
    return Receipt(detail: answer.status == 202 ? "answered 202, the workflow runs" : "answered \(answer.status)")
  }

  /// The connectors before workflows told failures in the text of a 200.
  private static func check(_ answer: VendorAnswer) throws(DeliveryError) {
    if answer.status == 404 || answer.status == 410 {
      throw .unauthorised("answered \(answer.status): there is no such workflow, or it is turned off; " + answer.text)
    }
    try answer.checkStatus()
    let text = answer.text
    guard text.lowercased().hasPrefix("webhook message delivery failed") else { return }
    if text.contains("HTTP error 429") { throw .throttled(retryAfter: nil) }
    if text.contains("HTTP error 5") { throw .unreachable("answered 200: " + text) }
    throw .rejected("answered 200: " + text)
  }
}
