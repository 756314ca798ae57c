import Model
package import Templates

/// What a message's templates see: Alertmanager's `Data`, and Belfry's additions beside it.
///
/// Field names and their meaning are Alertmanager's, so that existing templates work unchanged
/// (<https://prometheus.io/docs/alerting/latest/notifications/>). What Belfry adds stands under `.Belfry`, and as
/// `.Value` of an alert: it neither prints nor becomes JSON with the rest.
///
/// What costs work for each alert is done once, so that a loop over ten thousand may ask for it in each round.
package struct NotificationData: TemplateObject {
  private let contents: Contents

  /// `content`: the same post in the usual words, its templates not applied.
  package init(_ message: Message, _ content: MessageContent, _ style: MessageStyle) {
    contents = Contents(message, content, style)
  }

  package var typeName: String { "*template.Data" }

  package var fields: [(name: String, value: TemplateValue)] {
    let contents = contents
    return [
      ("Receiver", .string(contents.message.channel.name)), ("Status", .string(contents.message.status.rawValue)),
      ("Alerts", .object(contents.alerts)), ("NotificationReason", .string(contents.message.reason.rawValue)),
      ("GroupLabels", .object(NamedValues(contents.message.groupLabels))),
      ("CommonLabels", .object(NamedValues(contents.commonLabels))),
      ("CommonAnnotations", .object(NamedValues(contents.commonAnnotations))),
      ("RouteLabels", .object(NamedValues(.empty))), ("ExternalURL", .string(contents.message.externalURL)),
    ]
  }

  package var encodedFields: [(name: String, value: TemplateValue)] {
    zip(Self.keys, fields).map { ($0, $1.value) }
  }

  private static let keys = [
    "receiver", "status", "alerts", "notification_reason", "groupLabels", "commonLabels", "commonAnnotations",
    "routeLabels", "externalURL",
  ]

  package func field(_ name: String) -> TemplateValue? {
    switch name {
    case "Alerts": .object(contents.alerts)
    case "CommonLabels": .object(NamedValues(contents.commonLabels))
    case "CommonAnnotations": .object(NamedValues(contents.commonAnnotations))
    case "Belfry": .object(contents.additions)
    default: fields.first { $0.name == name }?.value
    }
  }
}

/// What all values of one message's data share.
private final class Contents: Sendable {
  let message: Message
  let alerts: AlertList
  let commonLabels: Labels
  let commonAnnotations: Labels
  let additions: MessageAdditions

  init(_ message: Message, _ content: MessageContent, _ style: MessageStyle) {
    self.message = message
    let surroundings = AlertSurroundings(alerts: message.alerts, style: style)
    alerts = AlertList(surroundings)
    commonLabels = message.commonLabels
    commonAnnotations = Labels(message.commonAnnotations)
    let severity = MessageWriter(post: Post([message]), style: style).severity
    additions = MessageAdditions(message, content, severity: severity ?? "")
  }
}

/// The alerts of a message, which the values of single alerts point into.
private final class AlertSurroundings: Sendable {
  let alerts: [Alert]
  let style: MessageStyle

  init(alerts: [Alert], style: MessageStyle) {
    self.alerts = alerts
    self.style = style
  }
}

// MARK: - Alerts

/// `.Alerts`: a list with the methods `Firing` and `Resolved`.
private struct AlertList: TemplateObject {
  private let all: TemplateList
  private let firing: TemplateList
  private let resolved: TemplateList

  init(_ surroundings: AlertSurroundings) {
    let values = surroundings.alerts.indices.map { AlertValue(surroundings, $0) }
    func list(_ values: [AlertValue]) -> TemplateList {
      TemplateList(values.map { .object($0) }, typeName: "[]template.Alert")
    }
    all = list(values)
    firing = list(values.filter { !$0.isResolved })
    resolved = list(values.filter(\.isResolved))
  }

  var typeName: String { "template.Alerts" }
  var underlying: TemplateValue? { .list(all) }

