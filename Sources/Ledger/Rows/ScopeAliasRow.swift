import GRDB
package import Model

extension ScopeAlias: LedgerRecord {
  /// Which name was given up, and when.
  package struct Key: Hashable, Sendable {
    package var former: Scope
    package var renamedAt: Timestamp
  }

  package var ledgerKey: Key { Key(former: former, renamedAt: renamedAt) }
}

extension ScopeAlias: StateRow {
  static let table = "scope_aliases"
  static let keyColumns = ["former_tenant", "former_project", "renamed_at"]
  static let columns = keyColumns + ["tenant", "project", "since", "commit_id"]

  var values: [DatabaseValue] {
    Self.keyValues(ledgerKey) + [
      scope.tenantColumn, scope.projectColumn, since.column, commit?.hex.databaseValue ?? .null,
    ]
  }

  static func keyValues(_ key: Key) -> [DatabaseValue] {
    [key.former.tenantColumn, key.former.projectColumn, key.renamedAt.column]
  }

  static func read(_ row: inout RowReader) throws -> ScopeAlias {
    let former = try row.scope()
    let renamedAt = try row.timestamp()
    let scope = try row.scope()
    return ScopeAlias(
      scope: scope, former: former, since: try row.timestamp(), renamedAt: renamedAt,
      commit: row.optionalText().flatMap(ObjectID.init))
  }
}
