package import Model

/// Where the API reads from: snapshots of what is live, and the ledger.
///
/// Answers come from what is already known; nothing here may evaluate, fetch or wait for the outside. Each answer
/// holds, and counts, only what its `Visibility` allows. Lists come in the order that each method names and begin
/// behind the request's key, whether or not that element is still there.
package protocol StatusSource: LiveSource, FiguresSource, ReaderSource, DialectSource {
  /// Grows whenever anything that a document shows to this reader changes, apart from the passing of time: instants of
  /// evaluations, looks and flushes that bring nothing new don't count. What the reader may not see has no part in it.
  /// Cheap.
  func generation(for reader: Visibility) async -> UInt64

  /// Ready is when no check has a failure; what has no failure is listed too.
  ///
  /// Once the first sync attempt has ended, this never depends on git, data sources or channels.
  func readiness() async -> [ProbeCheck]

  /// For readers of everything; in the order in which they are printed.
  func metrics() async -> [MetricFamily]

  func status(for reader: Visibility) async -> StatusDocument

  /// Tenants with their projects, ascending by name.
  func tenants(for reader: Visibility) async -> [ScopeSummary]

  /// `nil` where there is no such scope, or the reader may not see it.
  func scope(_ scope: Scope, for reader: Visibility) async -> ScopeView?

  /// Ascending by ``ResourceID``.
  func resources(
    _ filter: ResourceFilter, _ page: PageRequest<ResourceID>, for reader: Visibility
  ) async -> Page<ResourceSummary>

  /// `nil` where there is no such resource, or the reader may not see it.
  func resource(_ id: ResourceID, for reader: Visibility) async -> ResourceView?

  /// Ascending by ``AlertKey``.
  func alerts(
    _ filter: AlertFilter, _ page: PageRequest<AlertKey>, for reader: Visibility
  ) async -> Page<AlertView>

  /// The groups in which the notifier tells alerts, ascending by ``GroupKey``. `tenant`: a tenant together with its
  /// projects; `nil` for all.
  func groups(
    of tenant: String?, _ page: PageRequest<GroupKey>, for reader: Visibility
  ) async -> Page<GroupView>

  /// Every silence, whether or not git has it; ascending by ``ResourceID``. `scope`: a tenant together with its projects,
  /// or one project; `nil` for all.
  func silences(
    _ scope: Scope?, _ page: PageRequest<ResourceID>, for reader: Visibility
  ) async -> Page<SilenceView>

  /// Every live or lately resolved alert of this fingerprint within `scope`; usually one.
  func explain(
    _ fingerprint: Fingerprint, within scope: Scope?, for reader: Visibility
  ) async throws(SourceUnavailable) -> [AlertExplanation]

  /// What became of the commit whose name begins with `prefix`: 7 to 64 lower-case hexadecimal digits.
  func revision(_ prefix: String, for reader: Visibility) async throws(SourceUnavailable) -> RevisionLookup

  /// Newest first.
  func syncs(_ page: PageRequest<Int64>, for reader: Visibility) async throws(SourceUnavailable) -> Page<SyncView>

  func sync(_ id: Int64, for reader: Visibility) async throws(SourceUnavailable) -> SyncView?

  /// Newest first.
  func history(
    _ filter: HistoryFilter, _ page: PageRequest<Int64>, for reader: Visibility
  ) async throws(SourceUnavailable) -> Page<TransitionRecord>

  /// Newest first.
  func deliveries(
    _ filter: DeliveryFilter, _ page: PageRequest<Int64>, for reader: Visibility
  ) async throws(SourceUnavailable) -> Page<DeliveryRecord>

  /// Newest first.
  func audit(
    _ filter: AuditFilter, _ page: PageRequest<Int64>, for reader: Visibility
  ) async throws(SourceUnavailable) -> Page<AuditRecord>
}

/// What a commit's name, or its beginning, led to.
package enum RevisionLookup: Hashable, Sendable {
  case found(RevisionView)
  /// Nothing known has this name; a commit that was never seen, too.
  case unknown
  /// The beginning fits these commits.
  case ambiguous([ObjectID])
}

/// The ledger can't be read right now.
package struct SourceUnavailable: Error, Hashable, Sendable {
  /// One line for people.
  package var message: String

  package init(_ message: String) {
    self.message = message
  }
}
