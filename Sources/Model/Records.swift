/// One look at the repository that led to an attempt, as the ledger keeps it.
package struct SyncRecord: Hashable, Sendable {
  /// Given by the ledger; 0 before.
  package var id: Int64
  package var trigger: SyncTrigger
  package var revision: Revision
  package var startedAt: Timestamp
  package var finishedAt: Timestamp
  package var status: SyncStatus
  package var created: Int
  package var updated: Int
  package var moved: Int
  package var deleted: Int
  /// Stage names (`fetch`, `parse`, `plan`, `apply`, …) and what they took, in milliseconds.
  package var timings: [Timing]
  /// The plan per scope, as JSON.
  package var plan: String
  /// The diagnostics per held scope, as JSON.
  package var diagnostics: String

  /// A stage of a sync and what it took.
  package struct Timing: Hashable, Sendable {
    package var stage: String
    package var milliseconds: Double

    package init(stage: String, milliseconds: Double) {
      self.stage = stage
      self.milliseconds = milliseconds
    }
  }

  package init(
    id: Int64 = 0, trigger: SyncTrigger, revision: Revision, startedAt: Timestamp, finishedAt: Timestamp,
    status: SyncStatus, created: Int, updated: Int, moved: Int, deleted: Int, timings: [Timing], plan: String,
    diagnostics: String
  ) {
    self.id = id
    self.trigger = trigger
    self.revision = revision
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.status = status
    self.created = created
    self.updated = updated
    self.moved = moved
    self.deleted = deleted
    self.timings = timings
    self.plan = plan
    self.diagnostics = diagnostics
  }
}

/// How one scope stands: kept so that a restart knows each scope's last good revision.
package struct ScopeRecord: Hashable, Sendable {
  package var scope: Scope
  /// The last good revision, which is live; `nil` when nothing was ever applied.
  package var applied: Revision?
  package var appliedAt: Timestamp?
  /// The revision last tried.
  package var attempted: Revision?
  package var status: SyncStatus
  package var reason: HeldReason?
  /// Since when `status` holds.
  package var since: Timestamp

  package init(
    scope: Scope, applied: Revision?, appliedAt: Timestamp?, attempted: Revision?, status: SyncStatus,
    reason: HeldReason?, since: Timestamp
  ) {
    self.scope = scope
    self.applied = applied
    self.appliedAt = appliedAt
    self.attempted = attempted
    self.status = status
    self.reason = reason
    self.since = since
  }
}

/// One applied resource: where it came from and what was applied.
package struct ResourceRecord: Hashable, Sendable {
  package var id: ResourceID
  package var provenance: Provenance
  /// 16 hexadecimal digits over the effective spec.
  package var digest: String
  package var revision: Revision
  package var appliedAt: Timestamp
  /// The last change of each rule of a group, in order; empty where all have the group's.
  package var ruleChanges: [LastChange]
  /// Whether the changes were looked for as far back as they are ever looked for; else they are the file's last commit.
  package var isSettled: Bool

  package init(
    id: ResourceID, provenance: Provenance, digest: String, revision: Revision, appliedAt: Timestamp,
    ruleChanges: [LastChange] = [], isSettled: Bool = false
  ) {
    self.id = id
    self.provenance = provenance
    self.digest = digest
    self.revision = revision
    self.appliedAt = appliedAt
    self.ruleChanges = ruleChanges
    self.isSettled = isSettled
  }
}

/// One change of an alert's state, as history lists it.
package struct TransitionRecord: Hashable, Sendable {
  /// Given by the ledger; 0 before.
  package var id: Int64
  package var transition: AlertTransition

  package init(id: Int64 = 0, transition: AlertTransition) {
    self.id = id
    self.transition = transition
  }
}

