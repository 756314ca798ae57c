import Model
import PromQL
import Testing

@testable import Embedded

@Suite struct `A store` {
  @Test func `gives back samples in the window, staleness markers too`() async throws {
    let store = SampleStore()
    for index in 0..<300 { store.append(["__name__": "m", "i": "a"], Double(index), at: .at(Int64(index) * 15)) }
    store.append(["__name__": "m", "i": "a"], .stalenessMarker, at: .at(4500))
    let window = Selection(matchers: [Matcher("__name__", equals: "m")], after: .at(4470), through: .at(5000))
    let found = try await store.select(window)
    #expect(found.map(\.labels) == [["__name__": "m", "i": "a"]])
    #expect(found[0].times == [.at(4485), .at(4500)])
    #expect(found[0].values[0] == 299 && found[0].values[1].isStalenessMarker)
    #expect(try MemorySource(store).series(for: window).first?.times == found[0].times)
  }

  @Test func `refuses what is not newer, and counts it`() async throws {
    let store = SampleStore()
    let labels: Labels = ["__name__": "m"]
    store.append(labels, 1, at: .at(15))
    #expect(store.append(labels, 1, at: .at(15)) == SampleCounts())
    #expect(store.append(labels, 2, at: .at(15)).duplicates == 1)
    #expect(store.append(labels, 2, at: .at(14)).outOfOrder == 1)
    #expect(store.append([(labels, 3)], at: .at(16), now: .at(16 + 8 * 86_400)).tooOld == 1)
    #expect(store.append([(labels, 3)], at: .at(1000), now: .at(16)).tooFarAhead == 1)
    #expect(try await store.all().map(\.values) == [[1]])
    #expect(store.status.counts.refused == 4 && store.status.counts.appended == 1)
  }

  @Test func `refuses series beyond its limit and makes room by the longest ended`() async throws {
    let store = SampleStore(settings: StoreSettings(maxSeries: 20))
    for index in 0..<20 { store.append(["i": "\(index)"], 1, at: .at(Int64(index))) }
    #expect(store.append(["i": "20"], 1, at: .at(20)).withoutSeries == 1)
    #expect(store.references(for: [["i": "20"], ["i": "0"]]).map { $0 == nil } == [true, false])
    #expect(store.status.refusedSeries == 2 && store.status.series == 20)
    let old = store.references(for: [["i": "0"]])[0]
    await store.retire(now: .at(4000))
    #expect(store.status.series == 19)
    #expect(store.append(["i": "20"], 1, at: .at(4000)).appended == 1)
    let outdated = try #require(old)
    #expect(store.append([ReferencedSample(outdated, 1, at: .at(4000))], now: .at(4000)).outdated == [0])
  }

  @Test func `forgets what is older than the retention`() async throws {
    let store = SampleStore(settings: StoreSettings(retention: .seconds(7200)))
    store.append(["i": "gone"], 1, at: .at(0))
    for index in 0..<960 { store.append(["i": "there"], Double(index), at: .at(Int64(index) * 15)) }
    await store.retire(now: .at(14_400))
    let left = try await store.all()
    #expect(left.map(\.labels) == [["i": "there"]])
    #expect(left[0].times.count <= 600 && left[0].times.count >= 480)
    #expect(store.status.lostSamples == 0)
  }

  @Test func `keeps within its memory, the oldest samples going first`() async throws {
    let store = SampleStore(settings: StoreSettings(maxMemory: 100_000))
    var noise: UInt64 = 1
    for index in 0..<40_000 {
      noise = noise &* 6_364_136_223_846_793_005 &+ 1
      store.append(["i": "a"], Double(noise), at: .at(Int64(index) * 15))
    }
    #expect(store.status.memoryBytes <= 100_000)
    let left = try await store.all()
    #expect(left[0].times.last == .at(39_999 * 15))
    #expect(left[0].times.count > 1000)
  }

  @Test func `stops a query that would give too much`() async throws {
    let store = SampleStore()
    for index in 0..<100 { store.append(["i": "a"], 1, at: .at(Int64(index))) }
    let everything = Selection(matchers: [], after: .at(-1), through: .at(1000))
    await #expect(throws: EvaluationError.tooManySamples(limit: 99)) { try await store.select(everything, limit: 99) }
    #expect(try await store.select(everything, limit: 100).count == 1)
  }
}

@Suite struct `Selectors` {
  private static let fleet: [Labels] = (0..<200).map { index in
    [
      "__name__": index % 2 == 0 ? "up" : "load", "instance": "web-\(index)",
      "zone": index % 3 == 0 ? "" : "z\(index % 3)",
    ]
  }

  @Test(arguments: [
    [("__name__", "=", "up")],
    [("__name__", "=", "up"), ("instance", "=~", "web-1.")],
    [("__name__", "!=", "up")],
    [("instance", "=~", "web-(1|2|3)")],
    [("instance", "!~", "web-.*")],
    [("instance", "!~", "web-1.*"), ("__name__", "=~", "l.*")],
    [("zone", "=", "")],
    [("zone", "!=", "")],
    [("zone", "=~", "")],
    [("zone", "=~", "|z1"), ("__name__", "=", "load")],
    [("zone", "!~", "z1")],
    [("none", "=", "")],
    [("none", "=", "x")],
    [("none", "=~", ".+")],
    [("__name__", "=", "up"), ("zone", "!=", "z1"), ("instance", "!=", "web-0")],
    [("instance", "=", "web-8"), ("__name__", "=~", "u.*"), ("zone", "!~", "z1")],
    [("instance", "=", "web-8"), ("__name__", "=~", "l.*")],
    [],
  ])
  func `find what matching each series would find`(_ conditions: [(String, String, String)]) async throws {
    var index = SeriesIndex()
    for labels in Self.fleet { _ = index.insert(labels) }
    // Places that were left and taken again.
    for place in [3, 77, 120] as [UInt32] { index.remove(place) }
    for place in [120, 3, 77] { _ = index.insert(Self.fleet[place]) }
    let matchers = try conditions.map { try Matcher($0.0, #require(.init(rawValue: $0.1)), $0.2) }
    let found = index.places(matching: matchers)
    #expect(found == found.sorted())
    let expected = Set(Self.fleet.filter { matchers.accept($0) })
    #expect(Set(found.map { index.labels[Int($0)] }) == expected)

    let store = SampleStore()
    for labels in Self.fleet { store.append(labels, 1, at: .at(1)) }
    let selected = try await store.select(Selection(matchers: matchers, after: .at(0), through: .at(1)))
    #expect(Set(selected.map(\.labels)) == expected)
    #expect(selected.count == expected.count)
  }

  @Test func `know names and values`() {
    let store = SampleStore()
    for labels in Self.fleet.prefix(4) { store.append(labels, 1, at: .at(0)) }
    #expect(store.labelNames == ["__name__", "instance", "zone"])
    #expect(store.labelValues("zone") == ["z1", "z2"])
    #expect(store.labelValues("nothing") == [])
  }
}
