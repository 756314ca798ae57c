package import Model
package import Specs

/// What a plan changes for notification.
package struct NotifierChange: Sendable {
  /// Resources that are new or different; kinds that don't concern notification are passed over.
  package var set: [Resource]
  package var removed: [ResourceID]
  /// Channels with a new name, old to new: what they were told goes with them.
  package var renamed: [ResourceID: ResourceID]
  /// When silences without `starts_at` were first applied; where nothing is given, now.
  package var firstApplied: [ResourceID: Timestamp]

  package init(
    set: [Resource] = [], removed: [ResourceID] = [], renamed: [ResourceID: ResourceID] = [:],
    firstApplied: [ResourceID: Timestamp] = [:]
  ) {
    self.set = set
    self.removed = removed
    self.renamed = renamed
    self.firstApplied = firstApplied
  }
}