  func method(_ name: String) -> TemplateMethod? {
    switch name {
    case "Firing": TemplateMethod { _ throws(TemplateCallError) in .list(firing) }
    case "Resolved": TemplateMethod { _ throws(TemplateCallError) in .list(resolved) }
    default: nil
    }
  }
}

/// One alert of a message.
private struct AlertValue: TemplateObject {
  private let surroundings: AlertSurroundings
  private let index: Int

  init(_ surroundings: AlertSurroundings, _ index: Int) {
    self.surroundings = surroundings
    self.index = index
  }

  private var alert: Alert { surroundings.alerts[index] }

  var isResolved: Bool { alert.state == .resolved }

  var typeName: String { "template.Alert" }

  var fields: [(name: String, value: TemplateValue)] {
    Self.names.compactMap { name in field(name).map { (name, $0) } }
  }

  var encodedFields: [(name: String, value: TemplateValue)] { zip(Self.keys, fields).map { ($0, $1.value) } }

  private static let names = [
    "Status", "Labels", "Annotations", "StartsAt", "EndsAt", "GeneratorURL", "Fingerprint",
  ]
  private static let keys = [
    "status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint",
  ]

  func field(_ name: String) -> TemplateValue? {
    switch name {
    case "Status": .string((isResolved ? Message.Status.resolved : .firing).rawValue)
    case "Labels": .object(NamedValues(alert.labels))
    case "Annotations": .object(NamedValues(Labels(alert.annotations)))
    case "StartsAt": .time(GoTime(start))
    case "EndsAt": .time(end.map { GoTime($0) } ?? .zero)
    case "GeneratorURL": .string(alert.generatorURL)
    case "Fingerprint": .string(alert.fingerprint.description)
    case "Value": .float(alert.value)
    case "Belfry": .object(AlertAdditions(alert: alert, style: surroundings.style))
    default: nil
    }
  }

  private var start: Timestamp { alert.firedAt ?? alert.activeAt }
  private var end: Timestamp? { isResolved ? alert.resolvedAt : nil }
}

// MARK: - Names and values

/// Alertmanager's `KV`: labels or annotations, with methods.
private struct NamedValues: TemplateObject {
  private let labels: Labels

  init(_ labels: Labels) {
    self.labels = labels
  }

  var typeName: String { "template.KV" }
  var underlying: TemplateValue? { .labels(labels) }
  var text: String? { NamedPairs(sorted).text }

  /// `alertname` first, then by name.
  private var sorted: [Label] {
    guard labels.contains("alertname") else { return labels.pairs }
    return labels.pairs.filter { $0.name == "alertname" } + labels.pairs.filter { $0.name != "alertname" }
  }

  func method(_ name: String) -> TemplateMethod? {
    switch name {
    case "SortedPairs": return TemplateMethod { _ throws(TemplateCallError) in .object(NamedPairs(sorted)) }
    case "Names", "Values": return NamedPairs(sorted).method(name)
    case "String": return TemplateMethod { _ throws(TemplateCallError) in .string(text ?? "") }
    case "Remove":
      return TemplateMethod(TemplateSignature(.texts)) { arguments throws(TemplateCallError) in
        guard case .list(let list)? = arguments.first else { return .none }
        var rest = labels
        for case .string(let name) in list.elements { rest[name] = "" }
        return .object(NamedValues(rest))
      }
    default: return nil
    }
  }
}

/// Alertmanager's `Pairs`.
private struct NamedPairs: TemplateObject {
  private let pairs: [Label]

  init(_ pairs: [Label]) {
    self.pairs = pairs
  }

  var typeName: String { "template.Pairs" }
  var text: String? { pairs.map { $0.name + "=" + $0.value }.joined(separator: ", ") }

  var underlying: TemplateValue? {
    .list(TemplateList(pairs.map { .object(NamedPair($0)) }, typeName: "[]template.Pair"))
  }

  func method(_ name: String) -> TemplateMethod? {
    switch name {
    case "Names": TemplateMethod { _ throws(TemplateCallError) in .object(TextList(pairs.map(\.name))) }
    case "Values": TemplateMethod { _ throws(TemplateCallError) in .object(TextList(pairs.map(\.value))) }
    case "String": TemplateMethod { _ throws(TemplateCallError) in .string(text ?? "") }
    default: nil
    }
  }
}

