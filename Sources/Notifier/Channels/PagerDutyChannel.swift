import JSON
import Model
package import Specs

/// Triggers and resolves one alert of PagerDuty for each group, by the Events API v2.
///
/// It is safe to send again: PagerDuty knows the group by its key.
package struct PagerDutyChannel: Channel {
  /// The most bytes of one event.
  static let sizeLimit = 512_000
  static let summaryLimit = 1024
  /// What is waited where PagerDuty doesn't say: its limits count by the minute.
  static let throttlePause = Duration.seconds(60)

  private let spec: PagerDutySpec
  private let context: ChannelContext

  package init(_ spec: PagerDutySpec, context: ChannelContext) {
    self.spec = spec
    self.context = context
  }

  package func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
    let url = try context.url(for: post, in: spec.pool)
    let key = try context.secret(spec.routingKey)
    var receipt = Receipt(detail: "")
    for post in post.single {
      let content = MessageContent(post, context.style)
      let event = PagerDutyEvent(
        message: post.first, content: content, spec: spec, routingKey: key, isTest: post.isTest)
      receipt = try await send(event.body, to: Self.address(url, isTest: post.isTest), through: &outlet)
    }
    return receipt
  }

  private func send(
    _ body: [UInt8], to url: String, through outlet: inout Outlet
  ) async throws(DeliveryError) -> Receipt {
    let request = try context.post(body, to: url, by: spec.pool)
    do throws(DeliveryError) {
      return try Self.receipt(for: try await outlet.send(request))
    } catch {
      throw error.ofRepeatable
    }
  }

  /// A test is an event about a change, which is shown and calls nobody.
  static func address(_ url: String, isTest: Bool) -> String {
    let events = url.appendingPath("/v2/enqueue")
    return isTest ? events.replacingBytes("/v2/enqueue", with: "/v2/change/enqueue") : events
  }

  private static func receipt(for response: HTTPResponse) throws(DeliveryError) -> Receipt {
    let json = response.json
    let words = [json?["status"]?.string, json?["message"]?.string].compactMap { $0 }
    let errors = (json?["errors"]?.array ?? []).compactMap(\.string)
    let text = (words + errors).joined(separator: ": ").onOneLine(limit: 300)
    let said = "answered \(response.status)" + (text.isEmpty ? "" : ": " + text)
    switch response.status {
    case 400:
      // Every event of the channel has the same key.
      let isAboutKey = errors.contains { $0.contains("routing_key") || $0.contains("routing key") }
      throw isAboutKey ? .unauthorised(said) : .rejected(said)
    case 429: throw .throttled(retryAfter: response.retryAfter ?? throttlePause)
    default: try response.checkTaken()
    }
    if let status = json?["status"]?.string, status != "success" { throw .rejected(said) }
    return Receipt(detail: said)
  }
}

/// One event, as `POST /v2/enqueue` takes it.
private struct PagerDutyEvent {
  let message: Message
  let content: MessageContent
  let spec: PagerDutySpec
  let routingKey: String
  let isTest: Bool

  /// The fullest form that PagerDuty takes.
  var body: [UInt8] {
    content.fitted {
      render($0).bytes()
    } accept: {
      $0.count <= PagerDutyChannel.sizeLimit
    }
  }

  private func render(_ content: MessageContent) -> JSONValue {
    var event: [JSONValue.Member] = [.init("routing_key", .string(routingKey))]
    if !isTest {
      let isOver = message.status == .resolved
      event.append(.init("event_action", isOver ? "resolve" : "trigger"))
      event.append(.init("dedup_key", .string(message.deduplicationKey)))
    }
    event.append(.init("payload", .object(payload(content))))
    let links = links(content).filter { $0.url.hasPrefix("https://") }
    if !links.isEmpty {
      event.append(
        .init("links", .array(links.map { ["href": .string($0.url), "text": .string($0.title)] })))
    }
    if !isTest {
      event.append(.init("client", "Belfry"))
      if message.externalURL.hasPrefix("http") { event.append(.init("client_url", .string(message.externalURL))) }
    }
    return .object(event)
  }

  private func payload(_ content: MessageContent) -> [JSONValue.Member] {
    let common = message.commonLabels
    let summary = content.title.cut(to: PagerDutyChannel.summaryLimit)
    var payload: [JSONValue.Member] = [
      .init("summary", .string(summary)), .init("source", .string(source(common))),
      .init("timestamp", .string(startedAt.description)),
    ]
    if !isTest {
      payload.append(.init("severity", .string((content.level ?? .error).rawValue)))
      let component = ["component", "service", "job"].lazy.map { common[$0] }.first { !$0.isEmpty } ?? ""
      for (name, value) in [
        ("component", component), ("group", scope.description), ("class", common["alertname"]),
      ] where !value.isEmpty {
        payload.append(.init(name, .string(value.onOneLine(limit: 255))))
      }
    }
    payload.append(.init("custom_details", .object(details(content))))
    return payload
  }

  /// What the team gets to see: counts as texts, as Alertmanager has them, then what tells them what is wrong.
  private func details(_ content: MessageContent) -> [JSONValue.Member] {
    var details: [JSONValue.Member] = []
    func add(_ name: String, _ text: String) {
      if !text.isEmpty { details.append(.init(name, .string(text))) }
    }
    if let trouble = content.trouble { add("template_error", content.words.templateTrouble(trouble)) }
    if let body = content.body { add("text", body.cut(to: 100_000)) }
    add("description", content.lines.joined(separator: "\n"))
    add("num_firing", String(content.firing))
    add("num_resolved", String(content.resolved))
    add("firing", text(of: content.items.filter { !$0.isResolved }))
    add("resolved", text(of: content.items.filter(\.isResolved)))
    if content.hiddenItems > 0 { add("hidden", content.hiddenText) }
    if !content.labels.isEmpty {
      details.append(.init("labels", .object(content.labels.map { .init($0.name, .string($0.value)) })))
    }
    add("about", content.source)
    add("rule", content.origins.joined(separator: "\n"))
    add("silence", content.silenceCommand ?? "")
    for link in links(content) where !link.url.hasPrefix("https://") { add(link.title, link.url) }
    for detail in spec.details { add(detail.name, detail.value) }
    return details
  }

  private func text(of items: [MessageContent.Item]) -> String {
    items.map { item in
      let facts = item.facts.map { $0.name + content.words.colon + $0.value }.joined(separator: " · ")
      return ([item.title] + item.lines + [facts]).filter { !$0.isEmpty }.joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  /// Those of the message, and of its first alert.
  private func links(_ content: MessageContent) -> [MessageContent.Link] {
    var seen: Set<String> = []
    let all = content.links + (content.items.first?.links ?? [])
    return all.filter { !$0.url.isEmpty && seen.insert($0.url).inserted }.map {
      MessageContent.Link(title: $0.title, url: $0.url.cut(to: 2000))
    }
  }

  /// The machine, where all alerts are about one; otherwise whose alerts they are.
  private func source(_ common: Labels) -> String {
    let instance = common["instance"]
    return instance.isEmpty ? scope.description : instance.onOneLine(limit: 255)
  }

  private var scope: Scope {
    let scopes = Set(message.alerts.map(\.scope))
    return scopes.count == 1 ? scopes.first ?? message.owner : message.owner
  }

  private var startedAt: Timestamp {
    let alerts = message.firing.isEmpty ? message.resolved : message.firing
    return alerts.map { $0.firedAt ?? $0.activeAt }.min() ?? message.at
  }
}
