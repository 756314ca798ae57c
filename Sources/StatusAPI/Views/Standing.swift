package import JSON
package import Model

/// How a scope or a resource stands towards the repository, and since when.
package struct SyncStanding: Hashable, Sendable {
  package var status: SyncStatus
  /// Why it is held; `nil` unless `status` is `held` or `partial`.
  package var reason: HeldReason?
  /// One line for people, or empty.
  package var message: String
  package var since: Timestamp?

  package init(status: SyncStatus, reason: HeldReason? = nil, message: String = "", since: Timestamp? = nil) {
    self.status = status
    self.reason = reason
    self.message = message
    self.since = since
  }
}

extension SyncStanding: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object { writeMembers(to: &$0) }
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.member("status", status.rawValue)
    writer.optional("reason", reason?.rawValue)
    writer.optional("message", message.isEmpty ? nil : message)
    writer.optional("since", since)
  }
}

/// Whether what is live works.
package struct HealthStanding: Hashable, Sendable {
  package var status: HealthStatus
  /// One line for people about what doesn't work, or empty.
  package var message: String
  package var since: Timestamp?

  package init(status: HealthStatus, message: String = "", since: Timestamp? = nil) {
    self.status = status
    self.message = message
    self.since = since
  }
}

extension HealthStanding: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("status", status.rawValue)
      $0.optional("message", message.isEmpty ? nil : message)
      $0.optional("since", since)
    }
  }
}

/// How many live alerts there are, by state and by what keeps them quiet.
package struct AlertCounts: Hashable, Sendable {
  package var firing: Int
  package var pending: Int
  /// Firing alerts that no route takes.
  package var unrouted: Int
  package var silenced: Int
  package var inhibited: Int

  package init(firing: Int = 0, pending: Int = 0, unrouted: Int = 0, silenced: Int = 0, inhibited: Int = 0) {
    self.firing = firing
    self.pending = pending
    self.unrouted = unrouted
    self.silenced = silenced
    self.inhibited = inhibited
  }
}

extension AlertCounts: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("firing", firing)
      $0.member("pending", pending)
      $0.member("unrouted", unrouted)
      $0.member("silenced", silenced)
      $0.member("inhibited", inhibited)
    }
  }
}

/// How much a scope, or everything a reader may see, is made of.
package struct ResourceCounts: Hashable, Sendable {
  package var ruleGroups: Int
  package var rules: Int
  package var routes: Int
  package var channels: Int
  package var silences: Int
  package var dataSources: Int
  /// Diagnostics of the revision last attempted.
  package var errors: Int
  package var warnings: Int

  package init(
    ruleGroups: Int = 0, rules: Int = 0, routes: Int = 0, channels: Int = 0, silences: Int = 0, dataSources: Int = 0,
    errors: Int = 0, warnings: Int = 0
  ) {
    self.ruleGroups = ruleGroups
    self.rules = rules
    self.routes = routes
    self.channels = channels
    self.silences = silences
    self.dataSources = dataSources
    self.errors = errors
    self.warnings = warnings
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.member("ruleGroups", ruleGroups)
    writer.member("rules", rules)
    writer.member("routes", routes)
    writer.member("channels", channels)
    writer.member("silences", silences)
    writer.member("dataSources", dataSources)
    writer.member("errors", errors)
    writer.member("warnings", warnings)
  }
}

extension ResourceCounts: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object { writeMembers(to: &$0) }
  }
}

/// A statement about the whole or a scope that is true, false or unknown, as Kubernetes writes conditions.
package struct ConditionView: Hashable, Sendable {
  /// Whether a condition holds.
  package enum Status: String, Hashable, Sendable {
    case yes = "True"
    case no = "False"
    case unknown = "Unknown"
  }

  /// `Ready`, `SourceReachable`, `LedgerWritable`, …
  package var type: String
  package var status: Status
  /// One word in CamelCase.
  package var reason: String
  package var message: String
  package var lastTransitionTime: Timestamp

  package init(type: String, status: Status, reason: String, message: String, lastTransitionTime: Timestamp) {
    self.type = type
    self.status = status
    self.reason = reason
    self.message = message
    self.lastTransitionTime = lastTransitionTime
  }
}

extension ConditionView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("type", type)
      $0.member("status", status.rawValue)
      $0.member("reason", reason)
      $0.member("message", message)
      $0.member("lastTransitionTime", lastTransitionTime.description)
    }
  }
}
