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
      tenants: reader.tenants, scope: filter.scope, fingerprint: filter.fingerprint, rule: filter.rule,
      state: filter.state, severity: filter.severity, matchers: filter.matchers, since: filter.time.since,
      until: filter.time.until)
    let found = try await read { ledger throws(LedgerError) in
      try await ledger.examinedTransitions(wanted, LedgerPage(before: page.after, limit: page.limit))
    }
    return StatusPage(found.records, hasMore: found.next != nil, lastExamined: found.next)
  }

  func deliveries(
    _ filter: StatusDeliveryFilter, _ page: PageRequest<Int64>, for reader: Visibility
  ) async throws(SourceUnavailable) -> StatusPage<DeliveryRecord> {
    let wanted = LedgerDeliveryFilter(
      tenants: reader.tenants, scope: filter.tenant.map { .tenant($0) }, channelName: filter.channel,
      groupKey: filter.group, alert: filter.fingerprint, rule: filter.rule, severity: filter.severity,
      outcome: filter.outcome, since: filter.time.since, until: filter.time.until)
    let records = try await read { ledger throws(LedgerError) in try await ledger.deliveries(wanted, page.ledger) }
    return page.page(records)
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

  func read<Value: Sendable>(
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
  var tenants: Set<String>? {
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
