package import JSON
package import Model

/// One alert explained, from its rule to what was sent: the answer of `/api/v1/alerts/{fingerprint}`.
package struct AlertExplanation: Hashable, Sendable {
  package var alert: AlertView
  /// `nil` when the rule is no longer there.
  package var rule: RuleView?
  /// The routes walked, from the root on, in order.
  package var route: [RouteStepView]
  package var groups: [NotificationGroupView]
  /// The silences that match, whatever their state.
  package var silences: [SilenceView]
  package var inhibitions: [InhibitionView]
  /// Newest first.
  package var transitions: [TransitionRecord]
  /// Newest first.
  package var deliveries: [DeliveryRecord]

  package init(
    alert: AlertView, rule: RuleView? = nil, route: [RouteStepView] = [], groups: [NotificationGroupView] = [],
    silences: [SilenceView] = [], inhibitions: [InhibitionView] = [], transitions: [TransitionRecord] = [],
    deliveries: [DeliveryRecord] = []
  ) {
    self.alert = alert
    self.rule = rule
    self.route = route
    self.groups = groups
    self.silences = silences
    self.inhibitions = inhibitions
    self.transitions = transitions
    self.deliveries = deliveries
  }
}

extension AlertExplanation: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.view("alert", alert)
      $0.view("rule", rule)
      $0.views("route", route)
      $0.views("groups", groups)
      $0.views("silences", silences)
      $0.views("inhibitions", inhibitions)
      $0.views("transitions", transitions)
      $0.views("deliveries", deliveries)
    }
  }
}

/// One node of a route tree that an alert came by.
package struct RouteStepView: Hashable, Sendable {
  /// The scope whose tree it is.
  package var owner: Scope
  /// 0 for the root.
  package var depth: Int
  package var matchers: [Matcher]
  package var isMatch: Bool
  /// Whether the walk goes on behind it.
  package var continues: Bool
  /// Where it sends to; empty unless it is where the walk ended.
  package var channels: [ResourceID]
  package var provenance: Provenance?

  package init(
    owner: Scope, depth: Int, matchers: [Matcher], isMatch: Bool, continues: Bool = false,
    channels: [ResourceID] = [], provenance: Provenance? = nil
  ) {
    self.owner = owner
    self.depth = depth
    self.matchers = matchers
    self.isMatch = isMatch
    self.continues = continues
    self.channels = channels
    self.provenance = provenance
  }
}

extension RouteStepView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("owner", owner.description)
      $0.member("depth", depth)
      $0.strings("matchers", matchers)
      $0.member("matches", isMatch)
      $0.member("continue", continues)
      $0.array("channels", channels) { channel, writer in writer.object { $0.reference(to: channel) } }
      $0.key("origin")
      if let provenance { $0.object { provenance.writeMembers(to: &$0) } } else { $0.null() }
    }
  }
}

/// The group that an alert is told in, on one channel.
package struct NotificationGroupView: Hashable, Sendable {
  package var key: String
  package var channel: ResourceID
  package var labels: Labels
  /// How many alerts the group has.
  package var size: Int
  package var lastSentAt: Timestamp?
  package var nextFlushAt: Timestamp?

  package init(
    key: String, channel: ResourceID, labels: Labels, size: Int, lastSentAt: Timestamp? = nil,
    nextFlushAt: Timestamp? = nil
  ) {
    self.key = key
    self.channel = channel
    self.labels = labels
    self.size = size
    self.lastSentAt = lastSentAt
    self.nextFlushAt = nextFlushAt
  }
}

extension NotificationGroupView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("groupKey", key)
      $0.object("channel") { $0.reference(to: channel) }
      $0.labels("labels", labels.pairs)
      $0.member("alerts", size)
      $0.optional("lastSentAt", lastSentAt)
      $0.optional("nextFlushAt", nextFlushAt)
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
