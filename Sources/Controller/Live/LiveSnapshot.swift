import Evaluator
import Ledger
import Model
import Notifier
import StatusAPI

/// What readers see of what is live, at one moment; taking it costs no more than references.
struct LiveSnapshot: Sendable {
  var generations = LiveGenerations()
  var book = AlertBook(generation: 0, takenAt: .epoch, alerts: AlertList(), tenants: [:])
  /// How many alerts each scope has, without those of scopes below.
  var counts: [Scope: AlertCounts] = [:]
  var groups: [ResourceID: RuleGroupState] = [:]
  /// The groups of which a rule fails.
  var failing: Set<ResourceID> = []
  var sources: [ResourceID: SourceStatus] = [:]
  var standings: [ResourceID: DataSources.Standing] = [:]
  var channels: [ResourceID: EndpointHealth] = [:]
  /// Every silence; how many alerts each matches isn't counted.
  var silences: [SilenceSnapshot] = []

  init() {}

  /// Rule groups, data sources and channels that need somebody, by scope, in order.
  var troubled: [Scope: [ResourceID]] {
    var ids = Array(failing)
    for source in sources.values {
      if case .failing = source.health.condition { ids.append(source.id) }
    }
    for (id, standing) in standings where standing.trouble != nil { ids.append(id) }
    for (id, health) in channels where health.failingSince != nil { ids.append(id) }
    return Dictionary(grouping: Set(ids).sorted(), by: \.scope)
  }
}

/// Numbers that grow when something changes that is shown: one for who sees everything, and one for each tenant, so
/// that no reader can tell from its own what goes on elsewhere.
struct LiveGenerations: Hashable, Sendable {
  /// Grows with every change.
  private(set) var all: UInt64 = 0
  /// Grows with what everybody sees: the source, the ledger, the specs.
  private var common: UInt64 = 0
  private var tenants: [String: UInt64] = [:]

  init() {}

  mutating func everybodySees() {
    all += 1
    common += 1
  }

  /// Something changed in these scopes.
  mutating func changed(_ scopes: some Sequence<Scope>) {
    var isAny = false
    var names: Set<String> = []
    for scope in scopes {
      isAny = true
      if let tenant = scope.tenant { names.insert(tenant) }
    }
    if isAny { all += 1 }
    for name in names { tenants[name, default: 0] += 1 }
  }

  /// The number for a reader.
  func number(for reader: Visibility) -> UInt64 {
    switch reader {
    case .all: all
    case .tenants(let visible): visible.reduce(common) { $0 + (tenants[$1] ?? 0) }
    }
  }
}

/// What is shown beside alerts and specs, as far as it may change by itself; held against what it was before.
struct LiveCircumstances: Hashable, Sendable {
  /// What is wrong with data sources and channels, in words.
  var troubles: [ResourceID: String] = [:]
  var silences: [ResourceID: Silence.State] = [:]
  var ledger: String?
  var sync: UInt64 = 0
  var specs: UInt64 = 0

  init() {}

  init(_ snapshot: LiveSnapshot, ledger: LedgerCondition, sync: UInt64, specs: UInt64) {
    for source in snapshot.sources.values {
      guard case .failing(let since, _, let error) = source.health.condition else { continue }
      troubles[source.id] = "\(error) \(since)"
    }
    for (id, standing) in snapshot.standings {
      if let trouble = standing.trouble { troubles[id, default: ""] += trouble.message }
    }
    for (id, health) in snapshot.channels {
      if let since = health.failingSince { troubles[id] = "\(health.lastError ?? "") \(since)" }
    }
    for silence in snapshot.silences { silences[silence.silence.id] = silence.state }
    if case .failing(_, let message, _) = ledger { self.ledger = message }
    self.sync = sync
    self.specs = specs
  }

  /// The scopes in which this differs from `former` but for what everybody sees.
  func scopes(differingFrom former: LiveCircumstances) -> Set<Scope> {
    var scopes: Set<Scope> = []
    func compare<Value: Equatable>(_ before: [ResourceID: Value], _ now: [ResourceID: Value]) {
      guard before != now else { return }
      for (id, value) in now where before[id] != value { scopes.insert(id.scope) }
      for id in before.keys where now[id] == nil { scopes.insert(id.scope) }
    }
    compare(former.troubles, troubles)
    compare(former.silences, silences)
    return scopes
  }
}
