import JSON
import Model

/// Alertmanager's webhook document, version 4, byte for byte: key order, Go's escaping, a line feed at the end.
///
/// Two things differ on purpose: `receiver` is the channel's name as it is, not quoted for a regular expression, and
/// `alerts` has the firing ones first, so that a limit never hides them behind resolved ones.
package enum WebhookPayload {
  /// `maxAlerts`: the most alerts in the document, 0 for all; the rest is counted in `truncatedAlerts`.
  package static func body(of message: Message, maxAlerts: Int = 0) -> [UInt8] {
    let message = message.truncated(to: maxAlerts)
    var json = JSONWriter(escaping: .likeGo, capacity: 512 + 512 * message.alerts.count)
    json.beginObject()
    json.member("receiver", message.channel.name)
    json.member("status", message.status.rawValue)
    json.key("alerts")
    json.beginArray()
    for alert in message.alerts { json.webhook(alert) }
    json.endArray()
    json.member("notification_reason", message.reason.rawValue)
    json.map("groupLabels", message.groupLabels.pairs)
    json.map("commonLabels", message.commonLabels.pairs)
    json.map("commonAnnotations", message.commonAnnotations)
    json.map("routeLabels", [])
    json.member("externalURL", message.externalURL)
    json.member("version", "4")
    json.member("groupKey", message.groupKey)
    json.member("truncatedAlerts", message.truncated)
    json.endObject()
    return json.bytes + [UInt8(ascii: "\n")]
  }
}

extension JSONWriter {
  fileprivate mutating func webhook(_ alert: Alert) {
    let end = alert.state == .resolved ? alert.resolvedAt : nil
    beginObject()
    member("status", (end == nil ? Message.Status.firing : .resolved).rawValue)
    map("labels", alert.labels.pairs)
    map("annotations", alert.annotations)
    member("startsAt", (alert.firedAt ?? alert.activeAt).goText)
    // Go's zero time says that there is no end yet.
    member("endsAt", end?.goText ?? "0001-01-01T00:00:00Z")
    member("generatorURL", alert.generatorURL)
    member("fingerprint", alert.fingerprint.description)
    endObject()
  }

  /// A member that is an object of texts.
  mutating func map(_ name: String, _ pairs: [Label]) {
    key(name)
    beginObject()
    for pair in pairs { member(pair.name, pair.value) }
    endObject()
  }
}

extension Timestamp {
  /// RFC 3339 as Go writes it: a fraction only where there is one, without zeros at its end.
  fileprivate var goText: String {
    var text = description
    guard text.utf8.contains(UInt8(ascii: ".")) else { return text }
    text.removeLast()
    while text.hasSuffix("0") { text.removeLast() }
    return text + "Z"
  }
}
