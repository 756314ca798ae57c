import Foundation
import GRDB
import Model
import TestKit
import Testing

@testable import Ledger

@Suite struct `A full disk` {
  @Test func `is said at once, changes nothing, and is over when there is room again`() async throws {
    try await withLedger { ledger in
      try await ledger.write { $0.alerts = [.put(.example(0))] }
      try ledger.limitPages(by: 2)
      for _ in 0..<3 {
        await #expect(throws: LedgerError.unwritable("database or disk is full")) {
          try await ledger.write { $0.alerts = (0..<2000).map { .put(.example($0)) } }
        }
        #expect(try await ledger.activeAlerts() == [.example(0)])
      }
      try ledger.limitPages(by: 1_000_000)
      try await ledger.write { $0.alerts = (0..<2000).map { .put(.example($0)) } }
      #expect(try await ledger.activeAlerts().count == 2000)
    }
  }

  @Test(.enabled("needs the right to mount a tmpfs") { await canMount() })
  func `of a real file system is no different`() async throws {
    try await withFolder { folder in
      try #require(run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder) == 0)
      defer { _ = run("umount", "-l", folder) }
      let (ledger, _) = try Ledger.open(at: folder + "/ledger.db", now: .at(0))
      try await ledger.write { $0.alerts = [.put(.example(0))] }
      let ballast = folder + "/ballast"
      _ = FileManager.default.createFile(atPath: ballast, contents: nil)
      let handle = try #require(FileHandle(forWritingAtPath: ballast))
      for _ in 0..<1024 where (try? handle.write(contentsOf: Data(count: 4096))) == nil { break }
      try? handle.close()
      let error = await #expect(throws: LedgerError.self) {
        try await ledger.write { $0.alerts = (0..<500).map { .put(.example($0)) } }
      }
      guard case .unwritable = error else {
        Issue.record("\(String(describing: error)) is not about writing")
        return
      }
      #expect(try await ledger.activeAlerts() == [.example(0)])
      try FileManager.default.removeItem(atPath: ballast)
      try await ledger.write { $0.alerts = (0..<500).map { .put(.example($0)) } }
      #expect(try await ledger.activeAlerts().count == 500)
      try ledger.close()
    }
  }
}

extension Ledger {
  /// Lets the file grow by so many pages and no more.
  func limitPages(by pages: Int) throws {
    try pool.writeWithoutTransaction { database in
      let count = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = \(count + pages)")
    }
  }
}

private func canMount() async -> Bool {
  (try? await withFolder { folder in
    guard run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder) == 0 else { return false }
    return run("umount", folder) == 0
  }) ?? false
}

private func run(_ arguments: String...) -> Int32 {
  (try? Program.run("/usr/bin/env", arguments).code) ?? -1
}
