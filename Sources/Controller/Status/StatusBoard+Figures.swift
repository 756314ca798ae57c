import Model
import StatusAPI

extension StatusBoard {
  func rules(
    _ filter: RuleFilter, _ page: PageRequest<RuleKey>, for reader: Visibility
  ) async -> StatusPage<RuleListing> {
    StatusPage([], hasMore: false)
  }

  func channels(
    _ scope: Scope?, _ page: PageRequest<ResourceID>, for reader: Visibility
  ) async throws(SourceUnavailable) -> StatusPage<ChannelListing> {
    StatusPage([], hasMore: false)
  }

  func stats(_ filter: StatsFilter, for reader: Visibility) async throws(SourceUnavailable) -> StatsView {
    StatsView(since: clock.now, until: clock.now, bucket: .seconds(60))
  }

  func changes(_ filter: ChangesFilter, for reader: Visibility) async throws(SourceUnavailable) -> ChangesView {
    ChangesView(since: clock.now, until: clock.now)
  }
}
