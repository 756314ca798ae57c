package import Model

/// Which rules are asked for.
package struct RuleFilter: Hashable, Sendable {
  /// The most urgent state of a rule's alerts, in Prometheus's words.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case inactive, pending, firing

    /// That of a rule whose most urgent alert has this state.
    package init(_ state: AlertState?) {
      switch state {
      case .pending: self = .pending
      case .firing: self = .firing
      case .resolved, nil: self = .inactive
      }
    }
  }

  /// How a rule's last evaluation went, in Prometheus's words.
  package enum Health: String, Hashable, Sendable, CaseIterable {
    case ok
    case failing = "err"
    /// Not evaluated yet, or evaluated elsewhere.
    case unknown
  }

  /// A tenant together with its projects, or one project; `nil` for all.
  package var scope: Scope?
  package var states: Set<State>
  package var health: Health?
  /// Part of the rule's name or of its group's, in any case; empty for all.
  package var text: String

  package init(
    scope: Scope? = nil, states: Set<State> = Set(State.allCases), health: Health? = nil, text: String = ""
  ) {
    self.scope = scope
    self.states = states
    self.health = health
    self.text = text
  }
}

/// An instant, or how long ago it is.
package enum Moment: Hashable, Sendable {
  case at(Timestamp)
  case ago(Duration)

  package func instant(at now: Timestamp) -> Timestamp {
    switch self {
    case .at(let instant): instant
    case .ago(let duration): now - duration
    }
  }
}

/// Over what figures are asked for.
package struct StatsFilter: Hashable, Sendable {
  /// The window where none is asked for.
  package static let usualWindow: Duration = .seconds(7 * 86_400)
  /// The length of the lists of rules where none is asked for, and the greatest.
  package static let usualTop = 10
  package static let largestTop = 100

  /// A tenant together with its projects, or one project; `nil` for all.
  package var scope: Scope?
  /// `nil` for ``usualWindow`` before the end.
  package var since: Moment?
  /// `nil` for now.
  package var until: Moment?
  /// How many rules each list has, 1…``largestTop``.
  package var top: Int

  package init(scope: Scope? = nil, since: Moment? = nil, until: Moment? = nil, top: Int = usualTop) {
    self.scope = scope
    self.since = since
    self.until = until
    self.top = top
  }
}

/// Since when, and of what, changes are asked for.
package struct ChangesFilter: Hashable, Sendable {
  /// How far back where nothing is asked for.
  package static let usualSpan: Duration = .seconds(8 * 3600)

  /// A tenant together with its projects, or one project; `nil` for all.
  package var scope: Scope?
  package var since: Moment

  package init(scope: Scope? = nil, since: Moment = .ago(usualSpan)) {
    self.scope = scope
    self.since = since
  }
}
