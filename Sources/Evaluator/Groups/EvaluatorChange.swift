package import Model

/// A change of what is evaluated; it touches nothing that it doesn't name.
package struct EvaluatorChange: Sendable {
  /// What changes in one scope.
  package struct Groups: Sendable {
    package var scope: Scope
    /// Groups that are new or may have changed; equal ones stay as they are.
    package var put: [GroupDefinition]
    package var remove: [ResourceID]
    /// Scopes that this one was before it was renamed; their groups are removed by the same change.
    package var previousScopes: [Scope]

    package init(
      _ scope: Scope, put: [GroupDefinition] = [], remove: [ResourceID] = [], previousScopes: [Scope] = []
    ) {
      self.scope = scope
      self.put = put
      self.remove = remove
      self.previousScopes = previousScopes
    }
  }

  package var groups: [Groups]
  /// Sources that are new or changed.
  package var putSources: [EvaluatorSource]
  package var removeSources: [ResourceID]
  /// Names the change to whoever wants to know when all that it brought was evaluated once; see ``FirstEvaluations``.
  package var number: UInt64?
  /// Groups under new ids, old to new: where a rule's labels were edited at the same time, it is still known.
  package var renamedGroups: [ResourceID: ResourceID]

  package init(
    groups: [Groups] = [], putSources: [EvaluatorSource] = [], removeSources: [ResourceID] = [],
    renamedGroups: [ResourceID: ResourceID] = [:]
  ) {
    self.groups = groups
    self.putSources = putSources
    self.removeSources = removeSources
    self.renamedGroups = renamedGroups
  }
}

/// What a change brought about at once.
package struct EvaluatorChangeOutcome: Sendable {
  /// Alerts that ended because no rule has them any more, sorted by scope and labels.
  package var transitions: [AlertTransition] = []
  /// Alerts that go on under other labels or in another scope.
  package var relabelled: [RelabelledAlert] = []
  /// Alerts that go on as they are, as those of another group.
  package var regrouped: [RelabelledAlert] = []
  /// How many alerts of changed groups go on.
  package var carried = AlertTally()
  /// Groups that are new or were replaced, and groups that went.
  package var changed: [ResourceID] = []
  package var removed: [ResourceID] = []
  /// How many groups the change waits for, and the changes that wait for none any more since groups went.
  package var awaited = 0
  package var evaluated: [UInt64] = []
  /// Queries that may begin now, and those whose source is gone.
  var started: [SourceQueue.Ticket] = []
  var refused: [SourceQueue.Ticket] = []
}
