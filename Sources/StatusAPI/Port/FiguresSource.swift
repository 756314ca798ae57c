package import Model

/// What is counted and compared.
///
/// Figures cover a window of the ledger: they are read without holding up what is live, and at most so many rows of it
/// that an answer is bounded; an answer that left some out says so.
package protocol FiguresSource: Sendable {
  /// The rules of all groups, ascending by ``RuleKey``.
  func rules(_ filter: RuleFilter, _ page: PageRequest<RuleKey>, for reader: Visibility) async -> Page<RuleListing>

  /// Every channel and how it does, ascending by ``ResourceID``. `scope`: a tenant together with its projects, or one
  /// project; `nil` for all.
  func channels(
    _ scope: Scope?, _ page: PageRequest<ResourceID>, for reader: Visibility
  ) async throws(SourceUnavailable) -> Page<ChannelListing>

  /// What fired, how long it took and how well it was told, over a window.
  func stats(_ filter: StatsFilter, for reader: Visibility) async throws(SourceUnavailable) -> StatsView

  /// What happened since an instant, up to now.
  func changes(_ filter: ChangesFilter, for reader: Visibility) async throws(SourceUnavailable) -> ChangesView
}
