package import Model

/// `Silence`: alerts that match are not notified, for a time with an end.
package struct SilenceSpec: Hashable, Sendable {
  package var matchers: [Matcher]
  /// `nil`: when it is first applied.
  package var startsAt: Timestamp?
  /// When it ends; `nil` when `duration` is given.
  package var endsAt: Timestamp?
  package var duration: Duration?
  /// For recurring work: in force only while this interval contains the time.
  package var timeInterval: String?
  package var comment: String
  /// `until_resolved`: it mutes only alerts that fire at its start already, and each of them only until it resolves.
  package var acknowledges = false

  package init(matchers: [Matcher], comment: String) {
    self.matchers = matchers
    self.comment = comment
  }

  /// From when to when it may be in force, given when it was first applied.
  package func window(firstApplied: Timestamp) -> (start: Timestamp, end: Timestamp) {
    let start = startsAt ?? firstApplied
    return (start, endsAt ?? (duration.map { start + $0 } ?? start))
  }
}

/// `InhibitRule`: while a source alert fires, matching targets with equal labels are not notified.
package struct InhibitRuleSpec: Hashable, Sendable {
  package var sourceMatchers: [Matcher]
  package var targetMatchers: [Matcher]
  /// Label names whose values must be the same; missing counts as empty.
  package var equal: [String]

  package init(sourceMatchers: [Matcher], targetMatchers: [Matcher], equal: [String]) {
    self.sourceMatchers = sourceMatchers
    self.targetMatchers = targetMatchers
    self.equal = equal
  }
}
