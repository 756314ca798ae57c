import Foundation
import GRDB
import Model
import PromQL

@testable import Embedded

/// Runs `body` with a folder of its own, which is removed afterwards.
func withFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("embedded-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder.path)
}

extension Timestamp {
  /// So many seconds after an instant in 2026.
  static func at(_ seconds: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 1_790_000_000_000 + seconds * 1000)
  }
}

extension SampleStore {
  /// Opens a store whose outcome doesn't matter.
  static func opened(_ path: String, settings: StoreSettings = .init(), now: Timestamp = .at(0)) throws -> SampleStore {
    try open(at: path, settings: settings, now: now).0
  }

  /// One sample.
  @discardableResult
  func append(_ labels: Labels, _ value: Double, at time: Timestamp) -> SampleCounts {
    append([(labels, value)], at: time, now: time)
  }

  /// All samples of all series that match, sorted by labels.
  func all(_ matchers: Matcher...) async throws -> [SampleSeries] {
    try await select(
      Selection(
        matchers: matchers, after: Timestamp(millisecondsSinceEpoch: .min),
        through: Timestamp(millisecondsSinceEpoch: .max))
    ).sorted { $0.labels < $1.labels }
  }

  /// What the file holds, past everything that guards it.
  func inFile<Value: Sendable>(_ sql: String, _ type: Value.Type) throws -> [Value]
  where Value: DatabaseValueConvertible {
    guard let file else { return [] }
    return try file.pool.read { try Value.fetchAll($0, sql: sql) }
  }
}

/// Series as they are compared: NaN by their bits.
func bits(_ series: [SampleSeries]) -> [String] {
  series.map { item in
    "\(item.labels) "
      + zip(item.times, item.values).map { "\($0.millisecondsSinceEpoch)=\($1.bitPattern)" }.joined(separator: " ")
  }
}
