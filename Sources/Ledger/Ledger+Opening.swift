import GRDB
import Model

extension Ledger {
  /// ``open(at:now:)`` with a schema of its own, for tests of migrations.
  static func open(
    at path: String, now: Timestamp, migrations: [Migration]
  ) throws(LedgerError) -> (Ledger, OpenOutcome) {
    let lock = try FileLock(besides: path)
    try touchFile(path)
    do {
      let (pool, version) = try connect(path, migrations)
      return (Ledger(path: path, pool: pool, lock: lock), version == 0 ? .fresh : .existing(version: version))
    } catch {
      guard case .corrupt = error else { throw error }
    }
    let oldPath = try setAside(path, now)
    try touchFile(path)
    let (pool, _) = try connect(path, migrations)
    return (Ledger(path: path, pool: pool, lock: lock), .setAside(oldPath: oldPath))
  }

  /// Opens, checks and migrates; returns the version found, 0 for an empty file.
  private static func connect(_ path: String, _ migrations: [Migration]) throws(LedgerError) -> (DatabasePool, Int) {
    do {
      let pool = try DatabasePool(path: path, configuration: configuration)
      let version = try pool.writeWithoutTransaction { database in
        let version = try Self.version(of: database, path: path, migrations: migrations)
        if version > 0 { try Self.check(database, wholly: fileExists(damageMark(path))) }
        // GRDB leaves NORMAL, with which the last commits may be lost when the machine (not just the process) goes
        // down. FULL syncs the WAL at each commit: measured at one to two milliseconds a commit, once per
        // drain of the queue and not once per row. So it is FULL for all, and no write has to say what it is.
        try database.execute(sql: "PRAGMA synchronous = FULL")
        return version
      }
      try Schema.migrator(migrations).migrate(pool)
      return (pool, version)
    } catch {
      throw LedgerError(error, while: .writing)
    }
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "ledger"
    configuration.foreignKeysEnabled = true
    configuration.maximumReaderCount = 4
    // Somebody with a sqlite3 shell may hold the write lock for a moment; longer than this counts as unwritable.
    configuration.busyMode = .timeout(2)
    configuration.prepareDatabase { database in
      try database.execute(
        sql: """
          PRAGMA cache_size = -8000;
          PRAGMA temp_store = MEMORY;
          PRAGMA journal_size_limit = 67108864;
          """)
    }
    return configuration
  }

  /// The schema version of a file, 0 when it is empty.
  ///
  /// - Throws: ``LedgerError/notALedger(path:)``, ``LedgerError/newerSchema(path:found:known:)``.
  static func version(of database: Database, path: String, migrations: [Migration]) throws -> Int {
    guard try database.tableExists("grdb_migrations") else {
      let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
      guard tables == 0 else { throw LedgerError.notALedger(path: path) }
      return 0
    }
    let application = try Int32.fetchOne(database, sql: "PRAGMA application_id")
    let applied = try Schema.migrator(migrations).appliedIdentifiers(database)
    guard application == Schema.applicationID || applied.isEmpty else { throw LedgerError.notALedger(path: path) }
    guard applied.count <= migrations.count, try !Schema.migrator(migrations).hasBeenSuperseded(database) else {
      throw LedgerError.newerSchema(path: path, found: applied.count, known: migrations.count)
    }
    return applied.count
  }

  /// Walks through the tables that a start depends on, or through the whole file where damage was met before.
  ///
  /// Checking the history as well would make a start wait for as long as reading the whole file takes.
  private static func check(_ database: Database, wholly: Bool) throws {
    // An older file, which is brought up to date after this, doesn't have all of them.
    let tables = try Schema.checkedTables.filter { try database.tableExists($0) }
    let checks = wholly ? ["PRAGMA quick_check(1)"] : tables.map { "PRAGMA quick_check(\($0))" }
    for check in checks {
      let finding = try String.fetchOne(database, sql: check)
      guard finding == "ok" else { throw LedgerError.corrupt(finding ?? "no answer to \(check)") }
    }
  }

  /// Gives a damaged file and what belongs to it another name.
  private static func setAside(_ path: String, _ now: Timestamp) throws(LedgerError) -> String {
    var oldPath = "\(path).corrupt-\(now.millisecondsSinceEpoch)"
    while fileExists(oldPath) { oldPath += "-again" }
    for suffix in ["", "-wal", "-shm"] { try renameFile(path + suffix, to: oldPath + suffix) }
    removeFile(damageMark(path))
    return oldPath
  }

  /// The empty file that tells the next opening that damage was met while running.
  static func damageMark(_ path: String) -> String { path + ".damaged" }
}
