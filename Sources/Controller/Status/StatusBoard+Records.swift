import Diagnostics
import Evaluator
import Git
import Ledger
import Model
import Notifier
import Reconciler
import Specs
import StatusAPI

extension StatusBoard {
  func explain(
    _ fingerprint: Fingerprint, within scope: Scope?, for reader: Visibility
  ) async throws(SourceUnavailable) -> [StatusAlertExplanation] {
    let view = await view(for: reader)
    var explanations: [StatusAlertExplanation] = []
    for alert in view.entries.with(fingerprint).map(\.view.alert) where alert.scope.isWithin(scope) {
      explanations.append(try await explanation(of: alert, in: view))
    }
    return explanations
  }

  private func explanation(of alert: Alert, in view: View) async throws(SourceUnavailable) -> StatusAlertExplanation {
    let preview = await notifier.preview(alert.labels, in: alert.scope)
    let explained = await notifier.explain(alert.fingerprint).first { $0.alert.scope == alert.scope }
    let groups = (explained?.places ?? []).flatMap { place in
      place.channels.map { standing in
        NotificationGroupView(
          key: place.group, channel: standing.channel, labels: .empty, size: 0, lastSentAt: standing.lastSentAt,
          nextFlushAt: place.nextFlush)
      }
    }
    var silences: [SilenceView] = []
    for snapshot in view.silences where snapshot.silence.matchers.accept(alert.labels) {
      guard alert.scope.lineage.contains(snapshot.silence.id.scope) else { continue }
      silences.append(await silenceView(snapshot))
    }
    let inhibitions = Set((explained?.places ?? []).compactMap(\.muting.inhibitedBy)).map {
      InhibitionView(rule: $0.rule, source: $0.source)
    }
    let history = try await history(
      HistoryFilter(fingerprint: alert.fingerprint), PageRequest(limit: 20), for: view.reader)
    let deliveries = try await deliveries(
      StatusDeliveryFilter(fingerprint: alert.fingerprint), PageRequest(limit: 20), for: view.reader)
    return StatusAlertExplanation(
      alert: view.entry(alert), rule: await rule(of: alert, in: view),
      route: preview.steps.map { step in
        RouteStepView(
          owner: step.route.scope, depth: step.path.count, matchers: step.matchers, isMatch: true,
          channels: step.channels)
      },
      groups: groups, silences: silences, inhibitions: inhibitions, transitions: history.elements,
      deliveries: deliveries.elements)
  }

  private func rule(of alert: Alert, in view: View) async -> RuleView? {
    await resource(alert.rule.group, for: view.reader)?.rules.first { $0.name == alert.rule.rule }
  }

  // MARK: Revisions and syncs

  func syncs(
    _ page: PageRequest<Int64>, for reader: Visibility
  ) async throws(SourceUnavailable) -> StatusPage<SyncView> {
    let records = try await read { ledger throws(LedgerError) in try await ledger.syncs(.init(), page.ledger) }
    return page.page(records.map { SyncView(record: reader == .all ? $0 : $0.redacted) })
  }

  func sync(_ id: Int64, for reader: Visibility) async throws(SourceUnavailable) -> SyncView? {
    let record = try await read { ledger throws(LedgerError) in try await ledger.sync(id: id) }
    return record.map { SyncView(record: reader == .all ? $0 : $0.redacted) }
  }

  // MARK: History

  func history(
    _ filter: HistoryFilter, _ page: PageRequest<Int64>, for reader: Visibility
  ) async throws(SourceUnavailable) -> StatusPage<TransitionRecord> {
    let wanted = TransitionFilter(
      tenants: reader.tenants, scope: filter.scope, fingerprint: filter.fingerprint, since: filter.time.since,
      until: filter.time.until)
    let records = try await read { ledger throws(LedgerError) in try await ledger.transitions(wanted, page.ledger) }
    let full = records.count > page.limit
    let shown = records.prefix(page.limit).filter { record in
      (filter.rule.map { $0 == record.transition.alert.rule.rule } ?? true)
        && (filter.state.map { $0 == record.transition.alert.state } ?? true)
    }
    return StatusPage(Array(shown), hasMore: full)
  }

  func deliveries(
    _ filter: StatusDeliveryFilter, _ page: PageRequest<Int64>, for reader: Visibility
  ) async throws(SourceUnavailable) -> StatusPage<DeliveryRecord> {
    let wanted = LedgerDeliveryFilter(
      tenants: reader.tenants, scope: filter.tenant.map { .tenant($0) }, alert: filter.fingerprint,
      outcome: filter.outcome, since: filter.time.since, until: filter.time.until)
    let records = try await read { ledger throws(LedgerError) in try await ledger.deliveries(wanted, page.ledger) }
    let full = records.count > page.limit
    let shown = records.prefix(page.limit).filter { record in filter.channel.map { $0 == record.channel.name } ?? true }
    return StatusPage(Array(shown), hasMore: full)
  }

  func audit(
    _ filter: StatusAuditFilter, _ page: PageRequest<Int64>, for reader: Visibility
  ) async throws(SourceUnavailable) -> StatusPage<AuditRecord> {
    let wanted = LedgerAuditFilter(
      tenants: reader.tenants, scope: filter.scope, actor: filter.actor, action: filter.action, commit: filter.commit,
      path: filter.path, kind: filter.kind, name: filter.name, since: filter.time.since, until: filter.time.until)
    let records = try await read { ledger throws(LedgerError) in try await ledger.audit(wanted, page.ledger) }
    return page.page(records)
  }

  private func read<Value: Sendable>(
    _ body: (Ledger) async throws(LedgerError) -> Value
  ) async throws(SourceUnavailable) -> Value {
    do throws(LedgerError) {
      return try await body(ledger)
    } catch {
      throw SourceUnavailable(error.description)
    }
  }
}

extension Visibility {
  /// The tenants whose rows may be read; `nil` for all.
  fileprivate var tenants: Set<String>? {
    switch self {
    case .all: nil
    case .tenants(let tenants): tenants
    }
  }
}

extension PageRequest<Int64> {
  /// One row more than asked for tells whether there is more.
  fileprivate var ledger: LedgerPage { LedgerPage(before: after, limit: limit + 1) }

  fileprivate func page<Element: Sendable>(_ records: [Element]) -> StatusPage<Element> {
    StatusPage(Array(records.prefix(limit)), hasMore: records.count > limit)
  }
}

extension SyncRecord {
  /// Without plan, diagnostics and counts: they may tell of other tenants.
  var redacted: SyncRecord {
    var record = self
    record.plan = "null"
    record.diagnostics = "null"
    record.created = 0
    record.updated = 0
    record.moved = 0
    record.deleted = 0
    return record
  }
}