/// Alertmanager's `Pair`.
private struct NamedPair: TemplateObject {
  private let pair: Label

  init(_ pair: Label) {
    self.pair = pair
  }

  var typeName: String { "template.Pair" }

  var fields: [(name: String, value: TemplateValue)] { [("Name", .string(pair.name)), ("Value", .string(pair.value))] }
}

/// A list of texts with the method `Join`.
private struct TextList: TemplateObject {
  private let texts: [String]

  init(_ texts: [String]) {
    self.texts = texts
  }

  var typeName: String { "[]string" }
  var underlying: TemplateValue? { .list(TemplateList(texts.map { .string($0) }, typeName: typeName)) }

  func method(_ name: String) -> TemplateMethod? {
    guard name == "Join" else { return nil }
    return TemplateMethod(TemplateSignature(.text)) { arguments throws(TemplateCallError) in
      guard case .string(let separator)? = arguments.first else { return .none }
      let size = texts.reduce(0) { $0 + $1.utf8.count + separator.utf8.count }
      guard size <= TemplateLimits().bytes else { throw .tooLong(limit: TemplateLimits().bytes) }
      return .string(texts.joined(separator: separator))
    }
  }
}

// MARK: - Belfry's additions

/// `.Belfry` of a message.
private struct MessageAdditions: TemplateObject {
  let fields: [(name: String, value: TemplateValue)]

  /// `severity`: the gravest, as written.
  init(_ message: Message, _ content: MessageContent, severity: String) {
    let scopes = Set(message.alerts.lazy.map(\.scope))
    let scope = scopes.count == 1 ? scopes.first ?? message.owner : message.owner
    fields = [
      ("Title", .string(content.title)), ("Text", .string(content.text(in: PlainText.self, isBelowTitle: false))),
      ("State", .string(content.state.word)), ("Severity", .string(severity)),
      ("Level", .string(content.level?.rawValue ?? "")), ("Colour", .string(content.colour)),
      ("Tenant", .string(scope.tenant ?? "")), ("Project", .string(scope.project ?? "")),
      ("Source", .string(content.source)), ("Provenance", .object(TextList(content.origins))),
      ("SilenceCommand", .string(content.silenceCommand ?? "")), ("GroupKey", .string(message.groupKey)),
      ("TruncatedAlerts", .integer(message.truncated)), ("IsTest", .bool(content.isTest)),
    ]
  }

  var typeName: String { "belfry.Message" }
}

/// `.Belfry` of an alert.
private struct AlertAdditions: TemplateObject {
  let alert: Alert
  let style: MessageStyle

  var typeName: String { "belfry.Alert" }

  var fields: [(name: String, value: TemplateValue)] {
    let origin = alert.rule.provenance
    let start = alert.firedAt ?? alert.activeAt
    let end = alert.state == .resolved ? alert.resolvedAt : nil
    return [
      ("Value", .float(alert.value)), ("Severity", .string(alert.labels["severity"])),
      ("Tenant", .string(alert.scope.tenant ?? "")), ("Project", .string(alert.scope.project ?? "")),
      ("Rule", .string(alert.rule.rule)), ("File", .string(origin.file)), ("Line", .integer(origin.line)),
      ("Author", .string(origin.author ?? "")), ("Commit", .string(origin.commit?.short ?? "")),
      ("PullRequest", .string(origin.pullRequest?.description ?? "")),
      // In the channel's zone, where Alertmanager's own are in UTC.
      ("StartsAt", .time(GoTime(start, zone: style.zone.offset(at: start)))),
      ("EndsAt", .time(end.map { GoTime($0, zone: style.zone.offset(at: $0)) } ?? .zero)),
    ]
  }
}

extension MessageContent.State {
  /// One word for templates.
  fileprivate var word: String {
    switch self {
    case .firing: "firing"
    case .partlyResolved: "partlyResolved"
    case .resolved: "resolved"
    }
  }
}
