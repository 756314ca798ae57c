import Model
import Notifier
import Testing

@Suite struct `The notification log's decision` {
  /// One row: fingerprints firing and resolved in the flush, those of the entry, its age in seconds.
  struct Row: Sendable, CustomTestStringConvertible {
    let number: Int
    var firing: [UInt64] = []
    var resolved: [UInt64] = []
    var entry: (firing: [UInt64], resolved: [UInt64], age: Int)?
    var sendsResolved = true
    let reason: NotificationReason?

    var testDescription: String { "row \(number): \(firing) \(resolved) \(String(describing: entry)) \(sendsResolved)" }
  }

  /// Repeat interval: 60 s.
  @Test(arguments: [
    Row(number: 1, firing: [1], reason: .first),
    Row(number: 1, firing: [1], resolved: [2], reason: .first),
    Row(number: 2, resolved: [1], reason: nil),
    Row(number: 2, reason: nil),
    Row(number: 3, firing: [1], entry: ([], [1], 0), reason: .first),
    Row(number: 3, firing: [1, 2], entry: ([], [], 0), sendsResolved: false, reason: .first),
    Row(number: 4, firing: [1, 2], entry: ([1], [], 0), reason: .newAlerts),
    Row(number: 4, firing: [2], resolved: [1], entry: ([1], [], 0), reason: .newAlerts),
    Row(number: 4, firing: [2, 3], entry: ([1, 3, 4], [], 0), reason: .newAlerts),
    Row(number: 5, resolved: [1], entry: ([1], [], 0), reason: .allResolved),
    Row(number: 5, resolved: [1], entry: ([1], [], 0), sendsResolved: false, reason: .allResolved),
    Row(number: 5, resolved: [1], entry: ([1, 2], [], 0), reason: .allResolved),
    Row(number: 6, resolved: [1], entry: ([], [1], 0), reason: nil),
    Row(number: 6, resolved: [1], entry: ([], [], 1000), reason: nil),
    Row(number: 7, firing: [1], resolved: [2], entry: ([1, 2], [], 0), reason: .someResolved),
    Row(number: 7, firing: [1], resolved: [2, 3], entry: ([1], [2], 0), reason: .someResolved),
    Row(number: 7, firing: [1], resolved: [2], entry: ([1, 2], [], 0), sendsResolved: false, reason: nil),
    Row(number: 7, firing: [1], resolved: [2], entry: ([1], [2], 0), reason: nil),
    Row(number: 8, firing: [1], entry: ([1], [], 61), reason: .repeated),
    Row(number: 8, firing: [1], entry: ([1, 2], [], 61), reason: .repeated),
    Row(number: 9, firing: [1], entry: ([1], [], 60), reason: nil),
    Row(number: 9, firing: [1], entry: ([1, 2], [3], 0), reason: nil),
  ])
  func `follows Alertmanager's table`(row: Row) {
    let key = NotificationLogEntry.Key(owner: shop, groupKey: "{}:{}", channel: oncall)
    let entry = row.entry.map { entry in
      NotificationLogEntry(
        key: key, sentAt: at(1000 - entry.age), expiresAt: at(100_000), firing: fingerprints(entry.firing),
        resolved: fingerprints(entry.resolved))
    }
    let reason = Deduplication.reason(
      firing: fingerprints(row.firing), resolved: fingerprints(row.resolved), entry: entry,
      sendsResolved: row.sendsResolved, repeatInterval: .seconds(60), at: at(1000))
    #expect(reason == row.reason)
  }

  @Test(arguments: [(300, 432_000), (14_400, 432_000), (864_000, 1_728_000)])
  func `is remembered for twice the repeat interval and at least five days`(repeats: Int, lifetime: Int) {
    #expect(Deduplication.lifetime(repeatInterval: .seconds(repeats)) == .seconds(lifetime))
  }

  @Test func `is forgotten when its entry expires, and not before`() {
    let key = NotificationLogEntry.Key(owner: shop, groupKey: "{}:{}", channel: oncall)
    func entry(until end: Int) -> NotificationLogEntry {
      NotificationLogEntry(key: key, sentAt: at(0), expiresAt: at(end), firing: [], resolved: [])
    }
    var log = NotificationLog([entry(until: 10)])
    #expect(log.entry(key, at: at(9)) != nil)
    #expect(log.entry(key, at: at(10)) == nil)
    log.record(entry(until: 20))
    log.removeExpired(at: at(10))
    #expect(log.entry(key, at: at(19)) != nil)
    log.removeExpired(at: at(20))
    #expect(log.entries.isEmpty)
  }
}
