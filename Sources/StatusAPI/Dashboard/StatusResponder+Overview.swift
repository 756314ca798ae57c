import Diagnostics
import Model

/// What the first page and those of scopes are made of.
extension StatusResponder {
  /// The most transitions that the timeline is made of.
  private static let timelineRows = 2000
  private static let timelineSpan = Duration.seconds(86_400)

  func overview(_ status: StatusDocument, for reader: Visibility) async -> OverviewPage {
    let firing = await liveAlerts(for: reader).filter { $0.alert.state == .firing }
    var counts = Array(repeating: 0, count: Gravity.allCases.count)
    for view in firing { counts[Gravity(view.alert.labels).rank] += 1 }
    var held: [(view: ScopeView, sources: SourceTexts)] = []
    for scope in status.held.prefix(OverviewPage.shownHeld) where reader.allows(scope) {
      guard let view = await source.scope(scope, for: reader) else { continue }
      let shown = Array(view.diagnostics.prefix(OverviewPage.shownFindings))
      held.append((view, await texts(for: shown, in: scope, reader)))
    }
    return OverviewPage(
      status: status, firing: Array(byGravity(firing).prefix(OverviewPage.shownAlerts)),
      gravities: Gravity.allCases.map { ($0, counts[$0.rank]) },
      timeline: await timeline(firing, until: status.observedAt, for: reader), held: held,
      syncs: await ledgered { () async throws(SourceUnavailable) in
        try await source.syncs(PageRequest(limit: OverviewPage.shownRows), for: reader).elements
      },
      deliveries: await ledgered { () async throws(SourceUnavailable) in
        try await source.deliveries(DeliveryFilter(), PageRequest(limit: OverviewPage.shownRows), for: reader)
          .elements.filter { reader.allows($0.owner) }
      }
    )
  }

  private func timeline(
    _ firing: [AlertView], until now: Timestamp, for reader: Visibility
  ) async -> Result<FiringTimeline, SourceUnavailable> {
    let start = now - Self.timelineSpan
    return await ledgered { () async throws(SourceUnavailable) in
      let page = try await source.history(
        HistoryFilter(time: TimeSpan(since: start)), PageRequest(limit: Self.timelineRows), for: reader)
      let transitions = page.elements.map(\.transition).filter { reader.allows($0.alert.scope) }
      return FiringTimeline(
        firing: firing.map(\.alert.labels), transitions: transitions, from: start,
        knownFrom: page.hasMore ? transitions.last?.at ?? now : start, to: now)
    }
  }

  /// The live alerts that the reader may see.
  func liveAlerts(for reader: Visibility) async -> [AlertView] {
    await source.book().alerts(for: reader).map(\.view)
  }

  /// Firing before pending, the gravest first, and the newest of those.
  func byGravity(_ alerts: [AlertView]) -> [AlertView] {
    let keyed = alerts.map { view in
      (rank: (view.alert.state == .firing ? 0 : 10) + Gravity(view.alert.labels).rank, view: view)
    }
    return keyed.sorted {
      $0.rank != $1.rank
        ? $0.rank < $1.rank
        : ($0.view.alert.firedAt ?? $0.view.alert.activeAt) > ($1.view.alert.firedAt ?? $1.view.alert.activeAt)
    }.map(\.view)
  }

  func scopePage(_ scope: Scope, for reader: Visibility) async throws(APIError) -> ScopePage {
    guard reader.allows(scope), let view = await source.scope(scope, for: reader) else { throw missing(scope) }
    let alerts = await liveAlerts(for: reader).filter { $0.alert.scope.isWithin(scope) }
    let shown = Array(view.diagnostics.prefix(ScopePage.shownFindings))
    return ScopePage(
      view: view, sources: await texts(for: shown, in: scope, reader), alerts: byGravity(alerts),
      resources: await source.resources(ResourceFilter(scope: scope), PageRequest(limit: 500), for: reader))
  }

  /// The texts that findings point into, but of files that hold a secret where none may be.
  private func texts(for findings: [DiagnosticView], in scope: Scope, _ reader: Visibility) async -> SourceTexts {
    let secret = Set(findings.filter { $0.diagnostic.code == "secret-in-spec" }.map(\.diagnostic.span.file))
    var texts: SourceTexts = [:]
    for file in Set(findings.map(\.diagnostic.span.file)).subtracting(secret) {
      texts[file] = await source.text(of: file, in: scope, for: reader)
    }
    return texts
  }

  /// What the ledger gives, or why it can't.
  func ledgered<Value>(
    _ read: () async throws(SourceUnavailable) -> Value
  ) async -> Result<Value, SourceUnavailable> {
    do throws(SourceUnavailable) {
      return .success(try await read())
    } catch {
      return .failure(error)
    }
  }
}
