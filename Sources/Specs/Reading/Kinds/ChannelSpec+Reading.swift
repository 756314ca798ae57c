import Diagnostics
import Model
import YAML

extension ChannelSpec {
  /// The destinations that this version sends to.
  static let destinations = ["console", "webhook", "email"]
  static let fieldNames = destinations + ["send_resolved", "locale", "timezone"]

  private static let names: FieldNames = {
    var names = FieldNames("a Channel", fieldNames)
    names.later = [
      "feishu", "dingtalk", "wecom", "slack", "teams", "telegram", "pagerduty", "opsgenie", "sms", "alertmanager",
      "discord", "template", "rate_limit", "mentions", "endpoints",
    ]
    names.answers = ["url": "name the destination: webhook: {url: …}", "to": "name the destination: email: {to: …}"]
    for destination in destinations {
      names.answers[destination + "_configs"] = "write one Channel for each, with '\(destination)'"
    }
    return names
  }()

  private static let laterDestinations: Set<String> = [
    "feishu", "dingtalk", "wecom", "slack", "teams", "telegram", "pagerduty", "opsgenie", "sms", "alertmanager",
    "discord",
  ]

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading) else { return nil }
    let given = Self.destinations.filter { name in node.entry(name) != nil }
    if given.isEmpty {
      if !node.hasEntry(of: Self.laterDestinations) {
        reading.error(
          .missingField, "a Channel needs its destination", at: fields.range.firstLineStart,
          fix: "add one of \(Wording.choice(Self.destinations)), such as webhook: {url: {secret: <name>}}")
      }
      return nil
    }
    if given.count > 1, let extra = given.last {
      reading.error(
        .conflictingFields, "a Channel has one destination, this one has \(given.count)", at: fields.place(of: extra),
        fix: "write one Channel for each, and name them in 'channels' of the route")
    }
    guard let destination = Destination(given[0], node.entry(given[0])?.value ?? node, &reading) else { return nil }
    self.init(destination: destination)
    sendResolved = fields["send_resolved"].flatMap { reading.boolean($0) } ?? true
    locale = fields["locale"].flatMap { reading.locale($0) }
    timezone = fields["timezone"].flatMap { reading.zone($0) }
  }
}

extension ChannelSpec.Destination {
  fileprivate init?(_ name: String, _ node: YAMLNode, _ reading: inout Reading) {
    switch name {
    case "webhook":
      guard let webhook = WebhookSpec(node, &reading) else { return nil }
      self = .webhook(webhook)
    case "email":
      guard let email = EmailSpec(node, &reading) else { return nil }
      self = .email(email)
    default:
      guard Fields(node, FieldNames("console", []), &reading) != nil else { return nil }
      self = .console
    }
  }
}

extension WebhookSpec {
  private static let names: FieldNames = {
    var names = FieldNames("webhook", ["url", "max_alerts", "timeout"] + HTTPSettings.fieldNames)
    names.answers = HTTPSettings.answers
    names.answers["send_resolved"] = "write it beside 'webhook'"
    return names
  }()

  fileprivate init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading) else { return nil }
    let http = HTTPSettings(fields, &reading)
    guard let url = fields.required("url", &reading).flatMap({ reading.addressOrSecret($0) }) else { return nil }
    self.init(url: url)
    self.http = http
    maxAlerts = fields["max_alerts"].flatMap { reading.integer($0, in: 0...1_000_000) } ?? 0
    timeout = fields["timeout"].flatMap { reading.duration($0, allowsZero: false) } ?? .seconds(10)
  }
}
