import Model
import Notifier
import StatusAPI

extension StatusBoard {
  /// How often events say at most that documents changed.
  private static let changeInterval = Duration.milliseconds(200)

  func book() async -> AlertBook { await keeper.current().book }

  func events(after last: UInt64?, for reader: Visibility) async -> AsyncStream<StatusEvent> {
    hub.events(after: last, for: reader, at: clock.now)
  }

  /// Says in the stream of events that documents changed, while somebody reads it, until cancelled.
  func tellChanges() async {
    var told: LiveGenerations?
    while !Task.isCancelled {
      try? await clock.sleep(until: clock.now + Self.changeInterval, tolerance: nil)
      guard hub.hasReaders else {
        told = nil
        continue
      }
      let current = await keeper.current().generations
      defer { told = current }
      guard current != told else { continue }
      // The first reader may have read before this looked.
      hub.publishChange(
        for: { [told] reader in told.map { $0.number(for: reader) != current.number(for: reader) } ?? true },
        at: clock.now)
    }
  }

  // MARK: Lists

  func alerts(
    _ filter: AlertFilter, _ page: PageRequest<StatusAlertKey>, for reader: Visibility
  ) async -> StatusPage<AlertView> {
    let book = await book()
    let entries = filter.scope?.tenant.map { book.alerts(of: $0, for: reader) } ?? book.alerts(for: reader)
    var shown: [AlertView] = []
    for entry in entries[entries.position(after: page.after)...] {
      let alert = entry.view.alert
      guard filter.states.contains(alert.state), alert.scope.isWithin(filter.scope),
        filter.matchers.accept(alert.labels)
      else { continue }
      if shown.count == page.limit { return StatusPage(shown, hasMore: true) }
      shown.append(entry.view.limited(to: reader, in: book))
    }
    return StatusPage(shown, hasMore: false)
  }

  func groups(
    of tenant: String?, _ page: PageRequest<GroupKey>, for reader: Visibility
  ) async -> StatusPage<GroupView> {
    let groups = await notifier.groups(
      of: { owner in reader.allows(owner) && (tenant.map { owner.tenant == $0 } ?? true) }, after: page.after?.owner,
      page.after?.key, limit: page.limit + 1)
    let shown = groups.prefix(page.limit).map { group in
      GroupView(
        id: GroupKey(owner: group.owner, key: group.key), labels: group.labels, route: group.route,
        channels: group.channels, nextFlushAt: group.nextFlush,
        alerts: group.alerts.filter { reader.allows($0.alert.scope) }.map { alert, muting in
          GroupView.Member(
            fingerprint: alert.fingerprint, scope: alert.scope, labels: alert.labels, state: alert.state,
            isMuted: muting.isMuted)
        })
    }
    return StatusPage(shown, hasMore: groups.count > page.limit)
  }

  func silences(
    _ scope: Scope?, _ page: PageRequest<ResourceID>, for reader: Visibility
  ) async -> StatusPage<SilenceView> {
    let all = await keeper.current().silences.filter { snapshot in
      let id = snapshot.silence.id
      return reader.allows(id.scope) && id.scope.isWithin(scope) && page.after.map { $0 < id } ?? true
    }
    var shown: [SilenceView] = []
    // They come by id.
    for snapshot in all.prefix(page.limit) { shown.append(await silenceView(snapshot)) }
    return StatusPage(shown, hasMore: all.count > shown.count)
  }
}

extension AlertView {
  /// Without what the reader may not see beside the alert.
  func limited(to reader: Visibility, in book: AlertBook) -> AlertView {
    limited(to: reader) { fingerprint in
      book.alerts.with(fingerprint).contains { reader.allows($0.view.alert.scope) }
    }
  }
}
