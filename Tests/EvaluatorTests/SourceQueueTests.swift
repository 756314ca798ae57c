import Evaluator
import TestKit
import Testing

@Suite struct `Sharing a data source` {
  @Test func `up to the limit everybody begins at once`() {
    var queue = SourceQueue(limit: 2)
    #expect(queue.request(1, for: "a") == 1)
    #expect(queue.request(2, for: "a") == 2)
    #expect(queue.request(3, for: "a") == nil)
    #expect(queue.finish(for: "a") == 3)
    #expect(queue.finish(for: "a") == nil)
    #expect(queue.running == 1)
    #expect(queue.waiting == 0)
  }

  @Test func `tenants take turns, however many queries each has waiting`() {
    var queue = SourceQueue(limit: 1)
    #expect(queue.request(1, for: "a") == 1)
    for ticket in 2...5 { #expect(queue.request(UInt64(ticket), for: "a") == nil) }
    #expect(queue.request(10, for: "b") == nil)
    #expect(queue.request(11, for: "b") == nil)
    #expect(queue.request(20, for: "") == nil)
    let order = ["a", "a", "b", "", "a", "b", "a", "a"].map { queue.finish(for: $0) }
    #expect(order == [2, 10, 20, 3, 11, 4, 5, nil])
  }

  @Test func `a tenant leaves a quarter of the places to others`() {
    var queue = SourceQueue(limit: 8)
    #expect(queue.request(1, for: "quick") == 1)
    #expect(queue.finish(for: "quick") == nil)
    let begun = (2...20).filter { queue.request(UInt64($0), for: "slow") != nil }
    #expect(begun == [2, 3, 4, 5, 6, 7])
    #expect(queue.request(30, for: "quick") == 30)
    #expect(queue.request(31, for: "quick") == 31)
    #expect(queue.request(32, for: "quick") == nil)
    #expect(queue.finish(for: "slow") == 8)
    #expect(queue.finish(for: "quick") == 32)
  }

  @Test func `a raised limit lets more begin, and whoever waits can be told`() {
    var queue = SourceQueue(limit: 0)
    #expect(queue.request(1, for: "a") == 1)
    for ticket in 2...5 { _ = queue.request(UInt64(ticket), for: "a") }
    #expect(queue.setLimit(3) == [2, 3])
    #expect(queue.drained == [4, 5])
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `nobody is forgotten, and the limit holds`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let limit = Int.random(in: 1...6, using: &random)
    var queue = SourceQueue(limit: limit)
    var owners: [UInt64: String] = [:]
    var running: [String] = []
    var begun: Set<UInt64> = []
    func begin(_ ticket: UInt64?) {
      guard let ticket else { return }
      #expect(begun.insert(ticket).inserted)
      running.append(owners[ticket] ?? "")
    }
    for ticket in 0..<200 as Range<UInt64> {
      owners[ticket] = "t\(Int.random(in: 0...4, using: &random))"
      begin(queue.request(ticket, for: owners[ticket] ?? ""))
      if Bool.random(using: &random), !running.isEmpty {
        let index = Int.random(in: 0..<running.count, using: &random)
        begin(queue.finish(for: running.remove(at: index)))
      }
      #expect(running.count <= limit)
      #expect(queue.running == running.count)
    }
    while !running.isEmpty { begin(queue.finish(for: running.removeLast())) }
    #expect(begun.count == 200)
    #expect(queue.waiting == 0)
  }
}
