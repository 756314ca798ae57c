package import Model

/// The identity of a live alert: two rules, or two scopes, may make alerts of equal labels.
package struct AlertKey: Hashable, Comparable, Sendable {
  package var fingerprint: Fingerprint
  package var group: ResourceID
  package var rule: String

  package init(fingerprint: Fingerprint, group: ResourceID, rule: String) {
    self.fingerprint = fingerprint
    self.group = group
    self.rule = rule
  }

  package init(_ alert: Alert) {
    self.init(fingerprint: alert.fingerprint, group: alert.rule.group, rule: alert.rule.rule)
  }

  /// By fingerprint, then group, then rule: the order of the alerts' list.
  package static func < (left: Self, right: Self) -> Bool {
    if left.fingerprint != right.fingerprint { return left.fingerprint < right.fingerprint }
    if left.group != right.group { return left.group < right.group }
    return left.rule.precedesInBytes(right.rule)
  }
}
