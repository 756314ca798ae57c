import JSON
import Model
package import Specs

/// Forwards alerts to Alertmanagers, each of which gets all of them: members of a cluster share silences and the log
/// of notifications, and no alerts.
///
/// It is safe to send again, and from several places: an Alertmanager knows an alert by its labels.
package struct AlertmanagerChannel: Channel {
  /// As many as Prometheus sends at once.
  static let batchSize = 256

  private let spec: AlertmanagerSpec
  private let context: ChannelContext

  package init(_ spec: AlertmanagerSpec, context: ChannelContext) {
    self.spec = spec
    self.context = context
  }

  package func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
    // An alert would call whoever the Alertmanager calls: a test asks only whether it listens.
    let alerts = post.isTest ? [] : post.messages.flatMap { message in message.alerts.map { (message, $0) } }
    let forwarded = alerts.map { ForwardedAlert($0.1, of: $0.0, at: context.clock.now) }
    let sent = forwarded.filter { !$0.labels.isEmpty }
    guard !sent.isEmpty || alerts.isEmpty else { throw .rejected("no alert has a label that Alertmanager takes") }
    var failures: [(address: String, error: DeliveryError)] = []
    for endpoint in spec.pool.endpoints {
      if let failure = await tell(endpoint, sent, through: &outlet) { failures.append(failure) }
    }
    let taken = spec.pool.endpoints.count - failures.count
    guard taken > 0 else { throw Self.whole(failures) }
    var words = spec.pool.endpoints.count == 1 ? ["taken"] : ["taken by \(taken) of \(spec.pool.endpoints.count)"]
    words += failures.map { $0.address + " failed: " + $0.error.description.onOneLine(limit: 200) }
    let dropped = Set(forwarded.flatMap(\.refusedNames)).sorted()
    if !dropped.isEmpty {
      words.append("left out names that Alertmanager may refuse: " + dropped.joined(separator: ", "))
    }
    if sent.count < forwarded.count { words.append("left out \(forwarded.count - sent.count) alerts without labels") }
    return Receipt(detail: words.joined(separator: "; ").onOneLine(limit: 600))
  }

  /// Hands all alerts to one Alertmanager; gives what went wrong.
  private func tell(
    _ endpoint: ChannelEndpoint, _ alerts: [ForwardedAlert], through outlet: inout Outlet
  ) async -> (address: String, error: DeliveryError)? {
    var address = "an Alertmanager"
    do throws(DeliveryError) {
      let url = Self.alertsURL(of: try context.text(of: endpoint.url))
      address = redactedURL(url, keepingPath: false)
      var rest = alerts[...]
      repeat {
        let batch = rest.prefix(Self.batchSize)
        rest = rest.dropFirst(Self.batchSize)
        let response = try await outlet.send(try context.post(Self.body(of: batch), to: url, by: spec.pool))
        try response.checkTaken()
      } while !rest.isEmpty
      return nil
    } catch {
      return (address, error.ofRepeatable)
    }
  }

  /// `url` is a base with whatever path it is served under, with or without the API's own path.
  static func alertsURL(of url: String) -> String { url.appendingPath("/api/v2/alerts") }

  /// What the failure of all members means: whichever may pass is tried again.
  private static func whole(_ failures: [(address: String, error: DeliveryError)]) -> DeliveryError {
    if failures.count == 1, let only = failures.first { return only.error }
    let words = failures.map { $0.address + ": " + $0.error.description }.joined(separator: "; ").onOneLine(limit: 600)
    var wait: Duration?
    for (_, error) in failures {
      switch error {
      case .unreachable, .ambiguous: return .unreachable(words)
      case .throttled(let wish): wait = max(wait ?? .zero, wish ?? .zero)
      case .rejected, .unauthorised: break
      }
    }
    if let wait { return .throttled(retryAfter: wait == .zero ? nil : wait) }
    if failures.contains(where: { if case .rejected = $0.error { true } else { false } }) { return .rejected(words) }
    return .unauthorised(words)
  }

  private static func body(of alerts: ArraySlice<ForwardedAlert>) -> [UInt8] {
    var json = JSONWriter(capacity: 512 * alerts.count)
    json.beginArray()
    for alert in alerts { alert.write(to: &json) }
    json.endArray()
    return json.bytes
  }
}

/// An alert as `POST /api/v2/alerts` takes it.
private struct ForwardedAlert {
  var labels: [Label] = []
  var annotations: [Label] = []
  /// Of labels and annotations that were left out.
  var refusedNames: [String] = []
  let startsAt: Timestamp
  let endsAt: Timestamp
  let generatorURL: String

  /// How often an alert may fail to arrive before the Alertmanager takes it for resolved, as with Prometheus.
  private static let patience = 4

  init(_ alert: Alert, of message: Message, at now: Timestamp) {
    startsAt = alert.firedAt ?? alert.activeAt
    if alert.state == .resolved {
      endsAt = max(alert.resolvedAt ?? now, startsAt)
    } else {
      // It fires until we say otherwise, or are no longer there to say so.
      let lease = max(message.groupInterval, .seconds(60)) * Self.patience
      endsAt = max(now + lease, startsAt)
    }
    generatorURL = alert.generatorURL
    labels = valid(alert.labels.pairs)
    annotations = valid(alert.annotations)
  }

  /// Without empty values, which mean the same as none, and without names that Alertmanager before 0.27 refuses,
  /// with all of the alert.
  private mutating func valid(_ pairs: [Label]) -> [Label] {
    pairs.filter { pair in
      guard !pair.value.isEmpty else { return false }
      if pair.name.isClassicLabelName { return true }
      refusedNames.append(pair.name.onOneLine(limit: 60))
      return false
    }
  }

  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.map("labels", labels)
    json.map("annotations", annotations)
    json.member("startsAt", startsAt.description)
    json.member("endsAt", endsAt.description)
    if generatorURL.hasPrefix("http://") || generatorURL.hasPrefix("https://") {
      json.member("generatorURL", generatorURL)
    }
    json.endObject()
  }
}

extension String {
  /// Letters, digits and underscores, a digit not first.
  fileprivate var isClassicLabelName: Bool {
    var isFirst = true
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): break
      case UInt8(ascii: "0")...UInt8(ascii: "9") where !isFirst: break
      default: return false
      }
      isFirst = false
    }
    return !isFirst
  }
}
