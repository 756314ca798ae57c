package import JSON
package import Model

/// One silence and how it stands.
package struct SilenceView: Hashable, Sendable {
  /// Where a silence stands, in Alertmanager's words.
  package enum State: String, Hashable, Sendable {
    case pending, active, expired
  }

  /// What alerts refer to it by; unique among all silences.
  package var id: String
  package var name: String
  package var scope: Scope
  package var state: State
  package var matchers: [Matcher]
  package var startsAt: Timestamp
  package var endsAt: Timestamp
  /// The interval to which it is confined; `nil` for none.
  package var timeInterval: String?
  /// Whether it mutes only what fires at its start, until that resolves.
  package var untilResolved = false
  package var comment: String
  /// A commit's author, or the local user of an emergency silence.
  package var createdBy: String
  /// `nil` for one that stands in no commit.
  package var provenance: Provenance?

  package init(
    id: String, name: String, scope: Scope, state: State, matchers: [Matcher], startsAt: Timestamp, endsAt: Timestamp,
    comment: String = "", createdBy: String, provenance: Provenance? = nil
  ) {
    self.id = id
    self.name = name
    self.scope = scope
    self.state = state
    self.matchers = matchers
    self.startsAt = startsAt
    self.endsAt = endsAt
    self.comment = comment
    self.createdBy = createdBy
    self.provenance = provenance
  }
}

extension SilenceView {
  /// Its id as that of a resource, whether or not git has it.
  package var resource: ResourceID { ResourceID(scope, .silence, name) }
}

extension SilenceView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("id", id)
      $0.member("name", name)
      $0.scope(scope)
      $0.member("state", state.rawValue)
      $0.strings("matchers", matchers)
      $0.member("startsAt", startsAt.description)
      $0.member("endsAt", endsAt.description)
      $0.optional("timeInterval", timeInterval)
      $0.member("untilResolved", untilResolved)
      $0.member("comment", comment)
      $0.member("createdBy", createdBy)
      $0.member("runtimeOnly", provenance == nil)
      $0.key("origin")
      if let provenance { $0.object { provenance.writeMembers(to: &$0) } } else { $0.null() }
    }
  }
}
