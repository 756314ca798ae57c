import Foundation
import GRDB
import Model
import PromQL
import TestKit
import Testing

@testable import Embedded

@Suite struct `A store's file` {
  @Test func `gives back after a restart what was there before`() async throws {
    for seed in fuzzSeeds(8) {
      try await withFolder { folder in
        var random = SplitMix64(seed: seed)
        let path = folder + "/samples.db"
        let settings = StoreSettings(retention: nil)
        var store = try SampleStore.opened(path, settings: settings)
        var now = Timestamp.at(0)
        for _ in 0..<Int(random.next() % 6 + 2) {
          grow(store, &now, &random)
          await store.flush(now: now)
          let before = try await store.all()
          if random.next() % 2 == 0 {
            store = try SampleStore.opened(path, settings: settings)
            #expect(bits(try await store.all()) == bits(before), "seed \(seed)")
          }
        }
      }
    }
  }

  /// Adds samples to some of thirty series.
  private func grow(_ store: SampleStore, _ now: inout Timestamp, _ random: inout SplitMix64) {
    let step = Duration.seconds(Int64([1, 15, 60, 600][Int(random.next() % 4)]))
    for _ in 0..<Int(random.next() % 200 + 1) {
      now = now + step
      let samples = (0..<30).filter { _ in random.next() % 2 == 0 }
        .map { (Labels([Label("i", "\($0)")]), Double(bitPattern: random.next())) }
      store.append(samples, at: now, now: now)
    }
  }

  @Test func `is read for what has left memory, and nothing comes twice`() async throws {
    try await withFolder { folder in
      let settings = StoreSettings(maxMemory: 60_000)
      let store = try SampleStore.opened(folder + "/samples.db", settings: settings)
      var noise: UInt64 = 7
      for index in 0..<20_000 {
        noise = noise &* 6_364_136_223_846_793_005 &+ 1
        store.append(["i": "a"], Double(noise), at: .at(Int64(index) * 15))
        if index % 100 == 0 { await store.flush(now: .at(Int64(index) * 15)) }
      }
      #expect(store.status.memoryBytes <= 60_000)
      let all = try await store.all()
      #expect(all[0].times == (0..<20_000).map { .at(Int64($0) * 15) })
      let some = try await store.select(Selection(matchers: [], after: .at(100 * 15), through: .at(7000 * 15)))
      #expect(some[0].times == (101...7000).map { .at(Int64($0) * 15) })
      #expect(store.status.lostSamples == 0)
    }
  }

  @Test func `keeps its journal as short as the oldest chunk that grows`() async throws {
    try await withFolder { folder in
      let store = try SampleStore.opened(folder + "/samples.db")
      for index in 0..<1000 {
        let now = Timestamp.at(Int64(index) * 15)
        store.append(["i": "a"], 1, at: now)
        if index % 400 == 0 { store.append(["i": "seldom"], 1, at: now) }
        await store.flush(now: now)
      }
      #expect(try store.inFile("SELECT count(*) FROM journal", Int.self)[0] <= 242)
    }
  }

  @Test func `forgets old hours, and the oldest when it grows too large`() async throws {
    try await withFolder { folder in
      let settings = StoreSettings(retention: .seconds(86_400), maxDisk: 200_000)
      let store = try SampleStore.opened(folder + "/samples.db", settings: settings)
      var noise: UInt64 = 3
      for index in 0..<12_000 {
        noise = noise &* 6_364_136_223_846_793_005 &+ 1
        let now = Timestamp.at(Int64(index) * 15)
        store.append(["i": "a"], Double(noise), at: now)
        if index % 200 == 199 { await store.flush(now: now) }
        if index % 2000 == 1999 { await store.retire(now: now) }
      }
      #expect(store.status.diskBytes <= 200_000)
      let oldest = try store.inFile("SELECT min(first) FROM chunks", Int64.self)[0]
      #expect(oldest >= Timestamp.at(12_000 * 15 - 86_400 - 7200).millisecondsSinceEpoch)
    }
  }

