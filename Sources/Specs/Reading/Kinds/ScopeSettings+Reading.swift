import Diagnostics
import Model
import YAML

extension ScopeSettings {
  static let fieldNames = [
    "display_name", "external_labels", "interval", "data_source", "locale", "timezone", "limits", "notify",
    "notify_until", "sync", "sync_until",
  ]

  init?(_ node: YAMLNode, _ owner: String, _ reading: inout Reading) {
    guard let fields = Fields(node, FieldNames(owner, Self.fieldNames), &reading) else { return nil }
    self.init()
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
