import Evaluator
import Git
import Ledger
import Model
import Notifier
import StatusAPI

/// What happened since somebody looked last.
extension StatusBoard {
  /// How long before its end a silence is shown as ending soon.
  private static let soon: Duration = .seconds(86_400)

  func changes(_ filter: ChangesFilter, for reader: Visibility) async throws(SourceUnavailable) -> ChangesView {
    let now = clock.now
    let since = min(filter.since.instant(at: now), now)
    let until = now + .milliseconds(1)
    let figures = try await self.figures(filter.scope, since: since, until: until, bucket: .seconds(86_400), reader)
    var changes = ChangesView(since: since, until: now, isTruncated: figures.isTruncated)
    changes.fired = try await list(.firing, filter, since, reader)
    changes.fired.count = figures.totals.firings
    changes.fired.severities = figures.severities.counts(\.firings)
    changes.resolved = try await list(.resolved, filter, since, reader)
    changes.resolved.count = figures.totals.resolved
    changes.resolved.severities = figures.severities.counts(\.resolved)
    changes.stillFiring = await stillFiring(filter, reader)
    changes.channels = figures.channels(for: reader)
    changes.syncs = try await syncs(since: since, reader)
    changes.specs = try await specs(filter, since, reader)
    await addSilences(to: &changes, filter, reader)
    changes.health = try await health(filter, since, reader)
    return changes
  }

  private func list(
    _ state: AlertState, _ filter: ChangesFilter, _ since: Timestamp, _ reader: Visibility
  ) async throws(SourceUnavailable) -> ChangesView.AlertChanges<TransitionRecord> {
    let wanted = TransitionFilter(tenants: reader.tenants, scope: filter.scope, state: state, since: since)
    let records = try await read { ledger throws(LedgerError) in
      try await ledger.transitions(wanted, LedgerPage(limit: 2 * ChangesView.shown))
    }
    // What the figures don't count: an alert under other labels, and a pending one that went away.
    let shown = records.filter { $0.transition.reason != .relabelled && $0.transition.alert.firedAt != nil }
    return ChangesView.AlertChanges(items: Array(shown.prefix(ChangesView.shown)))
  }

  private func stillFiring(
    _ filter: ChangesFilter, _ reader: Visibility
  ) async -> ChangesView.AlertChanges<AlertView> {
    let view = await view(for: reader)
    let firing = view.alerts.filter { $0.state == .firing && $0.scope.isWithin(filter.scope) }
    var severities: [String: Int] = [:]
    for alert in firing { severities[alert.labels["severity"], default: 0] += 1 }
    let shown = firing.sorted(by: Self.newestFirst).prefix(ChangesView.shown).map(view.entry)
    return ChangesView.AlertChanges(
      count: firing.count,
      severities: severities.map { SeverityCount(severity: $0.key, count: $0.value) }.sorted(
        by: SeverityCount.mostFirst),
      items: shown)
  }

  private static func newestFirst(_ left: Alert, _ right: Alert) -> Bool {
    let (first, second) = (left.firedAt ?? left.activeAt, right.firedAt ?? right.activeAt)
    return first != second ? first > second : StatusAlertKey(left) < StatusAlertKey(right)
  }

  private func syncs(
    since: Timestamp, _ reader: Visibility
  ) async throws(SourceUnavailable) -> ChangesView.Counted<SyncView> {
    let records = try await read { ledger throws(LedgerError) in
      try await ledger.syncs(SyncFilter(since: since), LedgerPage(limit: ChangesView.shown))
    }
    let count = try await read { ledger throws(LedgerError) in try await ledger.syncCount(since: since) }
    return ChangesView.Counted(
      count: count,
      items: records.map { record in
        guard reader == .all else { return SyncView(record: record.redacted) }
        return SyncView(record: record, commit: try? mirror.repository.commit(record.revision.commit))
      })
  }

