import GRDB
import Model

extension ChunkFile {
  /// What is to be read of one series.
  struct Wanted: Sendable {
    var series: Int64
    /// Chunks that end later are in memory.
    var through: Int64
  }

  /// The chunks in the file that overlap a window, for each of `wanted` in its place, ascending.
  ///
  /// With them the number of chunks that aren't chunks.
  func chunks(
    _ wanted: [Wanted], after: Int64, through: Int64
  ) async throws(StoreError) -> (chunks: [[Chunk]], damaged: Int) {
    try await read { database in try Self.chunks(wanted, after, through, database) }
  }

  private static func chunks(
    _ wanted: [Wanted], _ after: Int64, _ through: Int64, _ database: Database
  ) throws -> ([[Chunk]], Int) {
    var (found, damaged) = ([[Chunk]](repeating: [], count: wanted.count), 0)
    let buckets = try Int64.fetchAll(database, sql: allBuckets)
    let statement = try database.cachedStatement(
      sql: """
        SELECT first, last, count, samples FROM chunks
        WHERE bucket = ? AND series = ? AND first <= ? AND last > ? AND last <= ? ORDER BY first
        """)
    // A chunk is at most an hour long: it may begin in the hour before the window.
    let needed = (bucket(after) - 1)...max(bucket(after) - 1, bucket(through))
    for bucket in buckets where needed.contains(bucket) {
      for (index, item) in wanted.enumerated() {
        let rows = try Row.fetchCursor(statement, arguments: [bucket, item.series, through, after, item.through])
        while let row = try rows.next() {
          let chunk = try row.withUnsafeData(atIndex: 3) { data in
            data.flatMap { Chunk(first: row[0], last: row[1], count: row[2], data: $0) }
          }
          if let chunk { found[index].append(chunk) } else { damaged += 1 }
        }
      }
    }
    return (found, damaged)
  }

  /// The hours that there are, ascending, each found by a step in the primary key.
  private static let allBuckets = """
    WITH RECURSIVE hours (bucket) AS (
      SELECT min(bucket) FROM chunks
      UNION ALL
      SELECT (SELECT min(bucket) FROM chunks WHERE bucket > hours.bucket) FROM hours WHERE hours.bucket IS NOT NULL
    )
    SELECT bucket FROM hours WHERE bucket IS NOT NULL
    """
}