/// What was last sent for one group on one channel: Alertmanager's notification log entry.
package struct NotificationLogEntry: Hashable, Sendable {
  /// Identity of an entry.
  package struct Key: Hashable, Sendable {
    /// The dispatcher's owner: the tenant, or platform.
    package var owner: Scope
    /// `<route key>:<group labels>`, as Alertmanager writes it.
    package var groupKey: String
    /// The channel's id.
    package var channel: ResourceID

    package init(owner: Scope, groupKey: String, channel: ResourceID) {
      self.owner = owner
      self.groupKey = groupKey
      self.channel = channel
    }
  }

  package var key: Key
  package var sentAt: Timestamp
  package var expiresAt: Timestamp
  /// Fingerprints of the alerts told as firing, and as resolved; ascending.
  package var firing: [Fingerprint]
  package var resolved: [Fingerprint]
  /// By what the message can be found at its destination, to be changed or answered; `nil` where it can't.
  package var handle: String?

  package init(
    key: Key, sentAt: Timestamp, expiresAt: Timestamp, firing: [Fingerprint], resolved: [Fingerprint],
    handle: String? = nil
  ) {
    self.key = key
    self.sentAt = sentAt
    self.expiresAt = expiresAt
    self.firing = firing
    self.resolved = resolved
    self.handle = handle
  }
}

/// One attempt to deliver one message to one endpoint.
package struct DeliveryRecord: Hashable, Sendable {
  /// How an attempt ended.
  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    case delivered, rejected, throttled, unreachable
    /// `notify: observe`: recorded, and not sent on purpose.
    case observed
    /// A rule's `cooldown` or `max_per_day`, or a scope's limit, kept it from being sent.
    case held
  }

  /// Given by the ledger; 0 before.
  package var id: Int64
  package var owner: Scope
  package var groupKey: String
  package var channel: ResourceID
  /// 1 for the first try.
  package var attempt: Int
  package var startedAt: Timestamp
  package var finishedAt: Timestamp
  package var outcome: Outcome
  /// The other side's words or ours, without secrets.
  package var detail: String
  /// Alertmanager's word for a failure, such as `clientError` or `rateLimited`; empty for the other outcomes.
  package var error: String
  /// Which endpoint of the channel's pool, from 0.
  package var endpoint: Int
  /// What was sent: the bytes of all bodies.
  package var bytes: Int
  /// How many groups were told in the same message, this one included.
  package var merged: Int
  /// When it will be tried again; `nil` when it won't.
  package var nextAttemptAt: Timestamp?
  /// Why it was sent, in Alertmanager's words: `first notification`, `repeat interval elapsed`, …
  package var reason: String
  package var firing: Int
  package var resolved: Int
  /// The fingerprints of the alerts in the message, firing first.
  package var alerts: [Fingerprint]

  package init(
    id: Int64 = 0, owner: Scope, groupKey: String, channel: ResourceID, attempt: Int, startedAt: Timestamp,
    finishedAt: Timestamp, outcome: Outcome, detail: String, error: String = "", endpoint: Int = 0, bytes: Int = 0,
    merged: Int = 1, nextAttemptAt: Timestamp? = nil, reason: String, firing: Int, resolved: Int,
    alerts: [Fingerprint]
  ) {
    self.id = id
    self.owner = owner
    self.groupKey = groupKey
    self.channel = channel
    self.attempt = attempt
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.outcome = outcome
    self.detail = detail
    self.error = error
    self.endpoint = endpoint
    self.bytes = bytes
    self.merged = merged
    self.nextAttemptAt = nextAttemptAt
    self.reason = reason
    self.firing = firing
    self.resolved = resolved
    self.alerts = alerts
  }
}

/// What a rule with `cooldown` or `max_per_day` has used up: kept so that a restart forgets none of it.
package struct RuleQuota: Hashable, Sendable {
  /// The dispatcher's owner: the tenant, or platform.
  package var owner: Scope
  /// The rule group's id, and which of its rules: the name, with the labels behind it where several have that name.
  package var group: ResourceID
  package var rule: String
  /// When its last notification of firing alerts was made.
  package var lastNotifiedAt: Timestamp?
  /// The day of `count` in the rule's zone, as `2026-11-20`; empty before the first.
  package var day: String
  /// How many notifications were made on that day.
  package var count: Int
  /// How many alerts were held back since the last notification.
  package var heldBack: Int

  package init(
    owner: Scope, group: ResourceID, rule: String, lastNotifiedAt: Timestamp? = nil, day: String = "", count: Int = 0,
    heldBack: Int = 0
  ) {
    self.owner = owner
    self.group = group
    self.rule = rule
    self.lastNotifiedAt = lastNotifiedAt
    self.day = day
    self.count = count
    self.heldBack = heldBack
  }

  /// Nothing is used up: it need not be kept.
  package var isEmpty: Bool { lastNotifiedAt == nil && count == 0 && heldBack == 0 }
}
