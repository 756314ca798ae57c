import Diagnostics
import Model
import YAML

extension ScopeSettings {
  static let fieldNames = [
    "display_name", "external_labels", "interval", "data_source", "locale", "timezone", "limits", "notify",
    "notify_until", "sync", "sync_until",
  ]

  /// Fields of the platform's document alone.
  static let platformFieldNames = ["severities"]

  private static func names(_ owner: String, _ scope: Scope) -> FieldNames {
    var names = FieldNames(owner, scope == .platform ? fieldNames + platformFieldNames : fieldNames)
    names.answers["severities"] = "write it in the Platform document, platform/platform.yaml; it holds for everyone"
    return names
  }

  init?(_ node: YAMLNode, _ owner: String, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names(owner, reading.scope), &reading) else { return nil }
    self.init()
    severities = fields["severities"].flatMap { SeverityScale($0, &reading) }
    displayName = fields["display_name"].flatMap { reading.word($0, "a name for people") }
    externalLabels = Labels(fields["external_labels"].map { reading.labels($0, .externalLabels) } ?? [])
    interval = fields["interval"].flatMap { reading.duration($0, allowsZero: false) }
    dataSource = fields["data_source"].flatMap { reading.mention($0, .dataSource, "the name of a data source") }
    locale = fields["locale"].flatMap { reading.locale($0) }
    timezone = fields["timezone"].flatMap { reading.zone($0) }
    if let node = fields["limits"] { limits = Limits(node, &reading) }
    notify = fields["notify"].flatMap { reading.choice($0, Notify.self, "a mode of notification") } ?? .send
    notifyUntil = fields["notify_until"].flatMap { reading.timestamp($0) }
    sync = fields["sync"].flatMap { reading.choice($0, Sync.self, "a mode of sync") } ?? .auto
    syncUntil = fields["sync_until"].flatMap { reading.timestamp($0) }
    checkEnds(fields, &reading)
  }

  private func checkEnds(_ fields: Fields, _ reading: inout Reading) {
    for (mode, isUsual, word) in [("notify", notify == .send, "send"), ("sync", sync == .auto, "auto")] {
      let end = mode + "_until"
      if isUsual, fields[end] != nil {
        reading.warning(
          .noEffect, "'\(end)' has no effect while '\(mode)' is '\(word)'", at: fields.place(of: end), fix: "remove it")
      } else if !isUsual, fields[end] == nil {
        reading.warning(
          .withoutEnd, "nothing ends '\(mode): \(fields[mode]?.text ?? "")'", at: fields.place(of: mode),
          fix: "add '\(end)' with a time")
      }
    }
  }
}

extension SeverityScale {
  private static let names = FieldNames("a severity", ["name", "level"])

  /// A list of `{name, level}`, the gravest first; a name that everybody knows may stand alone.
  fileprivate init?(_ node: YAMLNode, _ reading: inout Reading) {
    if node.items?.isEmpty ?? false {
      reading.warning(
        .noEffect, "'severities' is empty, so the usual list holds", at: node.range, fix: "list them, or remove it")
    }
    var entries: [Entry] = []
    for item in reading.items(node, "severities") {
      guard let entry = Self.entry(item, &reading) else { continue }
      if entries.contains(where: { $0.name.lowercased() == entry.name.lowercased() }) {
        reading.error(
          .duplicateItem, "'\(Wording.short(entry.name))' is in the list twice", at: item.range, fix: "remove one")
      }
      if let last = entries.last, entry.level < last.level {
        reading.error(
          .conflictingFields,
          "'\(Wording.short(entry.name))' means \(entry.level.rawValue) and stands below '\(last.name)', which means "
            + last.level.rawValue, at: item.range, fix: "put the gravest first")
      }
      entries.append(entry)
    }
    guard !entries.isEmpty else { return nil }
    self.init(entries)
  }

  private static func entry(_ node: YAMLNode, _ reading: inout Reading) -> Entry? {
    if node.entries != nil {
      guard let fields = Fields(node, names, &reading),
        let name = fields.required("name", &reading).flatMap({ reading.word($0, "a severity") }),
        let level = fields.required("level", &reading).flatMap({
          reading.choice($0, SeverityLevel.self, "a level of severity")
        })
      else { return nil }
      return Entry(name, level)
    }
    guard let name = reading.word(node, "a severity") else { return nil }
    guard let level = standard.level(of: name) else {
      reading.error(
        .unknownValue, "it isn't known how grave '\(Wording.short(name))' is", at: node.range,
        fix: "write {name: \(Wording.short(name)), level: critical}, or another level: error, warning, info")
      return nil
    }
    return Entry(name, level)
  }
}

extension ScopeSettings.Limits {
  private static let names = FieldNames("limits", ["rules", "alerts_per_rule", "notifications_per_hour"])

  fileprivate init(_ node: YAMLNode, _ reading: inout Reading) {
    self.init()
    guard let fields = Fields(node, Self.names, &reading) else { return }
    rules = fields["rules"].flatMap { reading.integer($0, in: 0...Int.max) }
    alertsPerRule = fields["alerts_per_rule"].flatMap { reading.integer($0, in: 1...Int.max) }
    notificationsPerHour = fields["notifications_per_hour"].flatMap { reading.integer($0, in: 1...Int.max) }
  }
}
