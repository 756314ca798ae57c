import GRDB
import Model

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What a file had when it was opened.
struct FileContents: Sendable {
  /// With the time of the last sample in a chunk of the file.
  var series: [(id: Int64, labels: Labels, last: Int64?)] = []
  /// The number that the next series gets at least.
  var nextID: Int64 = 1
  /// Samples that may not be in chunks yet, in the order in which they came.
  var samples: [Head.PendingSample] = []
  var nextSequence: Int64 = 1
  var diskBytes = 0
}

extension ChunkFile {
  /// Opens the file or begins one, and reads what memory needs of it. A damaged file is given another name.
  static func open(
    at path: String, now: Timestamp
  ) throws(StoreError) -> (ChunkFile, FileContents, SampleStore.OpenOutcome) {
    if access(damageMark(path), F_OK) != 0 {
      let isFresh = access(path, F_OK) != 0
      do {
        let (file, contents) = try connect(path)
        return (file, contents, isFresh ? .fresh : .existing)
      } catch {
        guard case .corrupt = error else { throw error }
      }
    }
    let oldPath = try setAside(path, now)
    let (file, contents) = try connect(path)
    return (file, contents, .setAside(oldPath: oldPath))
  }

  /// Opens the file for reading alone, whether its process runs or not; nothing in its folder is changed.
  ///
  /// - Throws: ``StoreError/corrupt(_:)`` among others: a damaged file stays where it is.
  static func openReadOnly(at path: String) throws(StoreError) -> (ChunkFile, FileContents) {
    do {
      // Without a log beside it, nobody writes the file: SQLite need not make a log of its own to read it.
      let isAtRest = access(path + "-wal", F_OK) != 0
      var configuration = Self.configuration
      configuration.readonly = true
      let pool = try DatabasePool(path: isAtRest ? immutableURI(path) : path, configuration: configuration)
      try pool.read { database in try StoreSchema.check(database, path: path) }
      return (ChunkFile(path: path, pool: pool, isReadOnly: true), try pool.read(contents))
    } catch {
      throw StoreError(error, isWriting: false)
    }
  }

  /// The path as a URI that tells SQLite to leave locks and logs alone (SQLite, "URI Filenames").
  private static func immutableURI(_ path: String) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-".utf8)
    let hex = Array("0123456789ABCDEF".utf8)
    let escaped = path.utf8.flatMap { byte -> [UInt8] in
      plain.contains(byte) ? [byte] : [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
    }
    return "file:" + String(decoding: escaped, as: UTF8.self) + "?immutable=1"
  }

  private static func connect(_ path: String) throws(StoreError) -> (ChunkFile, FileContents) {
    do {
      let pool = try DatabasePool(path: path, configuration: configuration)
      try pool.writeWithoutTransaction { database in
        try StoreSchema.prepare(database, path: path)
        // NORMAL: a machine that goes down loses what a crash of this process wouldn't, and never the file.
        try database.execute(sql: "PRAGMA synchronous = NORMAL")
      }
      return (ChunkFile(path: path, pool: pool), try pool.read(contents))
    } catch {
      throw StoreError(error, isWriting: true)
    }
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "samples"
    configuration.maximumReaderCount = 4
    configuration.busyMode = .timeout(2)
    configuration.prepareDatabase { database in
      // Vacuuming is set before the first table, and has no effect later.
      if !database.configuration.readonly, try database.tableExists("chunks") == false {
        try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
      }
      try database.execute(
        sql: "PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864")
    }
    return configuration
  }

  private static func contents(_ database: Database) throws -> FileContents {
    var contents = FileContents()
    let series = try Row.fetchCursor(database, sql: "SELECT id, labels, last FROM series")
    while let row = try series.next() {
      guard let labels = try row.withUnsafeData(atIndex: 1, { $0.flatMap(LabelCoding.labels) }) else {
        throw StoreError.corrupt("the labels of series \(row[0] as Int64) can't be read")
      }
      contents.series.append((row[0], labels, row[2]))
    }
    contents.nextID = 1 + (try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence") ?? 0)
    let journal = try Row.fetchCursor(database, sql: "SELECT sequence, samples FROM journal ORDER BY sequence")
    while let row = try journal.next() {
      contents.nextSequence = (row[0] as Int64) + 1
      let samples = try row.withUnsafeData(atIndex: 1) { $0.flatMap(JournalCoding.samples) }
      guard let samples else { throw StoreError.corrupt("journal entry \(row[0] as Int64) can't be read") }
      contents.samples += samples
    }
    contents.diskBytes = try StoreSchema.bytesInUse(database)
    return contents
  }

  /// Gives a damaged file and what belongs to it another name.
  private static func setAside(_ path: String, _ now: Timestamp) throws(StoreError) -> String {
    var oldPath = "\(path).corrupt-\(now.millisecondsSinceEpoch)"
    while access(oldPath, F_OK) == 0 { oldPath += "-again" }
    for suffix in ["", "-wal", "-shm"] where access(path + suffix, F_OK) == 0 {
      guard rename(path + suffix, oldPath + suffix) == 0 else {
        throw .unwritable("'\(path + suffix)' can't be renamed: \(String(cString: strerror(errno)).lowercased())")
      }
    }
    unlink(damageMark(path))
    return oldPath
  }
}

/// The empty file that tells the next opening that damage was met while running.
private func damageMark(_ path: String) -> String { path + ".damaged" }

/// Leaves that file.
func markDamaged(_ path: String) {
  let descriptor = open(damageMark(path), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
  if descriptor >= 0 { close(descriptor) }
}
