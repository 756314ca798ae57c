import GRDB
import Model

extension ChunkFile {
  /// Writes a batch, whole or not at all. Returns the bytes in use in the file.
  func write(_ batch: FlushBatch) async throws(StoreError) -> Int {
    try await transact { database in
      try Self.writeSeries(batch, database)
      if !batch.samples.isEmpty {
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO journal (sequence, samples) VALUES (?, ?)")
          .execute(arguments: [batch.sequence, JournalCoding.bytes(batch.samples)])
      }
      try Self.writeChunks(batch, database)
      try database.cachedStatement(sql: "DELETE FROM journal WHERE sequence < ?")
        .execute(arguments: [batch.journalFrom])
      return try StoreSchema.bytesInUse(database)
    }
  }

  private static func writeSeries(_ batch: FlushBatch, _ database: Database) throws {
    let insert = try database.cachedStatement(sql: "INSERT OR REPLACE INTO series (id, labels) VALUES (?, ?)")
    for item in batch.series { try insert.execute(arguments: [item.id, LabelCoding.bytes(item.labels)]) }
    let delete = try database.cachedStatement(sql: "DELETE FROM series WHERE id = ?")
    for id in batch.removed { try delete.execute(arguments: [id]) }
  }

  private static func writeChunks(_ batch: FlushBatch, _ database: Database) throws {
    let insert = try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO chunks (bucket, series, first, last, count, samples) VALUES (?, ?, ?, ?, ?, ?)")
    let update = try database.cachedStatement(sql: "UPDATE series SET last = ? WHERE id = ?")
    for item in batch.chunks {
      let chunk = item.chunk
      try insert.execute(
        arguments: [bucket(chunk.first), item.series, chunk.first, chunk.last, chunk.count, chunk.data])
      try update.execute(arguments: [chunk.last, item.series])
    }
  }

  /// Deletes chunks that began before `cut`, and then the oldest hours until the file uses no more than `maxBytes`.
  ///
  /// Each hour is a transaction of its own, so that what waits to be written waits for one at most. Returns the bytes
  /// in use.
  func prune(before cut: Int64?, maxBytes: Int) async throws(StoreError) -> Int {
    while !Task.isCancelled {
      let used = try await transact { database -> Int? in
        guard let oldest = try Int64.fetchOne(database, sql: "SELECT min(bucket) FROM chunks") else { return nil }
        let isOld = cut.map { (oldest + 1) * StoreSettings.longestChunk <= $0 } ?? false
        guard try isOld || StoreSchema.bytesInUse(database) > maxBytes else { return nil }
        try database.execute(sql: "DELETE FROM chunks WHERE bucket = ?", arguments: [oldest])
        return try StoreSchema.bytesInUse(database)
      }
      if used == nil { break }
    }
    return try await transact { database in
      // Free pages are used again; a file with many of them is made smaller, a step at a time.
      if try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0 > 4096 {
        _ = try Row.fetchAll(database, sql: "PRAGMA incremental_vacuum(2048)")
      }
      return try StoreSchema.bytesInUse(database)
    }
  }
}
