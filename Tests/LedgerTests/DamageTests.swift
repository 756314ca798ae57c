import Foundation
import GRDB
import Model
import Testing

@testable import Ledger

@Suite struct `A damaged ledger` {
  /// Where bytes are overwritten, in pages of 4096 bytes: the header, or everything behind the first pages.
  enum Damage: CaseIterable {
    case header, body, end

    func apply(to bytes: inout Data) {
      switch self {
      case .header: bytes.replaceSubrange(0..<100, with: Data(repeating: 0x5a, count: 100))
      case .body:
        let range = 4096 * 2..<bytes.count
        bytes.replaceSubrange(range, with: Data(repeating: 0x5a, count: range.count))
      case .end: bytes.removeLast(bytes.count / 2)
      }
    }
  }

  @Test(arguments: Damage.allCases)
  func `is set aside whole, and a fresh one begun`(damage: Damage) async throws {
    try await withFolder { folder in
      let path = folder + "/ledger.db"
      try await fill(path)
      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      damage.apply(to: &bytes)
      try bytes.write(to: URL(fileURLWithPath: path))

      let (ledger, outcome) = try Ledger.open(at: path, now: .at(5))
      let oldPath = path + ".corrupt-1790000005000"
      #expect(outcome == .setAside(oldPath: oldPath))
      #expect(try Data(contentsOf: URL(fileURLWithPath: oldPath)) == bytes)
      #expect(try await ledger.activeAlerts().isEmpty)
      try await ledger.write { $0.alerts = [.put(.example(1))] }
      #expect(try await ledger.activeAlerts().count == 1)
    }
  }

  @Test func `a file that never was a database is set aside too`() async throws {
    try await withFolder { folder in
      let path = folder + "/ledger.db"
      try Data("# notes\n".utf8).write(to: URL(fileURLWithPath: path))
      let (ledger, outcome) = try Ledger.open(at: path, now: .at(5))
      #expect(outcome == .setAside(oldPath: path + ".corrupt-1790000005000"))
      withExtendedLifetime(ledger) {}
    }
  }

  @Test func `two set aside at one instant keep names of their own`() async throws {
    try await withFolder { folder in
      let path = folder + "/ledger.db"
      var names: [String] = []
      for _ in 0..<2 {
        try Data("not a database, but long enough to look at: \(names)".utf8).write(to: URL(fileURLWithPath: path))
        guard case (_, .setAside(let name)) = try Ledger.open(at: path, now: .at(5)) else { continue }
        names.append(name)
      }
      #expect(names == [path + ".corrupt-1790000005000", path + ".corrupt-1790000005000-again"])
    }
  }

  @Test func `damage in the history, met while running, is found at the next start`() async throws {
    try await withFolder { folder in
      let path = folder + "/ledger.db"
      try await fill(path)
      let page = try await rootPage(of: "transitions", path)
      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      let range = 4096 * (page - 1)..<4096 * page
      bytes.replaceSubrange(range, with: Data(repeating: 0x5a, count: 4096))
      try bytes.write(to: URL(fileURLWithPath: path))

      try await meetDamage(path)
      let (_, outcome) = try Ledger.open(at: path, now: .at(5))
      #expect(outcome == .setAside(oldPath: path + ".corrupt-1790000005000"))
    }
  }

  @Test func `a value that no ledger writes is damage, not a crash`() async throws {
    try await withLedger { ledger in
      try await ledger.write { $0.alerts = [.put(.example(1))] }
      try ledger.tamper("UPDATE alerts SET state = 'asleep'")
      await #expect(throws: LedgerError.corrupt("column 'state' holds what no ledger writes")) {
        try await ledger.activeAlerts()
      }
      try ledger.tamper("UPDATE alerts SET state = 'firing', labels = '{\"a\":'")
      await #expect(throws: LedgerError.corrupt("column 'labels' holds what no ledger writes")) {
        try await ledger.activeAlerts()
      }
    }
  }

  private func fill(_ path: String) async throws {
    let (ledger, _) = try Ledger.open(at: path, now: .at(0))
    try await ledger.write {
      $0.alerts = (0..<500).map { .put(.example($0)) }
      $0.transitions = (0..<500).map { .example($0) }
    }
    try ledger.close()
  }

  private func rootPage(of table: String, _ path: String) async throws -> Int {
    let ledger = try Ledger.inspect(path)
    let page = try await ledger.pool.read {
      try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_schema WHERE name = ?", arguments: [table])
    }
    return try #require(page)
  }

  private func meetDamage(_ path: String) async throws {
    let (ledger, outcome) = try Ledger.open(at: path, now: .at(4))
    #expect(outcome == .existing(version: Schema.migrations.count))
    #expect(try await ledger.activeAlerts().count == 500)
    let error = await #expect(throws: LedgerError.self) { try await ledger.transitions() }
    guard case .corrupt = error else {
      Issue.record("\(String(describing: error)) is not damage")
      return
    }
  }
}
