import JSON
import Model
package import Specs

/// Creates and closes one alert of Opsgenie, or of Jira Service Management Operations, for each group.
///
/// It is safe to send again: the group's alias is the same each time.
package struct OpsgenieChannel: Channel {
  static let messageLimit = 130
  static let descriptionLimit = 15_000
  /// Of names and values of `details` together.
  static let detailsLimit = 8_000
  static let noteLimit = 25_000

  private let spec: OpsgenieSpec
  private let context: ChannelContext

  package init(_ spec: OpsgenieSpec, context: ChannelContext) {
    self.spec = spec
    self.context = context
  }

  package func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
    let base = try context.url(for: post, in: spec.pool)
    let call = Call(alerts: base.appendingPath("/v2/alerts"), key: "GenieKey " + (try context.secret(spec.apiKey)))
    var receipt = Receipt(detail: "")
    do throws(DeliveryError) {
      for post in post.single {
        let (message, content) = (post.first, MessageContent(post, context.style))
        if post.isTest {
          receipt = try await closeNothing(content, by: call, through: &outlet)
        } else if message.status == .resolved {
          receipt = try await close(message, content, by: call, through: &outlet)
        } else {
          receipt = try await create(message, content, by: call, through: &outlet)
        }
      }
    } catch {
      throw error.ofRepeatable
    }
    return receipt
  }

  /// Where the API is, and what it is asked with.
  private struct Call {
    let alerts: String
    let key: String

    /// What is done to the alert of an alias.
    func address(_ alias: String, _ action: String) -> String {
      alerts.appendingPath("/" + alias.percentEncoded + "/" + action)
        + (alerts.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + "identifierType=alias"
    }
  }

  // MARK: What is asked

  private func create(
    _ message: Message, _ content: MessageContent, by call: Call, through outlet: inout Outlet
  ) async throws(DeliveryError) -> Receipt {
    let receipt = try await send(alert(message, content), "POST", to: call.alerts, by: call, through: &outlet)
    guard spec.updatesAlerts, message.reason != .first else { return receipt }
    // The alert is there whatever becomes of its texts, so their failure isn't the message's.
    var failures: [String] = []
    for (action, text) in [("message", title(content)), ("description", description(content))] {
      do throws(DeliveryError) {
        let url = call.address(message.deduplicationKey, action)
        _ = try await send([.init(action, .string(text))], "PUT", to: url, by: call, through: &outlet)
      } catch {
        failures.append("its \(action) was not updated: " + error.description)
      }
    }
    return Receipt(detail: ([receipt.detail] + failures).joined(separator: "; "))
  }

  private func close(
    _ message: Message, _ content: MessageContent, by call: Call, through outlet: inout Outlet
  ) async throws(DeliveryError) -> Receipt {
    let times = content.isOfOne ? content.rows(of: content.items.flatMap(\.facts)) : []
    let note = ([content.title] + times + [content.source]).joined(separator: "\n").cut(to: Self.noteLimit)
    return try await send(
      [.init("source", "Belfry"), .init("note", .string(note))], "POST",
      to: call.address(message.deduplicationKey, "close"), by: call, through: &outlet)
  }

  /// A test would call whoever is on duty if it made an alert. To close one that isn't there is accepted, by the right
  /// key only, and does nothing.
  private func closeNothing(
    _ content: MessageContent, by call: Call, through outlet: inout Outlet
  ) async throws(DeliveryError) -> Receipt {
    try await send(
      [.init("source", "Belfry"), .init("note", .string(content.title))], "POST",
      to: call.address("belfry-channel-test", "close"), by: call, through: &outlet)
  }

  private func send(
    _ members: [JSONValue.Member], _ method: String, to url: String, by call: Call, through outlet: inout Outlet
  ) async throws(DeliveryError) -> Receipt {
    var request = try context.post(
      JSONValue.object(members).bytes(), to: url, by: spec.pool, headers: [Label("Authorization", call.key)])
    request.method = method
    return try Self.receipt(for: try await outlet.send(request))
  }

  private static func receipt(for response: HTTPResponse) throws(DeliveryError) -> Receipt {
    if response.status == 429 {
      let period = response.header("X-RateLimit-Period-In-Sec").flatMap { Int64($0) }.map { Duration.seconds($0) }
      throw .throttled(retryAfter: response.retryAfter ?? period ?? .seconds(60))
    }
    try response.checkTaken()
    let request = response.json?["requestId"]?.string.map { ", request " + $0.onOneLine(limit: 100) } ?? ""
    return Receipt(detail: "answered \(response.status)" + request)
  }

  // MARK: What it says

  private func alert(_ message: Message, _ content: MessageContent) -> [JSONValue.Member] {
    var alert: [JSONValue.Member] = [
      .init("message", .string(title(content))), .init("alias", .string(message.deduplicationKey)),
      .init("description", .string(description(content))), .init("priority", .string(Self.priority(content.level))),
      .init("source", "Belfry"), .init("note", .string(content.words.reason(message.reason))),
    ]
    if !spec.responders.isEmpty {
      let responders = spec.responders.map { responder -> JSONValue in
        [responder.key.rawValue: .string(responder.value), "type": .string(responder.kind.rawValue)]
      }
      alert.append(.init("responders", .array(responders)))
    }
    if !spec.tags.isEmpty { alert.append(.init("tags", .array(spec.tags.map { .string($0) }))) }
    let instance = message.commonLabels["instance"]
    if !instance.isEmpty { alert.append(.init("entity", .string(instance.onOneLine(limit: 512)))) }
    alert.append(.init("details", .object(details(message))))
    return alert
  }

  private func title(_ content: MessageContent) -> String { content.title.cut(scalars: Self.messageLimit) }

  private func description(_ content: MessageContent) -> String {
    let text = content.fitted {
      $0.text(in: PlainText.self)
    } accept: {
      $0.utf16.count <= Self.descriptionLimit
    }
    // Only the text of a template gets here.
    return text.utf16.count <= Self.descriptionLimit ? text : text.cut(scalars: Self.descriptionLimit / 2)
  }

  /// The labels that all alerts share, as many as there is room for.
  private func details(_ message: Message) -> [JSONValue.Member] {
    var room = Self.detailsLimit
    var details: [JSONValue.Member] = []
    for label in message.commonLabels.pairs {
      let value = label.value.onOneLine(limit: 1000)
      room -= label.name.unicodeScalars.count + value.unicodeScalars.count
      if room < 0 { break }
      details.append(.init(label.name, .string(value)))
    }
    return details
  }

  /// P4 is left to people. An alert that isn't known to be harmless isn't treated so.
  private static func priority(_ level: SeverityLevel?) -> String {
    switch level {
    case .critical: "P1"
    case .error, nil: "P2"
    case .warning: "P3"
    case .info: "P5"
    }
  }
}
