package import JSON
package import Model

/// One alert explained, from its rule to what was sent: the answer of `/api/v1/alerts/{fingerprint}`.
package struct AlertExplanation: Hashable, Sendable {
  package var alert: AlertView
  /// `nil` when the rule is no longer there.
  package var rule: RuleView?
  /// What its value is compared with; `nil` where the expression is no comparison with a number.
  package var threshold: ThresholdView?
  /// The routes walked, from the root on, in order; those that didn't match tell why.
  package var route: [RouteStepView]
  package var groups: [NotificationGroupView]
  /// The silences that match, whatever their state.
  package var silences: [SilenceView]
  package var inhibitions: [InhibitionView]
  /// What happens next, soonest first; what can't be known by time stands last, without one.
  package var next: [NextStepView]
  /// Newest first.
  package var transitions: [TransitionRecord]
  /// Newest first.
  package var deliveries: [DeliveryRecord]

  package init(
    alert: AlertView, rule: RuleView? = nil, threshold: ThresholdView? = nil, route: [RouteStepView] = [],
    groups: [NotificationGroupView] = [], silences: [SilenceView] = [], inhibitions: [InhibitionView] = [],
    next: [NextStepView] = [], transitions: [TransitionRecord] = [], deliveries: [DeliveryRecord] = []
  ) {
    self.alert = alert
    self.rule = rule
    self.threshold = threshold
    self.route = route
    self.groups = groups
    self.silences = silences
    self.inhibitions = inhibitions
    self.next = next
    self.transitions = transitions
    self.deliveries = deliveries
  }
}

extension AlertExplanation: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.view("alert", alert)
      $0.view("rule", rule)
      $0.view("threshold", threshold)
      $0.views("route", route)
      $0.views("groups", groups)
      $0.views("silences", silences)
      $0.views("inhibitions", inhibitions)
      $0.views("next", next)
      $0.views("transitions", transitions)
      $0.views("deliveries", deliveries)
    }
  }
}

/// The comparison that makes an alert: `value > 5`.
package struct ThresholdView: Hashable, Sendable {
  /// As PromQL writes it: `>`, `<=`, `==`, …
  package var comparison: String
  package var limit: Double
  /// The side of the comparison that is measured, as PromQL.
  package var query: String

  package init(comparison: String, limit: Double, query: String) {
    self.comparison = comparison
    self.limit = limit
    self.query = query
  }
}

extension ThresholdView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("comparison", comparison)
      $0.member("limit", sampleText(limit))
      $0.member("query", query)
    }
  }
}

/// Something that will happen to an alert, or that waits for something.
package struct NextStepView: Hashable, Sendable {
  /// What happens.
  package enum Event: String, Hashable, Sendable, CaseIterable {
    /// A pending alert begins to fire.
    case fires
    /// A firing alert whose condition ended resolves.
    case resolves
    /// Its group is looked through and told where something is to tell.
    case flush
    /// It is told again, nothing having changed.
    case `repeat`
    /// A delivery that failed is tried again.
    case retry
    /// A silence begins to mute it, or ends.
    case silenceBegins = "silence-begins"
    case silenceEnds = "silence-ends"
    /// What a cooldown, a daily limit or a limit an hour kept back is told.
    case holdEnds = "hold-ends"
    /// Muting depends on something that has no time: an inhibiting alert, an interval, a route that is missing.
    case waits
  }

  /// `nil` where it depends on something else than time.
  package var at: Timestamp?
  package var what: Event
  /// One line for people.
  package var why: String
  /// The channel told, where one is.
  package var channel: ResourceID?

  package init(at: Timestamp?, what: Event, why: String, channel: ResourceID? = nil) {
    self.at = at
    self.what = what
    self.why = why
    self.channel = channel
  }
}

extension NextStepView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.optional("at", at)
      $0.member("what", what.rawValue)
      $0.member("why", why)
      $0.key("channel")
      if let channel { $0.object { $0.reference(to: channel) } } else { $0.null() }
    }
  }
}

/// What inhibits an alert: a rule, and the alert it is quiet for.
package struct InhibitionView: Hashable, Sendable {
  package var rule: ResourceID
  /// `nil` when the reader may not see that alert.
  package var source: Fingerprint?

  package init(rule: ResourceID, source: Fingerprint? = nil) {
    self.rule = rule
    self.source = source
  }
}

extension InhibitionView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.object("rule") { $0.reference(to: rule) }
      $0.optional("source", source)
    }
  }
}
