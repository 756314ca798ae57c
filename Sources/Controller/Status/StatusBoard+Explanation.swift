import Diagnostics
import Evaluator
import Ledger
import Model
import Notifier
import Specs
import StatusAPI

/// One alert explained.
extension StatusBoard {
  /// How many transitions and deliveries an explanation lists.
  private static let shownRecords = 20
  /// How many transitions are looked through for alerts that resolved.
  private static let searchedRecords = 100

  func explain(
    _ fingerprint: Fingerprint, within scope: Scope?, for reader: Visibility
  ) async throws(SourceUnavailable) -> [StatusAlertExplanation] {
    let view = await view(for: reader)
    var explanations: [StatusAlertExplanation] = []
    let live = view.entries.with(fingerprint).map(\.view.alert).filter { $0.scope.isWithin(scope) }
    for alert in live { explanations.append(try await explanation(of: alert, in: view)) }
    let known = Set(live.map(\.scope))
    for alert in try await resolved(fingerprint, within: scope, reader) where !known.contains(alert.scope) {
      explanations.append(try await explanation(of: alert, in: view))
    }
    return explanations
  }

  /// The last state of alerts that are over, one for each scope, as long as the history has it.
  private func resolved(
    _ fingerprint: Fingerprint, within scope: Scope?, _ reader: Visibility
  ) async throws(SourceUnavailable) -> [Alert] {
    let found = try await history(
      HistoryFilter(scope: scope, fingerprint: fingerprint), PageRequest(limit: Self.searchedRecords), for: reader)
    var seen: Set<Scope> = []
    return found.elements.map(\.transition.alert).filter { alert in
      reader.allows(alert.scope) && seen.insert(alert.scope).inserted && alert.state == .resolved
    }
  }

  private func explanation(of alert: Alert, in view: View) async throws(SourceUnavailable) -> StatusAlertExplanation {
    let trace = await notifier.trace(alert.labels, in: alert.scope)
    let explained = await notifier.explain(alert.fingerprint).first { $0.alert.scope == alert.scope }
    let places = explained?.places ?? []
    let rule = await rule(of: alert, in: view)
    var explanation = StatusAlertExplanation(alert: await shown(alert, in: view), rule: rule)
    explanation.threshold = rule.flatMap { ThresholdView($0.query) }
    explanation.route = await steps(trace, of: alert, view.reader)
    explanation.routesLeftOut = view.reader == .all ? trace.leftOut : 0
    explanation.groups = places.flatMap { $0.views(for: view.reader) }
    explanation.silences = await silences(of: alert, in: view)
    explanation.inhibitions = inhibitions(places, in: view)
    explanation.transitions = try await transitions(of: alert, view.reader)
    explanation.deliveries = try await deliveries(of: alert, view.reader)
    var next = NextSteps(now: view.at, alert: alert, rule: rule.map { .init($0, of: view.groups[alert.rule.group]) })
    next.groups = places.map { NextSteps.Group($0, for: view.reader) }
    next.silences = explanation.silences
    next.inhibitions = explanation.inhibitions
    next.deliveries = explanation.deliveries
    next.isRouted = !places.isEmpty || trace.steps.contains { $0.outcome == .taken && !$0.node.channels.isEmpty }
    explanation.next = next.steps
    return explanation
  }

  private func shown(_ alert: Alert, in view: View) async -> AlertView {
    guard alert.state == .resolved else { return view.entry(alert) }
    return AlertView(alert: alert, channels: await notifier.preview(alert.labels, in: alert.scope).channels)
  }

  private func rule(of alert: Alert, in view: View) async -> RuleView? {
    await resource(alert.rule.group, for: view.reader)?.rules.first { $0.name == alert.rule.rule }
  }

  /// Of a tree that isn't the reader's, where the alert is told and no more: its other routes may name other tenants.
  private func steps(_ trace: RouteTrace, of alert: Alert, _ reader: Visibility) async -> [RouteStepView] {
    var places: [ResourceID: Provenance] = [:]
    for id in Set(trace.steps.map(\.route)) {
      guard let resource = await engine[id] else { continue }
      let change = await engine.provenance(of: id)?.own
      places[id] = Provenance(file: resource.origin.file, line: resource.origin.line, change: change)
    }
    return trace.steps.compactMap { step in
      if reader.allows(step.route.scope) { return RouteStepView(step, of: alert, at: places[step.route]) }
      guard step.outcome == .taken else { return nil }
      return RouteStepView(
        owner: step.route.scope, matchers: [], outcome: .taken,
        channels: step.node.channels.filter { reader.allows($0.scope) },
        settings: RouteStepView.Settings(step.node))
    }
  }

  /// Those that match and that the reader may see.
  private func silences(of alert: Alert, in view: View) async -> [SilenceView] {
    var silences: [SilenceView] = []
    for snapshot in view.silences where snapshot.silence.matchers.accept(alert.labels) {
      let scope = snapshot.silence.id.scope
      guard alert.scope.lineage.contains(scope), view.reader.allows(scope) else { continue }
      silences.append(await silenceView(snapshot))
    }
    return silences
  }

