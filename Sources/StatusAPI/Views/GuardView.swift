package import JSON
package import Model

/// What keeps a revision from deleting too much: its limits, the scopes that wait for an approval, and the approvals.
package struct GuardView: Hashable, Sendable {
  /// Whether deletions wait.
  package enum Status: String, Hashable, Sendable {
    case clear = "Clear"
    case tripped = "Tripped"
    case approved = "Approved"
  }

  /// What one revision may delete from a scope without an approval.
  package struct Limits: Hashable, Sendable {
    package var count: Int
    package var percent: Int
    /// The share counts from so many rules, routes and channels on.
    package var minimum: Int

    package init(count: Int = 25, percent: Int = 50, minimum: Int = 10) {
      self.count = count
      self.percent = percent
      self.minimum = minimum
    }
  }

  /// A rule, route or channel that would go.
  package struct Lost: Hashable, Sendable {
    package var kind: String
    package var name: String
    package var file: String
    package var line: Int
    package var firing: Int

    package init(kind: String, name: String, file: String, line: Int, firing: Int) {
      self.kind = kind
      self.name = name
      self.file = file
      self.line = line
      self.firing = firing
    }
  }

  /// What the guard found in one scope at the last attempt.
  package struct Finding: Hashable, Sendable {
    package var scope: Scope
    package var status: Status
    /// `EmptyTree`, `FolderGone`, `DeletionCount` or `DeletionShare`.
    package var cause: String
    package var deletions: Int
    package var total: Int
    /// How many firing alerts would lose cover.
    package var firing: Int
    /// The first of what would go.
    package var resources: [Lost]

    package init(
      scope: Scope, status: Status, cause: String, deletions: Int, total: Int, firing: Int, resources: [Lost]
    ) {
      self.scope = scope
      self.status = status
      self.cause = cause
      self.deletions = deletions
      self.total = total
      self.firing = firing
      self.resources = resources
    }
  }

  /// One `Approval` that is live.
  package struct Approval: Hashable, Sendable {
    /// What became of it.
    package enum State: String, Hashable, Sendable {
      case unused, used, ended
    }

    package var scope: Scope
    package var name: String
    package var deletions: Int
    package var until: Timestamp
    package var state: State
    package var usedAt: Timestamp?
    package var file: String
    package var line: Int

    package init(
      scope: Scope, name: String, deletions: Int, until: Timestamp, state: State, usedAt: Timestamp?, file: String,
      line: Int
    ) {
      self.scope = scope
      self.name = name
      self.deletions = deletions
      self.until = until
      self.state = state
      self.usedAt = usedAt
      self.file = file
      self.line = line
    }
  }

  package var limits: Limits
  package var findings: [Finding]
  package var approvals: [Approval]

  package init(limits: Limits = Limits(), findings: [Finding] = [], approvals: [Approval] = []) {
    self.limits = limits
    self.findings = findings
    self.approvals = approvals
  }

  /// The worst of the findings.
  package var status: Status {
    if findings.contains(where: { $0.status == .tripped }) { return .tripped }
    return findings.isEmpty ? .clear : .approved
  }

  /// This without scopes that the reader may not see.
  func limited(to reader: Visibility) -> GuardView {
    var limited = self
    limited.findings.removeAll { !reader.allows($0.scope) }
    limited.approvals.removeAll { !reader.allows($0.scope) }
    return limited
  }
}

extension GuardView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("status", status.rawValue)
      $0.member("blockedDeletions", findings.reduce(0) { $0 + ($1.status == .tripped ? $1.deletions : 0) })
      $0.object("limits") {
        $0.member("maxDeletePercent", limits.percent)
        $0.member("maxDeleteCount", limits.count)
        $0.member("minimum", limits.minimum)
        $0.member("allowEmpty", false)
      }
      $0.views("scopes", findings)
      $0.views("approvals", approvals)
    }
  }
}

extension GuardView.Finding: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.scope(scope)
      $0.member("status", status.rawValue)
      $0.member("cause", cause)
      $0.member("deletions", deletions)
      $0.member("of", total)
      $0.member("firing", firing)
      $0.views("resources", resources)
    }
  }
}

extension GuardView.Lost: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("kind", kind)
      $0.member("name", name)
      $0.member("file", file)
      $0.member("line", line)
      $0.member("firing", firing)
    }
  }
}

extension GuardView.Approval: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.scope(scope)
      $0.member("name", name)
      $0.member("deletions", deletions)
      $0.member("until", until.description)
      $0.member("state", state.rawValue)
      $0.optional("usedAt", usedAt)
      $0.member("file", file)
      $0.member("line", line)
    }
  }
}
