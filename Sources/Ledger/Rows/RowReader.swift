import GRDB
import Model

/// A row holds what this module never writes: somebody else did, or the disk.
struct UnreadableRow: Error, CustomStringConvertible {
  var column: String
  var description: String { "column '\(column)' holds what no ledger writes" }
}

/// Takes a row's columns one after the other, in the order in which they were selected.
///
/// Every column is read as if it could be NULL, because GRDB traps on a NULL where a value is asked for.
struct RowReader {
  private let row: Row
  private var index = 0

  init(_ row: Row) {
    self.row = row
  }

  /// The error that names the column read last.
  var unreadable: UnreadableRow {
    let names = row.columnNames
    let last = names.index(names.startIndex, offsetBy: max(0, index - 1))
    return UnreadableRow(column: last < names.endIndex ? names[last] : "")
  }

  mutating func skip() {
    index += 1
  }

  mutating func optionalText() -> String? {
    defer { index += 1 }
    return row[index]
  }

  mutating func optionalInteger() -> Int64? {
    defer { index += 1 }
    return row[index]
  }

  mutating func text() throws -> String {
    guard let text = optionalText() else { throw unreadable }
    return text
  }

  mutating func integer() throws -> Int64 {
    guard let integer = optionalInteger() else { throw unreadable }
    return integer
  }

  mutating func count() throws -> Int {
    guard let count = Int(exactly: try integer()) else { throw unreadable }
    return count
  }

  /// NaN where the column is NULL.
  mutating func double() -> Double {
    defer { index += 1 }
    return (row[index] as Double?) ?? .nan
  }

  mutating func timestamp() throws -> Timestamp {
    Timestamp(millisecondsSinceEpoch: try integer())
  }

  mutating func optionalTimestamp() -> Timestamp? {
    optionalInteger().map(Timestamp.init)
  }

  /// A word of a closed set.
  mutating func word<Word: RawRepresentable<String>>() throws -> Word {
    guard let word = Word(rawValue: try text()) else { throw unreadable }
    return word
  }

  mutating func optionalWord<Word: RawRepresentable<String>>() throws -> Word? {
    guard let text = optionalText() else { return nil }
    guard let word = Word(rawValue: text) else { throw unreadable }
    return word
  }

  /// The columns `tenant` and `project`.
  mutating func scope() throws -> Scope {
    Scope(tenantColumn: try text(), projectColumn: try text())
  }

  /// A pair of columns: ref and commit.
  mutating func optionalRevision() throws -> Revision? {
    let ref = optionalText()
    guard let hex = optionalText() else { return nil }
    guard let commit = ObjectID(hex) else { throw unreadable }
    return Revision(ref: ref, commit: commit)
  }

  mutating func revision() throws -> Revision {
    guard let revision = try optionalRevision() else { throw unreadable }
    return revision
  }

  mutating func resourceID() throws -> ResourceID {
    guard let id = ResourceID(column: try text()) else { throw unreadable }
    return id
  }

  mutating func fingerprint() throws -> Fingerprint {
    guard let fingerprint = Fingerprint(try text()) else { throw unreadable }
    return fingerprint
  }

  mutating func fingerprints() throws -> [Fingerprint] {
    try text().split(separator: " ").map { digits in
      guard let fingerprint = Fingerprint(String(digits)) else { throw unreadable }
      return fingerprint
    }
  }

  mutating func provenance() throws -> Provenance {
    guard let provenance = Provenance(column: try text()) else { throw unreadable }
    return provenance
  }

  mutating func changes() throws -> [LastChange] {
    guard let changes = [LastChange](column: try text()) else { throw unreadable }
    return changes
  }
}
