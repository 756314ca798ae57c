import GRDB

/// The tables of a store's file.
///
/// Chunks lie by the hour in which they begin, then by series: what is written at one time lies together, and the
/// oldest hour goes as a piece. Times are milliseconds since the epoch.
enum StoreSchema {
  /// `BFSM`: how a file of samples is told from other SQLite files.
  private static let applicationID: Int32 = 0x4246_534d
  private static let version = 1

  /// Makes the tables in an empty file.
  ///
  /// - Throws: ``StoreError/notAStore(path:)``, ``StoreError/newerSchema(path:found:known:)``.
  static func prepare(_ database: Database, path: String) throws {
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
    if tables == 0 {
      try database.inTransaction(.immediate) {
        try database.execute(sql: sql)
        return .commit
      }
      return
    }
    try check(database, path: path)
  }

  /// Whether the tables are ones that can be read here.
  ///
  /// - Throws: ``StoreError/notAStore(path:)``, ``StoreError/newerSchema(path:found:known:)``.
  static func check(_ database: Database, path: String) throws {
    guard try Int32.fetchOne(database, sql: "PRAGMA application_id") == applicationID else {
      throw StoreError.notAStore(path: path)
    }
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard found <= version else { throw StoreError.newerSchema(path: path, found: found, known: version) }
  }

  /// The size of the file without pages that are free.
  static func bytesInUse(_ database: Database) throws -> Int {
    let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
    let free = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
    let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
    return (pages - free) * size
  }

  private static let sql = """
    PRAGMA application_id = \(applicationID);
    PRAGMA user_version = \(version);

    -- labels is LabelCoding's; last is the time of the last sample in a chunk, NULL before there is one.
    CREATE TABLE series (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      labels BLOB NOT NULL,
      last INTEGER
    ) STRICT;

    -- samples are a chunk's words, each from its lowest byte.
    CREATE TABLE chunks (
      bucket INTEGER NOT NULL, series INTEGER NOT NULL, first INTEGER NOT NULL,
      last INTEGER NOT NULL, count INTEGER NOT NULL, samples BLOB NOT NULL,
      PRIMARY KEY (bucket, series, first)
    ) STRICT, WITHOUT ROWID;

    -- What came since the oldest chunk that is still growing; samples is JournalCoding's.
    CREATE TABLE journal (
      sequence INTEGER PRIMARY KEY,
      samples BLOB NOT NULL
    ) STRICT;
    """
}
