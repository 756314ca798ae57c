package import JSON
package import Model

/// A sync under way, or the last one that ended.
package struct OperationView: Hashable, Sendable {
  /// How far a sync has come. One that ended is `succeeded` though it left scopes held: those say so themselves.
  package enum Phase: String, Hashable, Sendable {
    case running = "Running"
    case succeeded = "Succeeded"
    case failed = "Failed"
  }

  /// The sync's number, as `/api/v1/syncs/{id}` takes it.
  package var id: Int64
  package var phase: Phase
  package var trigger: SyncTrigger
  package var startedAt: Timestamp
  package var finishedAt: Timestamp?
  package var created: Int
  package var updated: Int
  package var moved: Int
  package var deleted: Int
  package var timings: [SyncRecord.Timing]
  /// Over what the plan did.
  package var planDigest: String?
  /// Whether it is the plan that commits name as reviewed; `nil` where none names one.
  package var planMatch: Bool?

  package init(
    id: Int64, phase: Phase, trigger: SyncTrigger, startedAt: Timestamp, finishedAt: Timestamp? = nil,
    created: Int = 0, updated: Int = 0, moved: Int = 0, deleted: Int = 0, timings: [SyncRecord.Timing] = [],
    planDigest: String? = nil, planMatch: Bool? = nil
  ) {
    self.id = id
    self.phase = phase
    self.trigger = trigger
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.created = created
    self.updated = updated
    self.moved = moved
    self.deleted = deleted
    self.timings = timings
    self.planDigest = planDigest
    self.planMatch = planMatch
  }
}

extension OperationView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("id", id)
      $0.member("phase", phase.rawValue)
      $0.member("trigger", trigger.rawValue)
      $0.member("startedAt", startedAt.description)
      $0.optional("finishedAt", finishedAt)
      $0.changes(created: created, updated: updated, moved: moved, deleted: deleted)
      $0.optional("planDigest", planDigest)
      $0.optional("planMatch", planMatch)
    }
  }
}

extension JSONWriter {
  mutating func changes(created: Int, updated: Int, moved: Int, deleted: Int) {
    object("changes") {
      $0.member("create", created)
      $0.member("update", updated)
      $0.member("move", moved)
      $0.member("delete", deleted)
    }
  }

  mutating func timings(_ name: String, _ timings: [SyncRecord.Timing]) {
    object(name) { writer in
      for timing in timings { writer.member(timing.stage, timing.milliseconds) }
    }
  }
}

/// Whether what is live equals what was applied, and what is live without standing in git.
package struct DriftView: Hashable, Sendable {
  /// What comparing the applied digest with the live one gave.
  package enum Status: String, Hashable, Sendable {
    case none = "None"
    case drifted = "Drifted"
    case unknown = "Unknown"
  }

  /// Something in force that no commit holds, such as an emergency silence.
  package struct RuntimeOnly: Hashable, Sendable {
    package var kind: Kind
    package var name: String
    package var scope: Scope
    package var createdBy: String
    package var expiresAt: Timestamp

    package init(kind: Kind, name: String, scope: Scope, createdBy: String, expiresAt: Timestamp) {
      self.kind = kind
      self.name = name
      self.scope = scope
      self.createdBy = createdBy
      self.expiresAt = expiresAt
    }
  }

  package var status: Status
  package var runtimeOnly: [RuntimeOnly]

  package init(status: Status, runtimeOnly: [RuntimeOnly] = []) {
    self.status = status
    self.runtimeOnly = runtimeOnly
  }
}

extension DriftView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("status", status.rawValue)
      $0.views("runtimeOnly", runtimeOnly)
    }
  }
}

extension DriftView.RuntimeOnly: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("kind", kind.rawValue)
      $0.member("name", name)
      $0.scope(scope)
      $0.member("createdBy", createdBy)
      $0.member("expiresAt", expiresAt.description)
    }
  }
}
