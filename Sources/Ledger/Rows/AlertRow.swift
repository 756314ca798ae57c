import GRDB
import Model

/// An alert's columns, shared by `alerts` and `transitions`.
enum AlertColumns {
  static let names = [
    "tenant", "project", "fingerprint", "rule_group", "rule", "origin", "labels", "annotations", "state", "value",
    "active_at", "fired_at", "keep_firing_since", "resolved_at", "generator_url",
  ]
}

/// Writes alerts as columns. Neighbours mostly come from one rule, so that rule's texts are made once.
struct AlertEncoder {
  private var rule: RuleReference?
  private var group = ""
  private var origin = ""

  mutating func values(of alert: Alert) -> [DatabaseValue] {
    if rule?.group != alert.rule.group { group = alert.rule.group.column }
    if rule?.provenance != alert.rule.provenance { origin = alert.rule.provenance.column }
    rule = alert.rule
    return [
      alert.scope.tenantColumn, alert.scope.projectColumn, alert.fingerprint.description.databaseValue,
      group.databaseValue, alert.rule.rule.column, origin.databaseValue,
      FlatJSONWriter.object(alert.labels.pairs).databaseValue,
      FlatJSONWriter.object(alert.annotations).databaseValue,
      alert.state.rawValue.databaseValue, alert.value.column, alert.activeAt.column, alert.firedAt.column,
      alert.keepFiringSince.column, alert.resolvedAt.column, alert.generatorURL.column,
    ]
  }
}

/// Reads alerts from columns, sharing what a row has in common with the one before: less to parse and less to keep.
struct AlertDecoder {
  private var scope = (tenant: "", project: "", value: Scope.platform)
  private var group: (text: String, id: ResourceID)?
  private var origin: (text: String, provenance: Provenance)?
  private var rule = ""
  private var generatorURL = ""
  private var labels: [Label] = []
  private var annotations: [Label] = []

  mutating func alert(_ row: inout RowReader) throws -> Alert {
    let scope = try scope(&row)
    row.skip()  // The fingerprint follows from the labels.
    let rule = try reference(&row)
    labels = try Self.pairs(&row, sharing: labels)
    annotations = try Self.pairs(&row, sharing: annotations)
    return Alert(
      scope: scope, labels: Labels(adopting: labels) ?? Labels(labels), annotations: annotations, state: try row.word(),
      value: row.double(),
      activeAt: try row.timestamp(), firedAt: row.optionalTimestamp(), keepFiringSince: row.optionalTimestamp(),
      resolvedAt: row.optionalTimestamp(), rule: rule, generatorURL: Self.shared(&generatorURL, try row.text())
    )
  }

  private mutating func scope(_ row: inout RowReader) throws -> Scope {
    let (tenant, project) = (try row.text(), try row.text())
    if scope.tenant != tenant || scope.project != project {
      scope = (tenant, project, Scope(tenantColumn: tenant, projectColumn: project))
    }
    return scope.value
  }

  private mutating func reference(_ row: inout RowReader) throws -> RuleReference {
    let groupText = try row.text()
    let knownGroup = group.flatMap { $0.text == groupText ? $0.id : nil }
    guard let id = knownGroup ?? ResourceID(column: groupText) else { throw row.unreadable }
    group = (groupText, id)
    let name = Self.shared(&rule, try row.text())
    let originText = try row.text()
    let knownOrigin = origin.flatMap { $0.text == originText ? $0.provenance : nil }
    guard let provenance = knownOrigin ?? Provenance(column: originText) else { throw row.unreadable }
    origin = (originText, provenance)
    return RuleReference(group: id, rule: name, provenance: provenance)
  }

  private static func pairs(_ row: inout RowReader, sharing neighbour: [Label]) throws -> [Label] {
    guard let pairs = FlatJSONReader.texts(try row.text(), sharing: neighbour) else { throw row.unreadable }
    return pairs
  }

  private static func shared(_ kept: inout String, _ text: String) -> String {
    if kept != text { kept = text }
    return kept
  }
}

extension Alert: StateRow {
  static let table = "alerts"
  static let columns = AlertColumns.names
  static let keyColumns = ["fingerprint", "rule", "rule_group", "tenant", "project"]

  var values: [DatabaseValue] {
    var encoder = AlertEncoder()
    return encoder.values(of: self)
  }

  static func keyValues(_ key: AlertKey) -> [DatabaseValue] {
    [
      key.fingerprint.description.databaseValue, key.rule.column, key.group.column.databaseValue,
      key.scope.tenantColumn, key.scope.projectColumn,
    ]
  }

  static func read(_ row: inout RowReader) throws -> Alert {
    var decoder = AlertDecoder()
    return try decoder.alert(&row)
  }
}

extension AlertTransition: HistoryRow {
  static let table = "transitions"
  static let columns = ["state_before", "reason", "at"] + AlertColumns.names

  var values: [DatabaseValue] {
    var encoder = AlertEncoder()
    return values(&encoder)
  }

  func values(_ encoder: inout AlertEncoder) -> [DatabaseValue] {
    [from.map(\.rawValue)?.databaseValue ?? .null, reason.rawValue.databaseValue, at.column]
      + encoder.values(of: alert)
  }

  static func read(_ id: Int64, _ row: inout RowReader) throws -> TransitionRecord {
    let from: AlertState? = try row.optionalWord()
    let reason: Reason = try row.word()
    let at = try row.timestamp()
    var decoder = AlertDecoder()
    let alert = try decoder.alert(&row)
    return TransitionRecord(id: id, transition: AlertTransition(from: from, alert: alert, reason: reason, at: at))
  }
}
