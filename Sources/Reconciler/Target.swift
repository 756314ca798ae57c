package import Model

/// Where a plan is applied. The in-process engine is the first; handing the specs to another engine is a second one.
package protocol Target: Sendable {
  /// Applies the steps in their order; a step that was applied before changes nothing.
  func apply(_ steps: [Step], of revision: Revision, at now: Timestamp) async
}
