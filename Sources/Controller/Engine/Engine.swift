import Evaluator
import Ledger
import Model
import Notifier
import Reconciler
import Specs

/// The in-process target of plans: turns resources into what the evaluator and the notifier run.
///
/// It keeps every live resource by scope, touches what a step names, and, where a scope's settings changed, the groups
/// that depend on them.
actor Engine: Target {
  private let evaluator: EvaluatorRunner
  private let alerts: AlertFlow
  private let dataSources: DataSources
  private let externalURL: String
  private let ledger: LedgerQueue
  private let pulse: LivePulse
  private var resources: [Scope: [ResourceID: Resource]] = [:]
  private var book = ProvenanceBook()
  private var runtime: [RuntimeOrigin: [ResourceID: Resource]] = [:]
  private var silenceStarts: [ResourceID: Timestamp]
  /// Silences beside git whose scope was renamed, by the id that they had, until the notifier knows.
  private var runtimeMoves: [ResourceID: Resource] = [:]

  /// Where a silence that stands in no applied revision comes from.
  enum RuntimeOrigin: String, Hashable, Sendable, CaseIterable {
    /// The branch of `--silences-ref`.
    case branch
    /// `belfry silence emergency`.
    case emergency
  }

  /// `silenceStarts`: when silences without `starts_at` were first applied, as the ledger has it.
  init(
    evaluator: EvaluatorRunner, alerts: AlertFlow, dataSources: DataSources, externalURL: String, ledger: LedgerQueue,
    silenceStarts: [ResourceID: Timestamp], pulse: LivePulse = LivePulse()
  ) {
    self.pulse = pulse
    self.evaluator = evaluator
    self.alerts = alerts
    self.dataSources = dataSources
    self.externalURL = externalURL
    self.ledger = ledger
    self.silenceStarts = silenceStarts
  }

  // MARK: Applying

  /// Takes over everything that is live, at the start.
  func load(_ live: LiveState, _ book: ProvenanceBook, at now: Timestamp) async {
    self.book = book
    await apply(live.scopes.keys.sorted().flatMap { live.resources(in: $0).values.map(Step.create) }, at: now)
  }

  func apply(_ steps: [Step], of revision: Revision, at now: Timestamp) async {
    await apply(steps, at: now)
  }

  /// Applies a plan as the change of this number (see ``evaluations``): its steps, and the renaming of folders that it
  /// tells of.
  ///
  /// - Returns: how many groups the change brought that are to be evaluated once.
  func apply(_ plan: Plan, as change: UInt64, at now: Timestamp) async -> Int {
    let renamed = plan.renames
    for (former, scope) in renamed { moveRuntimeSilences(from: former, to: scope) }
    return await apply(plan.steps, renamed: renamed, at: now, as: change)
  }

  /// How many alerts of these groups fire, by the names of their rules; groups without any are left out.
  func firing(of groups: [ResourceID]) async -> FiringAlerts {
    await evaluator.firing(of: groups)
  }

  /// The changes of which every group was evaluated once, as that happens; for one listener.
  nonisolated var evaluations: AsyncStream<EvaluatedChange> { alerts.evaluations }

  /// Notes who changed what last, for the rules that are applied next; `nil` for what is gone.
  func note(_ changes: [ResourceID: ProvenanceBook.Entry?]) {
    book.note(changes)
  }

  /// Takes over where resources stand now that mean what they meant, and who changed them last.
  ///
  /// - Returns: those that stood elsewhere before.
  func place(_ moved: [Resource], _ changes: [ResourceID: ProvenanceBook.Entry?] = [:]) async -> [Resource] {
    book.note(changes)
    var others: [Resource] = []
    for resource in moved {
      guard let before = self[resource.id], before.digest == resource.digest else { continue }
      guard before.origin.isElsewhere(than: resource.origin) else { continue }
      resources[resource.id.scope]?[resource.id] = resource
      others.append(resource)
    }
    var places: [ResourceID: [Provenance]] = [:]
    for id in Set(others.map(\.id)).union(changes.keys) where id.kind == .ruleGroup {
      places[id] = self[id].map { book.ruleProvenance(of: $0) }
    }
    if !places.isEmpty { await evaluator.place(places) }
    if !others.isEmpty || !changes.isEmpty { pulse.specsChanged() }
    return others
  }

  /// `renamed`: scopes under new names, old to new.
  @discardableResult
  private func apply(
    _ steps: [Step], renamed: [Scope: Scope] = [:], at now: Timestamp, as number: UInt64? = nil
  ) async -> Int {
    guard !steps.isEmpty else { return 0 }
    var touched = Touched()
    for step in steps {
      if let before = step.before, before.id != step.after?.id {
        resources[before.id.scope]?[before.id] = nil
        touched.gone(before.id)
      }
      if let after = step.after {
        resources[after.id.scope, default: [:]][after.id] = after
        touched.set(after)
      }
      if case .move(let before, let after) = step { touched.move(before.id, to: after.id) }
    }
    for id in touched.removed { if let silence = runtimeSilence(id) { touched.set(silence) } }
    for (former, silence) in runtimeMoves {
      touched.gone(former)
      if self[silence.id] == nil { touched.set(silence) }
    }
    runtimeMoves = [:]
    let notification = notifierChange(touched, at: now)
    var change = evaluatorChange(touched)
    change.number = number
    change.note(renamed)
    await dataSources.move(touched.sources)
    change.putSources = await dataSources.apply(
      put: touched.set.values.filter { $0.id.kind == .dataSource }.sorted { $0.id < $1.id },
      removed: change.removeSources)
    // No report goes out before channels and routes are there, so that an alert of a new rule finds its way.
    let outcome = await evaluator.apply(change) { [alerts] outcome in
      await alerts.changed(outcome, with: notification, at: now)
    }
    pulse.specsChanged()
    return outcome.awaited
  }

  // MARK: Silences beside git

  /// Silences that stand in no applied revision; they replace those of the same origin.
  func setRuntimeSilences(_ silences: [Resource], of origin: RuntimeOrigin, at now: Timestamp) async {
    let before = runtime[origin] ?? [:]
    runtime[origin] = Dictionary(silences.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var touched = Touched()
    for id in before.keys where runtimeSilence(id) == nil && self[id] == nil { touched.gone(id) }
    for silence in silences where self[silence.id] == nil { touched.set(silence) }
    await alerts.configure(notifierChange(touched, at: now))
    pulse.specsChanged()
  }

  /// Adds one emergency silence to those that there are.
  func addEmergencySilence(_ silence: Resource, at now: Timestamp) async {
    await setRuntimeSilences(Array((runtime[.emergency] ?? [:]).values) + [silence], of: .emergency, at: now)
  }

  private func runtimeSilence(_ id: ResourceID) -> Resource? {
    RuntimeOrigin.allCases.lazy.compactMap { self.runtime[$0]?[id] }.first
  }

  /// The interval that a silence, in git or beside it, is confined to.
  func silenceInterval(of id: ResourceID) -> String? {
    guard case .silence(let silence)? = (self[id] ?? runtimeSilence(id))?.spec else { return nil }
    return silence.timeInterval
  }

  /// Silences beside git go with their scope when that is renamed.
  private func moveRuntimeSilences(from former: Scope, to scope: Scope) {
    for origin in runtime.keys {
      for (id, silence) in runtime[origin] ?? [:] where id.scope == former {
        let moved = silence.moved(to: scope)
        runtime[origin]?[id] = nil
        runtime[origin]?[moved.id] = moved
        runtimeMoves[id] = moved
      }
    }
  }

  /// The silences that stand in no applied revision, by id.
  var runtimeSilences: [(resource: Resource, origin: RuntimeOrigin)] {
    RuntimeOrigin.allCases.flatMap { origin in
      (runtime[origin] ?? [:]).values.filter { self[$0.id] == nil }.map { ($0, origin) }
    }.sorted { $0.resource.id < $1.resource.id }
  }

  // MARK: Views

  /// The live resource of an id.
  subscript(id: ResourceID) -> Resource? { resources[id.scope]?[id] }

  /// Who changed a resource and its rules last, where known.
  func provenance(of id: ResourceID) -> ProvenanceBook.Entry? { book[id] }

  // MARK: Drift

  /// The steps that make what runs equal to `live` again; none while it is.
  func drift(from live: LiveState) async -> [Step] {
    let running = Set(await evaluator.groups.map(\.id))
    var steps: [Step] = []
    for scope in live.scopes.keys.sorted() {
      for (id, resource) in live.resources(in: scope) {
        let isRunning = id.kind != .ruleGroup || running.contains(id)
        if self[id]?.digest != resource.digest || !isRunning { steps.append(.create(resource)) }
      }
    }
    for resource in resources.values.flatMap(\.values) where live[resource.id] == nil {
      steps.append(.delete(resource))
    }
    return steps.sorted { $0.id < $1.id }
  }

  // MARK: Changes of evaluator and notifier

  private func notifierChange(_ touched: Touched, at now: Timestamp) -> NotifierChange {
    var change = NotifierChange(
      set: touched.set.values.sorted { $0.id < $1.id }, removed: touched.removed.sorted(),
      renamed: touched.renamed)
    change.firstApplied = firstApplied(touched, at: now)
    return change
  }

  /// When the silences among these were first applied; a new one's instant is kept, so that a restart doesn't move it.
  private func firstApplied(_ touched: Touched, at now: Timestamp) -> [ResourceID: Timestamp] {
    var batch = LedgerBatch()
    var starts: [ResourceID: Timestamp] = [:]
    for (id, resource) in touched.set {
      guard case .silence(let silence) = resource.spec, silence.startsAt == nil else { continue }
      if silenceStarts[id] == nil {
        let start = touched.silences[id].flatMap { silenceStarts[$0] } ?? now
        silenceStarts[id] = start
        batch.silenceStarts.append(.put(SilenceStart(silence: id, startedAt: start)))
      }
      starts[id] = silenceStarts[id]
    }
    for id in touched.removed where silenceStarts.removeValue(forKey: id) != nil {
      batch.silenceStarts.append(.remove(id))
    }
    ledger.submit(batch)
    return starts
  }

  private func evaluatorChange(_ touched: Touched) -> EvaluatorChange {
    var change = EvaluatorChange()
    var parts: [Scope: EvaluatorChange.Groups] = [:]
    for id in touched.removed where id.kind == .ruleGroup {
      parts[id.scope, default: .init(id.scope)].remove.append(id)
    }
    change.removeSources = touched.removed.filter { $0.kind == .dataSource }.sorted()
    var groups = touched.set.filter { $0.key.kind == .ruleGroup }
    for scope in touched.settings { groups.merge(groupsBelow(scope)) { changed, _ in changed } }
    var contexts: [Scope: RuleContext] = [:]
    for resource in groups.values.sorted(by: { $0.id < $1.id }) {
      let scope = resource.id.scope
      let context =
        contexts[scope] ?? RuleContext(scope: scope, settings: settings(of: scope), externalURL: externalURL)
      contexts[scope] = context
      guard let group = GroupDefinition(resource, context: context, provenance: book.ruleProvenance(of: resource))
      else {
        continue
      }
      parts[scope, default: .init(scope)].put.append(group)
    }
    change.groups = parts.values.sorted { $0.scope < $1.scope }
    change.renamedGroups = touched.renamed.filter { $0.key.kind == .ruleGroup }
    return change
  }

  /// The groups that depend on a scope's settings: its own, and those of the scopes below.
  private func groupsBelow(_ scope: Scope) -> [ResourceID: Resource] {
    var groups: [ResourceID: Resource] = [:]
    for (below, resources) in resources where below.lineage.contains(scope) {
      for (id, resource) in resources where id.kind == .ruleGroup { groups[id] = resource }
    }
    return groups
  }

  /// The settings of a scope and those above it, nearest first.
  private func settings(of scope: Scope) -> [ScopeSettings] {
    scope.lineage.compactMap { level in
      switch self[SpecTree.settingsID(of: level)]?.spec {
      case .platform(let settings), .tenant(let settings), .project(let settings): settings
      default: nil
      }
    }
  }
}

/// What some steps come to: each id once.
private struct Touched {
  var set: [ResourceID: Resource] = [:]
  var removed: Set<ResourceID> = []
  /// Channels and rule groups under new names, old to new.
  var renamed: [ResourceID: ResourceID] = [:]
  /// Silences under new names, new to old.
  var silences: [ResourceID: ResourceID] = [:]
  /// Data sources under new names, old to new.
  var sources: [ResourceID: ResourceID] = [:]
  /// Scopes whose `Platform`, `Tenant` or `Project` document changed.
  var settings: Set<Scope> = []

  mutating func set(_ resource: Resource) {
    set[resource.id] = resource
    removed.remove(resource.id)
    noteSettings(resource.id)
  }

  mutating func gone(_ id: ResourceID) {
    set[id] = nil
    removed.insert(id)
    noteSettings(id)
  }

  mutating func move(_ old: ResourceID, to new: ResourceID) {
    switch new.kind {
    case .channel, .ruleGroup: renamed[old] = new
    case .silence: silences[new] = old
    case .dataSource: sources[old] = new
    case .platform, .tenant, .project, .route, .timeInterval, .inhibitRule, .template, .roleBinding, .approval: break
    }
  }

  private mutating func noteSettings(_ id: ResourceID) {
    if [.platform, .tenant, .project].contains(id.kind) { settings.insert(id.scope) }
  }
}

extension Origin {
  /// Whether what stands here stood at another place before.
  fileprivate func isElsewhere(than other: Origin) -> Bool {
    file != other.file || line != other.line || ruleLines != other.ruleLines
  }
}
