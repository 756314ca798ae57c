import GRDB
import Model

extension AuditRecord: HistoryRow {
  static let table = "audit"
  static let columns = firstForm + secondForm + ["form", "hash"]

  /// What the hash of every row covers, besides its id.
  private static let firstForm = [
    "at", "actor", "action", "tenant", "project", "commit_id", "subject", "state_before", "state_after",
  ]
  /// What the hash of a row of the second form covers as well.
  private static let secondForm = [
    "committer", "merger", "approvers", "pull_request", "path", "line", "kind", "name", "started_by", "revision",
  ]

  var values: [DatabaseValue] {
    firstValues + secondValues + [form.databaseValue, hash.databaseValue]
  }

  /// How many of the columns a row's hash covers.
  static func hashedCount(form: Int64) -> Int { form == 1 ? firstForm.count : firstForm.count + secondForm.count }

  /// The values that the row's hash covers, in the order of the chain.
  var hashedValues: [DatabaseValue] { Array(values.prefix(Self.hashedCount(form: Int64(form)))) }

  private var firstValues: [DatabaseValue] {
    [
      at.column, actor.column, action.column, scope.tenantColumn, scope.projectColumn,
      commit?.hex.databaseValue ?? .null, subject.column, before.column, after.column,
    ]
  }

  private var secondValues: [DatabaseValue] {
    let approvals = approvers.flatMap { [FlatValue.text($0.name), .text($0.value)] }
    return [
      committer.column, merger.column, FlatJSONWriter.array(approvals).column,
      (pullRequest?.description ?? "").databaseValue, path.column, (line ?? 0).databaseValue,
      (resource?.kind.rawValue ?? "").databaseValue, (resource?.name ?? "").column,
      (trigger?.rawValue ?? "").databaseValue, (revision?.hex ?? "").databaseValue,
    ]
  }

  static func read(_ id: Int64, _ row: inout RowReader) throws -> AuditRecord {
    let (at, actor, action) = (try row.timestamp(), try row.text(), try row.text())
    let scope = try row.scope()
    let hex = row.optionalText()
    let commit = hex.flatMap(ObjectID.init)
    guard commit != nil || hex == nil else { throw row.unreadable }
    var record = AuditRecord(
      id: id, at: at, actor: actor, action: action, scope: scope, commit: commit, subject: try row.text(),
      before: try row.text(), after: try row.text())
    try record.readSecondForm(&row)
    record.form = try row.count()
    record.hash = try row.text()
    return record
  }

  private mutating func readSecondForm(_ row: inout RowReader) throws {
    committer = try row.text()
    merger = try row.text()
    guard let parts = FlatJSONReader.array(try row.text()), parts.count.isMultiple(of: 2) else { throw row.unreadable }
    approvers = stride(from: 0, to: parts.count, by: 2).map {
      Trailer(parts[$0].text ?? "", parts[$0 + 1].text ?? "")
    }
    pullRequest = try row.optional { PullRequest($0) }
    path = try row.text()
    let line = try row.count()
    self.line = line == 0 ? nil : line
    let kind = try row.optional(Kind.init)
    let name = try row.text()
    guard kind != nil || name.isEmpty else { throw row.unreadable }
    resource = kind.map { ResourceID(scope, $0, name) }
    trigger = try row.optional(SyncTrigger.init)
    revision = try row.optional(ObjectID.init)
  }
}

extension RowReader {
  /// A value written as a text, which is empty where there is none.
  fileprivate mutating func optional<Value>(_ read: (String) -> Value?) throws -> Value? {
    let text = try text()
    guard !text.isEmpty else { return nil }
    guard let value = read(text) else { throw unreadable }
    return value
  }
}
