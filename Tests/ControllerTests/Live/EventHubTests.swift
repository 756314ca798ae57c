import Model
import StatusAPI
import TestKit
import Testing

@testable import Controller

private func transition(_ number: Int, in scope: Scope = .tenant("shop"), padding: Int = 0) -> AlertTransition {
  let labels = Labels([Label("alertname", "A"), Label("n", "\(number)")])
  let reference = RuleReference(
    group: ResourceID(scope, .ruleGroup, "g"), rule: "A", provenance: Provenance(file: "f", line: 1))
  let alert = Alert(
    scope: scope, labels: labels, annotations: [Label("pad", String(repeating: "x", count: padding))], state: .firing,
    value: Double(number), activeAt: .epoch, firedAt: .epoch, rule: reference, generatorURL: "")
  return AlertTransition(from: nil, alert: alert, reason: .conditionMet, at: .epoch)
}

extension EventHub {
  fileprivate func events(after last: UInt64? = nil, for reader: Visibility = .all) -> AsyncStream<StatusEvent> {
    events(after: last, for: reader, at: .epoch)
  }
}

extension AsyncStream<StatusEvent> {
  /// The next `count` events.
  fileprivate func first(_ count: Int) async -> [StatusEvent] {
    var found: [StatusEvent] = []
    for await event in self {
      found.append(event)
      if found.count == count { break }
    }
    return found
  }
}

/// Which transitions these events tell of.
private func numbers(_ events: [StatusEvent]) -> [String] {
  events.map { event in
    let text = String(decoding: event.data, as: UTF8.self)
    return text.split(separator: #""n":""#).last.map { String($0.prefix { $0 != "\"" }) } ?? ""
  }
}

@Suite struct `The stream of events` {
  @Test func `tells in order what happened since it was opened, before and after somebody waits`() async {
    let hub = EventHub()
    hub.publish([transition(0)])
    let stream = hub.events()
    hub.publish([transition(1), transition(2)])
    async let events = stream.first(4)
    hub.publish([transition(3)])
    hub.publish([transition(4)])
    #expect(numbers(await events) == ["1", "2", "3", "4"])
  }

  @Test func `goes on behind the event that a reader saw last`() async {
    let hub = EventHub()
    let stream = hub.events()
    hub.publish((1...5).map { transition($0) })
    let seen = await stream.first(3)
    #expect(numbers(await hub.events(after: seen[2].id).first(2)) == ["4", "5"])
    #expect(numbers(await hub.events(after: seen[0].id).first(4)) == ["2", "3", "4", "5"])
    #expect(Set(seen.map(\.id)).count == 3)
  }

  @Test func `says first that events were lost, where they aren't kept or are another process's`() async {
    let (former, hub) = (EventHub(), EventHub(capacity: 4))
    let stream = former.events()
    former.publish([transition(1)])
    let foreign = await stream.first(1)[0].id
    let early = hub.events()
    hub.publish([transition(1)])
    let seen = await early.first(1)[0].id
    hub.publish((2...8).map { transition($0) })
    for last in [foreign, seen] {
      let resumed = hub.events(after: last)
      let lost = await resumed.first(1)[0]
      #expect(lost.kind == .status && String(decoding: lost.data, as: UTF8.self) == #"{"lost":true}"#)
      // Its id leads on from here.
      let again = hub.events(after: lost.id)
      hub.publish([transition(9)])
      #expect(numbers(await again.first(1)) == ["9"])
    }
  }

  @Test func `ends for who falls behind, and for nobody else`() async {
    let hub = EventHub(capacity: 8)
    let (slow, quick) = (hub.events(), hub.events())
    for number in 1...30 {
      hub.publish([transition(number)])
      #expect(numbers(await quick.first(1)) == ["\(number)"])
    }
    #expect(await slow.first(1).isEmpty)
  }

  @Test func `keeps no more bytes than it may`() async {
    let hub = EventHub(capacity: 64, byteLimit: 10_000)
    let (first, second) = (hub.events(), hub.events())
    hub.publish((0..<40).map { transition($0, padding: 1000) })
    #expect(await first.first(40).count == 40)
    // What was rendered for the first is beyond the limit, so the oldest went.
    #expect(await second.first(1).isEmpty)
  }

  @Test func `tells a tenant of its own alone, and gives nothing away by its ids`() async {
    let hub = EventHub()
    let (shop, all) = (hub.events(for: .tenants(["shop"])), hub.events())
    hub.publish([transition(1, in: .tenant("bank")), transition(2), transition(3, in: .platform)])
    hub.publish([transition(4, in: .project(tenant: "shop", project: "api"))])
    let own = await shop.first(2)
    #expect(numbers(own) == ["2", "4"])
    #expect(numbers(await all.first(4)) == ["1", "2", "3", "4"])
    #expect(own[1].id &- own[0].id > 1000)
  }

  @Test func `tells everybody of a sync, and those who see everything how much it changed`() async throws {
    let revision = Revision(ref: "main", commit: try #require(ObjectID(String(repeating: "a", count: 40))))
    let hub = EventHub()
    let (shop, all) = (hub.events(for: .tenants(["shop"])), hub.events())
    hub.publish(
      SyncRecord(
        trigger: .poll, revision: revision,
        startedAt: .epoch, finishedAt: .epoch, status: .synced, created: 7, updated: 0, moved: 0, deleted: 0,
        timings: [], plan: "null", diagnostics: "null"))
    #expect(await String(decoding: all.first(1)[0].data, as: UTF8.self).contains(#""create":7"#))
    let own = await shop.first(1)[0]
    #expect(String(decoding: own.data, as: UTF8.self).contains(#""create":0"#))
    #expect(own.scope == .tenant("shop"))
  }

  @Test func `tells of other changes only whom they concern`() async {
    let hub = EventHub()
    let (shop, bank) = (hub.events(for: .tenants(["shop"])), hub.events(for: .tenants(["bank"])))
    hub.publishChange(for: { $0 == .tenants(["shop"]) }, at: .epoch)
    hub.publish([transition(1), transition(2, in: .tenant("bank"))])
    #expect(await shop.first(2).map(\.kind) == [.status, .alert])
    #expect(await bank.first(1).map(\.kind) == [.alert])
  }

  @Test func `takes a storm of ten thousand to a thousand readers`() async {
    let hub = EventHub()
    let streams = (0..<1000).map { _ in hub.events(for: .tenants(["shop"])) }
    hub.publish((0..<9_999).map { transition($0, in: .tenant("bank")) } + [transition(10_000)])
    await withTaskGroup(of: [String].self) { group in
      for stream in streams { group.addTask { numbers(await stream.first(1)) } }
      for await found in group { #expect(found == ["10000"]) }
    }
  }

  @Test func `lets go of readers that leave`() async {
    let hub = EventHub()
    #expect(!hub.hasReaders)
    do {
      let stream = hub.events()
      #expect(hub.hasReaders)
      let task = Task { await stream.first(1) }
      task.cancel()
      #expect(await task.value.isEmpty)
    }
    while hub.hasReaders { await Task.yield() }
  }
}