  /// An inhibiting alert is named to whoever sees it.
  private func inhibitions(_ places: [Notifier.AlertExplanation.Place], in view: View) -> [InhibitionView] {
    let inhibitions = Set(places.compactMap(\.muting.inhibitedBy)).filter { view.reader.allows($0.rule.scope) }
    guard !inhibitions.isEmpty else { return [] }
    return inhibitions.map { inhibition in
      let isSeen = !view.entries.with(inhibition.source).isEmpty
      return InhibitionView(rule: inhibition.rule, source: isSeen ? inhibition.source : nil)
    }
    .sorted { $0.rule < $1.rule }
  }

  private func transitions(
    of alert: Alert, _ reader: Visibility
  ) async throws(SourceUnavailable) -> [TransitionRecord] {
    let filter = HistoryFilter(scope: alert.scope == .platform ? nil : alert.scope, fingerprint: alert.fingerprint)
    let page = try await history(filter, PageRequest(limit: Self.shownRecords), for: reader)
    return page.elements.filter { $0.transition.alert.scope == alert.scope }
  }

  private func deliveries(of alert: Alert, _ reader: Visibility) async throws(SourceUnavailable) -> [DeliveryRecord] {
    let filter = StatusDeliveryFilter(tenant: alert.scope.tenant, fingerprint: alert.fingerprint)
    return try await deliveries(filter, PageRequest(limit: Self.shownRecords), for: reader).elements
  }
}

extension Notifier.AlertExplanation.Place {
  fileprivate func views(for reader: Visibility) -> [NotificationGroupView] {
    let size = members.reduce(0) { reader.allows($1.key) ? $0 + $1.value : $0 }
    return channels.map { standing in
      NotificationGroupView(
        key: group, channel: standing.channel, labels: labels, size: size, lastSentAt: standing.lastSentAt,
        nextFlushAt: nextFlush, wasTold: standing.wasToldFiring, isUnderWay: standing.isUnderWay,
        isMuted: muting.isMuted, mutedBy: muting.timeIntervals.filter { reader.allows($0.scope) },
        hold: hold.map { .init($0) })
    }
  }
}

extension NotificationGroupView.Hold {
  fileprivate init(_ hold: Notifier.Hold) {
    let reason =
      switch hold.reason {
      case .cooldown: "cooldown"
      case .dailyLimit: "max_per_day"
      case .hourlyLimit: "notifications_per_hour"
      }
    self.init(reason: reason, until: hold.until)
  }
}

extension NextSteps.Group {
  fileprivate init(_ place: Notifier.AlertExplanation.Place, for reader: Visibility) {
    self.init(
      nextFlush: place.nextFlush, groupInterval: place.groupInterval, repeatInterval: place.repeatInterval,
      isMuted: place.muting.isMuted, mutedBy: place.muting.timeIntervals.filter { reader.allows($0.scope) },
      hold: place.hold.map { .init($0) },
      channels: place.channels.map {
        .init(id: $0.channel, lastSentAt: $0.lastSentAt, wasTold: $0.wasToldFiring, isUnderWay: $0.isUnderWay)
      })
  }
}

extension NextSteps.Rule {
  fileprivate init(_ rule: RuleView, of group: RuleGroupState?) {
    self.init(
      hold: rule.hold, keepFiringFor: rule.keepFiringFor, interval: group?.definition.interval ?? .zero,
      lastEvaluationAt: rule.lastEvaluationAt)
  }
}

extension RouteStepView {
  fileprivate init(_ step: RouteTrace.Step, of alert: Alert, at place: Provenance?) {
    let node = step.node
    var outcome = Outcome.taken
    var refusedBy: Matcher?
    switch step.outcome {
    case .taken: break
    case .passed: outcome = .passed
    case .refused(let matcher): (outcome, refusedBy) = (.refused, matcher)
    case .notReached: outcome = .notReached
    }
    self.init(
      owner: step.route.scope, route: step.route, path: node.path, matchers: node.matchers, outcome: outcome,
      refusedBy: refusedBy, refusedValue: refusedBy.map { alert.labels[$0.name] } ?? "", continues: node.continues,
      channels: outcome == .taken ? node.channels : [], settings: outcome == .taken ? Settings(node) : nil,
      provenance: place)
  }
}

extension RouteStepView.Settings {
  fileprivate init(_ node: RouteTree.Node) {
    let names: [String]
    switch node.groupBy {
    case .all: names = ["..."]
    case .labels(let labels): names = labels
    }
    self.init(
      groupBy: .init(names, depth: node.depths.groupBy), groupWait: .init(node.groupWait, depth: node.depths.groupWait),
      groupInterval: .init(node.groupInterval, depth: node.depths.groupInterval),
      repeatInterval: .init(node.repeatInterval, depth: node.depths.repeatInterval))
  }
}
