package import Model

/// A record of what is true now, kept under a key: the newest put or removal counts.
package protocol LedgerRecord: Hashable, Sendable {
  associatedtype LedgerKey: Hashable & Sendable
  /// What the ledger keeps one record of.
  var ledgerKey: LedgerKey { get }
}

/// What becomes of one record.
package enum LedgerChange<Record: LedgerRecord>: Hashable, Sendable {
  /// The record is new, or replaces the one with its key.
  case put(Record)
  /// There is no record with this key any more; none need have been there.
  case remove(Record.LedgerKey)

  /// The key of the record changed.
  package var key: Record.LedgerKey {
    switch self {
    case .put(let record): record.ledgerKey
    case .remove(let key): key
    }
  }
}

/// What is written together: all of it in one transaction, or nothing.
///
/// The order within each list is the order of writing. Ids and hashes inside history records are given by the ledger,
/// whatever stands there.
package struct LedgerBatch: Hashable, Sendable {
  /// Pending, firing, and those resolved ones that are still to be told to somebody.
  package var alerts: [LedgerChange<Alert>] = []
  package var notificationLog: [LedgerChange<NotificationLogEntry>] = []
  package var scopes: [LedgerChange<ScopeRecord>] = []
  package var resources: [LedgerChange<ResourceRecord>] = []
  package var silenceStarts: [LedgerChange<SilenceStart>] = []
  package var ruleQuotas: [LedgerChange<RuleQuota>] = []
  package var scopeAliases: [LedgerChange<ScopeAlias>] = []
  package var transitions: [AlertTransition] = []
  package var deliveries: [DeliveryRecord] = []
  package var syncs: [SyncRecord] = []
  /// What was found out of syncs after their rows were submitted.
  package var syncTimings: [SyncTimingsChange] = []
  package var audit: [AuditRecord] = []
  /// The heartbeat: the controller was alive at this instant.
  package var aliveAt: Timestamp?

  package init() {}

  /// Whether there is nothing to write.
  package var isEmpty: Bool { stateCount == 0 && historyCount == 0 && aliveAt == nil }

  /// Changes of what is true now.
  package var stateCount: Int {
    alerts.count + notificationLog.count + scopes.count + resources.count + silenceStarts.count + ruleQuotas.count
      + scopeAliases.count
  }

  /// Rows of what happened.
  package var historyCount: Int { transitions.count + deliveries.count + syncs.count + syncTimings.count + audit.count }

  /// This batch, then `later`, as one.
  package mutating func append(_ later: LedgerBatch) {
    alerts += later.alerts
    notificationLog += later.notificationLog
    scopes += later.scopes
    resources += later.resources
    silenceStarts += later.silenceStarts
    ruleQuotas += later.ruleQuotas
    scopeAliases += later.scopeAliases
    transitions += later.transitions
    deliveries += later.deliveries
    syncs += later.syncs
    syncTimings += later.syncTimings
    audit += later.audit
    aliveAt = [aliveAt, later.aliveAt].compactMap(\.self).max()
  }
}

/// The identity of an alert in the ledger: one label set of one rule.
package struct AlertKey: Hashable, Sendable {
  package var scope: Scope
  package var fingerprint: Fingerprint
  /// The rule group.
  package var group: ResourceID
  /// The rule's `alert` name.
  package var rule: String

  package init(scope: Scope, fingerprint: Fingerprint, group: ResourceID, rule: String) {
    self.scope = scope
    self.fingerprint = fingerprint
    self.group = group
    self.rule = rule
  }
}

/// When a silence without `starts_at` was first applied: its start, which a restart must not move.
package struct SilenceStart: LedgerRecord {
  package var silence: ResourceID
  package var startedAt: Timestamp

  package init(silence: ResourceID, startedAt: Timestamp) {
    self.silence = silence
    self.startedAt = startedAt
  }

  package var ledgerKey: ResourceID { silence }
}

extension RuleQuota: LedgerRecord {
  /// Which rule of which dispatcher.
  package struct Key: Hashable, Sendable {
    package var owner: Scope
    package var group: ResourceID
    package var rule: String
  }

  package var ledgerKey: Key { Key(owner: owner, group: group, rule: rule) }
}

extension Alert: LedgerRecord {
  /// Scope, labels, group and rule.
  package var ledgerKey: AlertKey {
    AlertKey(scope: scope, fingerprint: fingerprint, group: rule.group, rule: rule.rule)
  }
}

extension NotificationLogEntry: LedgerRecord {
  /// Owner, group and channel.
  package var ledgerKey: Key { key }
}

extension ScopeRecord: LedgerRecord {
  /// The scope.
  package var ledgerKey: Scope { scope }
}

extension ResourceRecord: LedgerRecord {
  /// The resource's id.
  package var ledgerKey: ResourceID { id }
}
