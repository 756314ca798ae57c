import Crypto
import GRDB
import Model

/// The chain of hashes through the audit.
///
/// A row's hash is SHA-256 over the hash of the row before (32 bytes; zeros before the first row), then the row's
/// fields in this order: id, at, actor, action, tenant, project, commit, subject, before, after; and, for a row of form
/// 2, committer, merger, approvers, pull request, path, line, kind, name, trigger, revision, form. Each field is its
/// length in bytes as 8 bytes, big-endian, and then its bytes: texts in UTF-8, numbers (id, at, line, form) as 8 bytes,
/// big-endian, in two's complement; what there is none of is an empty text, or the number 0. Approvers are the JSON
/// array of each trailer's name and value. Lengths keep two different rows from having the same bytes. The hash is kept
/// as 64 lower-case hexadecimal digits. Ids have no gaps, so a row taken out is missed even at the end.
enum AuditChain {
  /// The last row behind: where the next one is joined.
  struct Link: Hashable, Sendable {
    var id: Int64
    var hash: String

    static let start = Link(id: 0, hash: String(repeating: "0", count: 64))
  }

  /// Appends rows, giving each its hash.
  static func append(_ records: [AuditRecord], _ database: Database) throws {
    guard !records.isEmpty else { return }
    var link = try last(database)
    // Behind the newest id ever given, even if that row is gone: its gap then shows.
    var id = max(link.id, try newestID(database))
    let insert = try database.cachedStatement(sql: insertSQL)
    for record in records {
      var linked = record
      id += 1
      linked.id = id
      linked.form = 2
      linked.hash = hash(of: linked, after: link)
      try insert.execute(arguments: StatementArguments([linked.id.databaseValue] + linked.values))
      link = Link(id: linked.id, hash: linked.hash)
    }
  }

  /// The hash that a row must have.
  static func hash(of record: AuditRecord, after link: Link) -> String {
    hash(id: record.id, record.hashedValues, form: Int64(record.form), after: link)
  }

  /// The hash that a row must have, by what stands in its columns.
  static func hash(id: Int64, _ values: some Sequence<DatabaseValue>, form: Int64, after link: Link) -> String {
    var bytes = digits(link.hash)
    func append(_ field: some Collection<UInt8>) {
      withUnsafeBytes(of: UInt64(field.count).bigEndian) { bytes.append(contentsOf: $0) }
      bytes.append(contentsOf: field)
    }
    func append(_ number: Int64) {
      append(withUnsafeBytes(of: number.bigEndian) { Array($0) })
    }
    append(id)
    for value in values {
      if case .int64(let number) = value.storage {
        append(number)
      } else {
        append((String.fromDatabaseValue(value) ?? "").utf8)
      }
    }
    if form != 1 { append(form) }
    return hexadecimal(SHA256.hash(data: bytes))
  }

  /// Where the chain begins: behind the rows that were pruned.
  static func anchor(_ database: Database) throws -> Link {
    guard let row = try Row.fetchOne(database, sql: "SELECT id, hash FROM audit_anchor") else { return .start }
    var reader = RowReader(row)
    return Link(id: try reader.integer(), hash: try reader.text())
  }

  /// The newest id that SQLite remembers to have given.
  static func newestID(_ database: Database) throws -> Int64 {
    try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'audit'") ?? 0
  }

  private static let insertSQL = """
    INSERT INTO audit (id, \(AuditRecord.list(AuditRecord.columns)))
    VALUES (\(AuditRecord.list([String](repeating: "?", count: AuditRecord.columns.count + 1))))
    """

  private static func last(_ database: Database) throws -> Link {
    guard let row = try Row.fetchOne(database, sql: "SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1") else {
      return try anchor(database)
    }
    var reader = RowReader(row)
    return Link(id: try reader.integer(), hash: try reader.text())
  }

  private static func digits(_ hash: String) -> [UInt8] {
    let values = hash.utf8.map { byte -> UInt8 in
      byte >= UInt8(ascii: "a") ? byte &- UInt8(ascii: "a") &+ 10 : byte &- UInt8(ascii: "0")
    }
    return stride(from: 0, to: values.count - 1, by: 2).map { values[$0] << 4 | values[$0 + 1] & 15 }
  }

  private static func hexadecimal(_ digest: SHA256.Digest) -> String {
    let alphabet = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in digest {
      text.append(alphabet[Int(byte >> 4)])
      text.append(alphabet[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
