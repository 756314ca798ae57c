package import Model

/// The identity of a rule: rules of one group may share a name.
package struct RuleKey: Hashable, Comparable, Sendable {
  package var group: ResourceID
  /// Which rule of the group, from 0.
  package var index: Int

  package init(group: ResourceID, index: Int) {
    self.group = group
    self.index = index
  }

  /// By group, then position in it.
  package static func < (left: Self, right: Self) -> Bool {
    left.group != right.group ? left.group < right.group : left.index < right.index
  }
}