  private func specs(
    _ filter: ChangesFilter, _ since: Timestamp, _ reader: Visibility
  ) async throws(SourceUnavailable) -> ChangesView.Counted<AuditRecord> {
    let wanted = LedgerAuditFilter(tenants: reader.tenants, scope: filter.scope, action: "resource", since: since)
    let records = try await read { ledger throws(LedgerError) in
      try await ledger.audit(wanted, LedgerPage(limit: ChangesView.shown))
    }
    let count = try await read { ledger throws(LedgerError) in try await ledger.auditCount(wanted) }
    return ChangesView.Counted(count: count, items: records)
  }

  private func addSilences(
    to changes: inout ChangesView, _ filter: ChangesFilter, _ reader: Visibility
  ) async {
    let (since, now) = (changes.since, changes.until)
    for snapshot in await notifier.silences() {
      let silence = snapshot.silence
      guard reader.allows(silence.id.scope), silence.id.scope.isWithin(filter.scope) else { continue }
      let hasBegun = silence.startsAt >= since && silence.startsAt <= now
      let hasEnded = silence.endsAt >= since && silence.endsAt < now
      let endsSoon = snapshot.state != .expired && silence.endsAt >= now && silence.endsAt <= now + Self.soon
      guard hasBegun || hasEnded || endsSoon else { continue }
      let view = await silenceView(snapshot)
      if hasBegun { changes.silencesBegun.append(view) }
      if hasEnded { changes.silencesEnded.append(view) }
      if endsSoon, silence.startsAt <= now { changes.silencesEndingSoon.append(view) }
    }
    changes.silencesEndingSoon.sort { $0.endsAt < $1.endsAt }
    changes.silencesBegun = Array(changes.silencesBegun.prefix(ChangesView.shown))
    changes.silencesEnded = Array(changes.silencesEnded.prefix(ChangesView.shown))
    changes.silencesEndingSoon = Array(changes.silencesEndingSoon.prefix(ChangesView.shown))
  }

  /// What the built-in alerts told.
  private func health(
    _ filter: ChangesFilter, _ since: Timestamp, _ reader: Visibility
  ) async throws(SourceUnavailable) -> [HealthChange] {
    var changes: [HealthChange] = []
    for name in BuiltInAlert.all.map(\.name) {
      let wanted = TransitionFilter(tenants: reader.tenants, scope: filter.scope, rule: name, since: since)
      let records = try await read { ledger throws(LedgerError) in
        try await ledger.transitions(wanted, LedgerPage(limit: 2 * ChangesView.shown))
      }
      changes += records.map(\.transition).filter { $0.alert.rule.group == SelfMonitor.group }.compactMap(
        HealthChange.init)
    }
    return Array(changes.sorted { $0.at > $1.at }.prefix(ChangesView.shown))
  }
}

extension HealthChange {
  /// `nil` for a trouble that did not last, and an alert that only goes on under other labels.
  fileprivate init?(_ transition: AlertTransition) {
    let alert = transition.alert
    guard transition.reason != .relabelled, alert.firedAt != nil, alert.state != .pending else { return nil }
    let name = ["data_source", "channel", "group"].lazy.map { alert.labels[$0] }.first { !$0.isEmpty } ?? ""
    let message = alert.annotations.first { $0.name == "description" || $0.name == "summary" }?.value ?? ""
    self.init(
      at: transition.at, scope: alert.scope, alert: alert.rule.rule, name: name,
      isRecovery: alert.state == .resolved, message: message)
  }
}

extension [Figures.Severity] {
  fileprivate func counts(_ count: (Figures.Severity) -> Int) -> [SeverityCount] {
    filter { count($0) > 0 }.map { SeverityCount(severity: $0.severity, count: count($0)) }
      .sorted(by: SeverityCount.mostFirst)
  }
}

extension SeverityCount {
  fileprivate static func mostFirst(_ left: Self, _ right: Self) -> Bool {
    left.count != right.count ? left.count > right.count : left.severity.precedesInBytes(right.severity)
  }
}
