import Model
import Notifier
import Reconciler
import Specs
import Transport

/// Makes the report of `belfry diff` from a reconciler that knows both sides.
struct DiffMaker {
  let reconciler: Reconciler
  let revision: Revision
  let base: String
  /// The controller's address, for people.
  let address: String?
  /// `nil` where no controller is asked.
  let client: StatusClient?
  let tenant: String?
  let window: BacktestWindow?
  let secretsFolder: String?
  let now: Timestamp

  func report() async throws -> DiffReport {
    var live: LiveAlerting?
    if let client { live = try await LiveAlerting(of: client) }
    let sources = AskedSources(
      secrets: SecretStore(folder: secretsFolder), transport: try CurlTransport(version: belfryVersion))
    return await report(live, sources)
  }

  /// The report with what a controller has live; `nil` where none was asked.
  func report(_ known: LiveAlerting?, _ sources: AskedSources) async -> DiffReport {
    let whole = reconciler.plan(for: revision, at: now)
    let sides = PlanSides(whole, of: reconciler)
    let live = known ?? LiveAlerting()
    var findings: ConsequenceFinder.Findings?
    if known != nil || window != nil {
      findings = await ConsequenceFinder(
        sides: sides, live: live, sources: sources, zones: Zones { ZoneFiles.shared.rules($0) }, now: now,
        tenant: tenant, window: window
      ).find()
    }
    let plan = whole.restricted(to: tenant)
    return DiffReport(
      ends: .init(base: base, head: revision.description, live: address), plan: plan, digest: PlanDigest(plan),
      observedAt: now, findings: findings, window: window, guarded: guarded(plan, live), owners: owners(plan, sides),
      tenant: tenant)
  }

  /// What guards stop: the same plan without their limits.
  private func guarded(_ plan: Plan, _ live: LiveAlerting) -> [Scope: DiffReport.GuardedLoss] {
    let stopped = plan.scopes.filter { $0.decision == .hold(.guardTripped) }.map(\.scope)
    guard !stopped.isEmpty else { return [:] }
    var free = reconciler
    free.limits = DeletionLimits(count: .max, share: 2, minimum: .max)
    let other = Dictionary(
      free.plan(for: revision, at: now).scopes.map { ($0.scope, $0) }, uniquingKeysWith: { first, _ in first })
    var losses: [Scope: DiffReport.GuardedLoss] = [:]
    for scope in stopped {
      // An empty tree is stopped by no limit: then all that the scope has would go.
      let everything = reconciler.live.resources(in: scope).values.sorted { $0.id > $1.id }.map(Step.delete)
      let steps = other[scope].flatMap { $0.decision == .apply ? $0.steps.filter(\.losesSomething) : nil } ?? everything
      let groups = Set(steps.compactMap { $0.isDelete ? $0.id : nil })
      let alerts = live.alerts.filter { groups.contains($0.rule.group) || $0.isLost(by: steps) }
      losses[scope] = .init(
        steps: steps, firing: alerts.count { $0.state == .firing }, pending: alerts.count { $0.state == .pending })
    }
    return losses
  }

  /// Whom the scopes belong to: what the owner of a scope's own document says, else that of the scope above.
  private func owners(_ plan: Plan, _ sides: PlanSides) -> [Scope: String] {
    var owners: [Scope: String] = [:]
    for scope in Set(sides.before.scopes.keys).union(sides.after.scopes.keys).union(plan.scopes.map(\.scope)) {
      for level in scope.lineage where owners[scope] == nil {
        let id = SpecTree.settingsID(of: level)
        owners[scope] = sides.after[id]?.owner ?? sides.before[id]?.owner
      }
    }
    return owners
  }
}

extension Step {
  /// Whether it takes a resource away, or rules of one.
  fileprivate var losesSomething: Bool {
    isDelete || (before?.guardedCount ?? 0) > (after?.guardedCount ?? 0)
  }
}

extension Alert {
  /// Whether its rule is one that an update leaves out.
  fileprivate func isLost(by steps: [Step]) -> Bool {
    steps.contains { step in
      guard step.before?.id == rule.group, case .ruleGroup(let group)? = step.after?.spec else { return false }
      return !group.rules.contains { $0.name == rule.rule }
    }
  }
}

extension Plan {
  /// Only the scopes of one tenant; `nil` keeps all.
  func restricted(to tenant: String?) -> Plan {
    guard let tenant else { return self }
    return Plan(revision: revision, scopes: scopes.filter { $0.scope.tenant == tenant })
  }
}
