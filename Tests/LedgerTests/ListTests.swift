import Ledger
import Model
import Testing

@Suite struct `Lists of what happened` {
  @Test func `go from page to page without a gap or a repeat while rows are added`() async throws {
    try await withLedger { ledger in
      try await ledger.write { $0.transitions = (0..<25).map { .example($0) } }
      var seen: [Int64] = []
      var page = Page(limit: 10)
      while true {
        let rows = try await ledger.transitions(.init(), page)
        guard let last = rows.last else { break }
        seen += rows.map(\.id)
        page.before = last.id
        try await ledger.write { $0.transitions = [.example(99)] }
      }
      #expect(seen == (1...25).reversed().map(Int64.init))
    }
  }

  @Test(arguments: [(-5, 1), (0, 1), (7, 7), (1_000_000, 1000)])
  func `hold a page within its bounds`(asked: Int, given: Int) {
    #expect(Page(limit: asked).limit == given)
  }

  @Test(
    arguments: [
      (nil, [1, 2, 3, 4]),
      (Set<String>(), []),
      (["shop"], [2, 3]),
      (["bank"], [4]),
      (["bank", "shop"], [2, 3, 4]),
      (["nobody"], []),
    ] as [(Set<String>?, [Int64])])
  func `show only what the tenants in sight own`(tenants: Set<String>?, ids: [Int64]) async throws {
    let scopes: [Scope] = [
      .platform, .tenant("shop"), .project(tenant: "shop", project: "checkout"), .project(tenant: "bank", project: "x"),
    ]
    try await withLedger { ledger in
      try await ledger.write { batch in
        batch.transitions = scopes.map { .example(1, scope: $0) }
        batch.deliveries = scopes.map { .example(owner: $0) }
        batch.audit = scopes.map { .example("", scope: $0) }
      }
      #expect(try await ledger.transitions(.init(tenants: tenants)).map(\.id) == ids.reversed())
      #expect(try await ledger.deliveries(.init(tenants: tenants)).map(\.id) == ids.reversed())
      #expect(try await ledger.audit(.init(tenants: tenants)).map(\.id) == ids.reversed())
    }
  }

  @Test(
    arguments: [
      (Scope.platform, [1]),
      (.tenant("shop"), [2, 3]),
      (.project(tenant: "shop", project: "checkout"), [3]),
      (.tenant("bank"), []),
    ] as [(Scope, [Int64])])
  func `take a tenant's projects as the tenant's`(scope: Scope, ids: [Int64]) async throws {
    let scopes: [Scope] = [.platform, .tenant("shop"), .project(tenant: "shop", project: "checkout")]
    try await withLedger { ledger in
      try await ledger.write { $0.transitions = scopes.map { .example(1, scope: $0) } }
      #expect(try await ledger.transitions(.init(scope: scope)).map(\.id) == ids.reversed())
      #expect(try await ledger.transitions(.init(tenants: ["bank"], scope: scope)).isEmpty)
    }
  }

  @Test func `find one alert's transitions and deliveries, in a span of time`() async throws {
    let (wanted, other) = (Alert.example(1).fingerprint, Alert.example(2).fingerprint)
    try await withLedger { ledger in
      try await ledger.write { batch in
        batch.transitions = (0..<6).map { .example(Int($0 % 2) + 1, at: $0) }
        batch.deliveries = [
          .example(alerts: [wanted]), .example(alerts: [other]),
          .example(alerts: [other, wanted], outcome: .throttled, at: 9),
        ]
      }
      #expect(try await ledger.transitions(.init(fingerprint: wanted)).map(\.id) == [5, 3, 1])
      #expect(
        try await ledger.transitions(.init(fingerprint: wanted, since: .at(2), until: .at(4))).map(\.id) == [3])
      #expect(try await ledger.deliveries(.init(alert: wanted)).map(\.id) == [3, 1])
      #expect(try await ledger.deliveries(.init(outcome: .throttled)).map(\.id) == [3])
      #expect(try await ledger.deliveries(.init(since: .at(1))).map(\.id) == [3])
      let channel = ResourceID(.tenant("shop"), .channel, "oncall")
      #expect(try await ledger.deliveries(.init(channel: channel, until: .at(1))).map(\.id) == [2, 1])
      #expect(try await ledger.deliveries(.init(groupKey: "{}:{}")).isEmpty)
    }
  }

  @Test func `find the syncs that tried a commit, by its first digits too`() async throws {
    let (good, bad) = (try SyncRecord.example("a"), try SyncRecord.example("b", status: .held))
    try await withLedger { ledger in
      try await ledger.write { $0.syncs = [good, bad, good] }
      #expect(try await ledger.syncs().map(\.id) == [3, 2, 1])
      #expect(try await ledger.syncs(of: good.revision.commit).map(\.id) == [3, 1])
      #expect(try await ledger.syncs(.init(commit: "BBBB")).map(\.id) == [2])
      #expect(try await ledger.syncs(.init(commit: "aa")).isEmpty)
      #expect(try await ledger.syncs(.init(commit: "a%' OR 1")).isEmpty)
      #expect(try await ledger.syncs(.init(status: .held)).map(\.id) == [2])
      #expect(try await ledger.sync(id: 2)?.revision == bad.revision)
      #expect(try await ledger.sync(id: 9) == nil)
    }
  }

  @Test func `find what somebody did`() async throws {
    let controller = AuditRecord.example("x", actor: "controller", action: "scope.held", at: 5)
    try await withLedger { ledger in
      try await ledger.write { $0.audit = [.example("y"), controller] }
      #expect(try await ledger.audit(.init(actor: "controller")).map(\.subject) == ["x"])
      #expect(try await ledger.audit(.init(action: "sync.applied")).map(\.subject) == ["y"])
      #expect(try await ledger.audit(.init(since: .at(5))).map(\.subject) == ["x"])
    }
  }

  @Test func `list resources in their order`() async throws {
    let sync = try SyncRecord.example()
    let ids = [
      ResourceID(.platform, .dataSource, "main"), ResourceID(.tenant("shop"), .channel, "b"),
      ResourceID(.tenant("shop"), .route, "a"), ResourceID(.project(tenant: "shop", project: "x"), .channel, "c"),
    ]
    let records = ids.map {
      ResourceRecord(
        id: $0, provenance: Provenance(file: "f.yaml", line: 1), digest: "00", revision: sync.revision,
        appliedAt: .at(0))
    }
    try await withLedger { ledger in
      try await ledger.write { $0.resources = records.reversed().map { .put($0) } }
      #expect(try await ledger.resources().map(\.id) == ids)
      #expect(try await ledger.resources(.init(tenants: ["shop"], kind: .channel)).map(\.id.name) == ["b", "c"])
      try await ledger.write { $0.resources = [.remove(ids[1])] }
      #expect(try await ledger.resources(.init(scope: .tenant("shop"))).map(\.id.name) == ["a", "c"])
    }
  }
}