  @Test func `that is damaged is set aside and a fresh one begun`() async throws {
    try await withFolder { folder in
      let path = folder + "/samples.db"
      try Data(repeating: 0x5a, count: 8192).write(to: URL(fileURLWithPath: path))
      let (store, outcome) = try SampleStore.open(at: path, now: .at(5))
      #expect(outcome == .setAside(oldPath: "\(path).corrupt-\(Timestamp.at(5).millisecondsSinceEpoch)"))
      store.append(["i": "a"], 1, at: .at(6))
      await store.flush(now: .at(6))
      #expect(store.status.writing == .working(last: .at(6)))
      #expect(try await SampleStore.opened(path).all().count == 1)
    }
  }

  @Test func `that turned out damaged while running is set aside at the next start`() async throws {
    try await withFolder { folder in
      let path = folder + "/samples.db"
      try SampleStore.opened(path).close()
      markDamaged(path)
      guard case .setAside = try SampleStore.open(at: path, now: .at(5)).1 else {
        Issue.record("the file stayed")
        return
      }
      #expect(try SampleStore.open(at: path, now: .at(6)).1 == .existing)
    }
  }

  @Test func `of somebody else, or of a later version, is left alone`() async throws {
    try await withFolder { folder in
      let path = folder + "/other.db"
      let other = try DatabaseQueue(path: path)
      try await other.write { try $0.execute(sql: "CREATE TABLE t (x)") }
      #expect(throws: StoreError.notAStore(path: path)) { try SampleStore.open(at: path, now: .at(0)) }
      let newer = folder + "/newer.db"
      let store = try SampleStore.opened(newer)
      try await store.file?.pool.write { try $0.execute(sql: "PRAGMA user_version = 9") }
      #expect(throws: StoreError.newerSchema(path: newer, found: 9, known: 1)) {
        try SampleStore.open(at: newer, now: .at(0))
      }
    }
  }

  @Test func `on a full disk leaves samples in memory, tells, and catches up`() async throws {
    try await withFolder { folder in
      let path = folder + "/samples.db"
      let store = try SampleStore.opened(path)
      store.append(["i": "a"], 1, at: .at(0))
      await store.flush(now: .at(0))
      let pages = try store.inFile("PRAGMA page_count", Int.self)[0]
      try await store.file?.pool.writeWithoutTransaction { database in
        _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = \(pages + 2)")
      }
      let many = (0..<3000).map { (Labels([Label("i", "\($0)")]), 2.0) }
      store.append(many, at: .at(15), now: .at(15))
      await store.flush(now: .at(15))
      await store.flush(now: .at(30))
      #expect(
        store.status.writing
          == .failing(since: .at(15), reason: "the file of samples can't be written: database or disk is full"))
      #expect(try await store.all().count == 3001)
      try await store.file?.pool.writeWithoutTransaction { database in
        _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = 1000000")
      }
      await store.flush(now: .at(45))
      #expect(store.status.writing == .working(last: .at(45)))
      #expect(try await SampleStore.opened(path).all().count == 3001)
    }
  }

  @Test func `with a chunk that is no chunk gives the rest and counts it`() async throws {
    try await withFolder { folder in
      let path = folder + "/samples.db"
      let store = try SampleStore.opened(path)
      for index in 0..<500 { store.append(["i": "a"], 1, at: .at(Int64(index) * 15)) }
      await store.flush(now: .at(7500))
      try await store.file?.pool.write { database in
        try database.execute(sql: "UPDATE chunks SET samples = x'00' WHERE first = (SELECT min(first) FROM chunks)")
      }
      let again = try SampleStore.opened(path, now: .at(7500))
      #expect(try await again.all().first?.times.count == 380)
      #expect(again.status.damagedChunks == 1)
    }
  }

  @Test func `is written by the runner, and once more at its end`() async throws {
    try await withFolder { folder in
      let path = folder + "/samples.db"
      let store = try SampleStore.opened(path)
      let clock = TestClock(now: .at(0))
      let running = Task { await store.run(clock: clock) }
      await clock.waitForSleeper(until: .at(2))
      store.append(["i": "a"], 1, at: .at(1))
      clock.advance(to: .at(2))
      await clock.waitForSleeper(until: .at(17))
      #expect(store.status.writing == .working(last: .at(2)))
      store.append(["i": "a"], 2, at: .at(20))
      running.cancel()
      await running.value
      #expect(try await SampleStore.opened(path).all().map(\.values) == [[1, 2]])
    }
  }
}
