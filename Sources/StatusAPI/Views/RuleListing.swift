package import JSON
package import Model

/// A rule in the list of all rules.
package struct RuleListing: Hashable, Sendable {
  package var key: RuleKey
  package var rule: RuleView
  /// Where its alerts go when they carry the rule's and the group's labels alone; a label that only an alert has may
  /// lead elsewhere.
  package var channels: [ResourceID]

  package init(key: RuleKey, rule: RuleView, channels: [ResourceID] = []) {
    self.key = key
    self.rule = rule
    self.channels = channels
  }

  /// The label `severity` that the rule sets.
  package var severity: String? { rule.labels.first { $0.name == "severity" }?.value }
}

extension RuleListing: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.scope(key.group.scope)
      $0.object("group") { $0.reference(to: key.group) }
      $0.member("index", key.index)
      rule.writeMembers(to: &$0)
      $0.optional("severity", severity)
      $0.array("channels", channels) { channel, writer in writer.object { $0.reference(to: channel) } }
    }
  }
}
