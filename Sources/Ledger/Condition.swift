import GRDB
import Model

/// The WHERE of a query: parts that must all hold, and their arguments.
struct Condition: Sendable {
  private var parts: [String] = []
  private var values: [DatabaseValue] = []

  /// ` WHERE …`, or nothing.
  var sql: String { parts.isEmpty ? "" : " WHERE " + parts.joined(separator: " AND ") }

  var arguments: StatementArguments { StatementArguments(values) }

  mutating func add(_ part: String, _ value: some DatabaseValueConvertible) {
    parts.append(part)
    values.append(value.databaseValue)
  }

  /// Some of which must hold, each a list of parts that must all hold.
  struct Alternatives {
    fileprivate var alternatives: [[String]] = []
    fileprivate var values: [DatabaseValue] = []

    mutating func begin(_ part: String, _ value: DatabaseValue) {
      alternatives.append([])
      and(part, value)
    }

    mutating func and(_ part: String, _ value: DatabaseValue) {
      guard !alternatives.isEmpty else { return }
      alternatives[alternatives.count - 1].append(part)
      values.append(value)
    }
  }

  mutating func add(_ any: Alternatives) {
    parts.append("(" + any.alternatives.map { $0.joined(separator: " AND ") }.joined(separator: " OR ") + ")")
    values += any.values
  }

  /// Visibility. The `+` keeps SQLite from sorting every row of many tenants where walking down the ids and leaving
  /// out what isn't wanted finds a page sooner.
  mutating func add(tenants: Set<String>?) {
    guard let tenants else { return }
    if let tenant = tenants.first, tenants.count == 1 {
      add("tenant = ?", tenant)
    } else {
      let list = FlatJSONWriter.array(tenants.sorted().map { .text($0) })
      add("+tenant IN (SELECT value FROM json_each(?))", list)
    }
  }

  mutating func add(scope: Scope?) {
    guard let scope else { return }
    add("tenant = ?", scope.tenantColumn)
    if let project = scope.project { add("project = ?", project) }
  }

  mutating func add(_ column: String, since: Timestamp?, until: Timestamp?) {
    if let since { add("\(column) >= ?", since.column) }
    if let until { add("\(column) < ?", until.column) }
  }

  /// Leading hexadecimal digits of a commit, as a range that an index finds.
  mutating func add(_ column: String, startingWith digits: String) {
    add("\(column) >= ?", digits)
    add("\(column) < ?", digits + "g")
  }

  /// A word itself, or what goes on behind it after `separator`, one byte.
  mutating func add(_ column: String, within word: String, by separator: String) {
    parts.append("(\(column) = ? OR substr(\(column), 1, ?) = ?)")
    let prefix = word + separator
    values += [word.column, prefix.unicodeScalars.count.databaseValue, prefix.column]
  }
}
