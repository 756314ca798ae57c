import Foundation
import Model
import Testing

@testable import Ledger

@Suite struct `A killed process` {
  @Test func `loses nothing that it was told is written`() async throws {
    try await withFolder { folder in
      let path = folder + "/ledger.db"
      let (ledger, _) = try Ledger.open(at: path, now: .at(0))
      for round in 0..<6 {
        try await ledger.write {
          $0.alerts = (0..<300).map { .put(.example(round * 300 + $0)) }
          $0.deliveries = [.example(at: Int64(round))]
          $0.aliveAt = .at(Int64(round))
        }
        let copy = "\(folder)/copy-\(round).db"
        try snapshot(path, to: copy)
        let (found, outcome) = try Ledger.open(at: copy, now: .at(100))
        #expect(outcome == .existing(version: Schema.migrations.count))
        #expect(try await found.activeAlerts().count == (round + 1) * 300)
        #expect(try await found.deliveries().count == round + 1)
        #expect(try await found.lastAlive() == .at(Int64(round)))
      }
    }
  }

  @Test(arguments: [32, 4096, 20_000, 60_000])
  func `in the middle of a write leaves all before it and nothing of it`(cut: Int) async throws {
    try await withFolder { folder in
      let path = folder + "/ledger.db"
      let (ledger, _) = try Ledger.open(at: path, now: .at(0))
      try await ledger.write { $0.alerts = [.put(.example(1))] }
      let before = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
      try await ledger.write { $0.alerts = (2..<500).map { .put(.example($0)) } }
      let copy = folder + "/copy.db"
      try snapshot(path, to: copy)
      let wal = try Data(contentsOf: URL(fileURLWithPath: copy + "-wal"))
      #expect(wal.count > before.count + cut)
      try wal.prefix(before.count + cut).write(to: URL(fileURLWithPath: copy + "-wal"))
      let (found, outcome) = try Ledger.open(at: copy, now: .at(100))
      #expect(outcome == .existing(version: Schema.migrations.count))
      #expect(try await found.activeAlerts() == [.example(1)])
    }
  }

  /// What the disk holds at this instant, without the lock and the shared memory that die with the process.
  private func snapshot(_ path: String, to copy: String) throws {
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
    }
  }
}
