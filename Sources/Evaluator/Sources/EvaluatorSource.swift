package import Model

/// A data source as the evaluator uses it.
package struct EvaluatorSource: Sendable {
  package var id: ResourceID
  package var source: any SampleSource
  /// For one query.
  package var timeout: Duration
  /// Queries under way at once; at least 1.
  package var concurrency: Int
  /// Whether rules that name no source use it, in its scope and below.
  package var isDefault: Bool
  /// The address for people, without a slash at its end: links to expressions begin with it.
  package var externalURL: String
  /// Whether every selector of a tenant's expression must be bound to that tenant; see ``isolated``.
  package var isShared: Bool
  /// Binds an expression to a tenant; `nil` when it can't. Rules of tenants fail on a shared source without it.
  package var isolated: (@Sendable (_ expression: String, _ tenant: String) -> String?)?

  package init(
    id: ResourceID, source: any SampleSource, timeout: Duration = .seconds(10), concurrency: Int = 8,
    isDefault: Bool = false, externalURL: String = "", isShared: Bool = false,
    isolated: (@Sendable (_ expression: String, _ tenant: String) -> String?)? = nil
  ) {
    self.id = id
    self.source = source
    self.timeout = timeout
    self.concurrency = concurrency
    self.isDefault = isDefault
    self.externalURL = externalURL
    self.isShared = isShared
    self.isolated = isolated
  }
}
