import Model

/// What the pages of lists are made of.
extension StatusResponder {
  func alertsPage(_ query: AlertQuery, for reader: Visibility) async -> AlertsPage {
    let words = query.words
    let alerts = byGravity(await liveAlerts(for: reader).filter { query.accepts($0, words: words) })
    guard query.isGrouped else {
      let first = query.page * AlertsPage.shown
      return AlertsPage(
        groups: [.init(alerts: Array(alerts.dropFirst(first).prefix(AlertsPage.shown)))], total: alerts.count,
        query: query, hasNext: alerts.count > first + AlertsPage.shown)
    }
    let groups = grouped(alerts, await allGroups(for: reader))
    // An alert that several groups tell stands in each of them, and a page holds so many rows.
    let rows = groups.flatMap { group in group.alerts.map { (group.view, $0) } }
    let shown = rows.dropFirst(query.page * AlertsPage.shown).prefix(AlertsPage.shown)
    var parts: [AlertsPage.Group] = []
    for (view, alert) in shown {
      if parts.isEmpty || parts[parts.count - 1].view?.id != view?.id { parts.append(.init(view: view, alerts: [])) }
      parts[parts.count - 1].alerts.append(alert)
    }
    return AlertsPage(
      groups: parts, total: alerts.count, query: query, hasNext: rows.count > (query.page + 1) * AlertsPage.shown)
  }

  private func allGroups(for reader: Visibility) async -> [GroupView] {
    var groups: [GroupView] = []
    var after: GroupKey?
    repeat {
      let page = await source.groups(of: nil, PageRequest(after: after, limit: 1000), for: reader)
      groups += page.elements.filter { reader.allows($0.id.owner) }
      after = page.hasMore ? page.elements.last?.id : nil
    } while after != nil && groups.count < 20_000
    return groups
  }

  /// The alerts in their groups, the group with the gravest one first; those that no group holds come last.
  private func grouped(_ alerts: [AlertView], _ groups: [GroupView]) -> [AlertsPage.Group] {
    struct Identity: Hashable {
      var fingerprint: Fingerprint
      var scope: Scope
    }
    var positions: [Identity: Int] = [:]
    for (index, view) in alerts.enumerated() {
      positions[Identity(fingerprint: view.alert.fingerprint, scope: view.alert.scope)] = index
    }
    var isHeld = Array(repeating: false, count: alerts.count)
    var result: [(first: Int, group: AlertsPage.Group)] = []
    for group in groups {
      let members = group.alerts.compactMap { positions[Identity(fingerprint: $0.fingerprint, scope: $0.scope)] }
        .sorted()
      guard let first = members.first else { continue }
      for member in members { isHeld[member] = true }
      result.append((first, .init(view: group, alerts: members.map { alerts[$0] })))
    }
    result.sort { $0.first != $1.first ? $0.first < $1.first : ($0.group.alerts.count > $1.group.alerts.count) }
    let rest = alerts.indices.filter { !isHeld[$0] }.map { alerts[$0] }
    return result.map(\.group) + (rest.isEmpty ? [] : [.init(alerts: rest)])
  }

  func explanation(of text: String, _ reading: Reading) async throws(APIError) -> AlertExplanation {
    guard let fingerprint = Fingerprint(text.lowercased()) else {
      throw .notFound("'\(text)' is no fingerprint of an alert")
    }
    let scope = try reading.parameters.scope()
    let found = try await answered { () async throws(SourceUnavailable) in
      try await source.explain(fingerprint, within: scope, for: reading.reader)
    }
    guard let first = found.first(where: { reading.reader.allows($0.alert.alert.scope) }) else {
      throw .notFound("no live alert has the fingerprint \(fingerprint)")
    }
    return first
  }

  func rulesPage(_ reading: Reading) async throws(APIError) -> RulesPage {
    let request: PageRequest<ResourceID> = try reading.parameters.page()
    let page = await source.resources(ResourceFilter(kind: .ruleGroup), request, for: reading.reader)
    return RulesPage(
      groups: await resources(page, for: reading.reader),
      next: page.hasMore ? page.elements.last?.record.id.opaque : nil)
  }

  private func resources(_ page: Page<ResourceSummary>, for reader: Visibility) async -> [ResourceView] {
    var views: [ResourceView] = []
    for summary in page.elements where reader.allows(summary.record.id.scope) {
      if let view = await source.resource(summary.record.id, for: reader) { views.append(view) }
    }
    return views
  }

  func resourcePage(_ text: String, for reader: Visibility) async throws(APIError) -> ResourcePage {
    guard let id = ResourceID(opaque: text), reader.allows(id.scope),
      let view = await source.resource(id, for: reader)
    else { throw .notFound("no such resource is live") }
    var sent: [DeliveryRecord] = []
    if id.kind == .channel {
      let found = await ledgered { () async throws(SourceUnavailable) in
        try await source.deliveries(DeliveryFilter(channel: id.name), PageRequest(limit: 50), for: reader).elements
      }
      sent = ((try? found.get()) ?? []).filter { $0.channel == id && reader.allows($0.owner) }
    }
    return ResourcePage(view: view, deliveries: sent)
  }

  func silencesPage(_ reading: Reading) async throws(APIError) -> SilencesPage {
    let request: PageRequest<ResourceID> = try reading.parameters.page()
    let page = await source.silences(nil, request, for: reading.reader)
    let alerts = await liveAlerts(for: reading.reader)
    var covered: [String: Int] = [:]
    for view in alerts { for id in view.silencedBy { covered[id, default: 0] += 1 } }
    let rows = page.elements.filter { reading.reader.allows($0.scope) }.map { view in
      SilencesPage.Row(view: view, covered: covered[view.id] ?? 0)
    }
    let order: [SilenceView.State: Int] = [.active: 0, .pending: 1, .expired: 2]
    return SilencesPage(
      rows: rows.sorted {
        (order[$0.view.state] ?? 3, $0.view.endsAt) < (order[$1.view.state] ?? 3, $1.view.endsAt)
      },
      next: page.hasMore ? page.elements.last?.resource.opaque : nil)
  }

  func channelsPage(_ reading: Reading) async throws(APIError) -> ChannelsPage {
    let request: PageRequest<Int64> = try reading.parameters.page()
    let page = await source.resources(
      ResourceFilter(kind: .channel), PageRequest(limit: ChannelsPage.shown), for: reading.reader)
    return ChannelsPage(
      channels: await resources(page, for: reading.reader),
      deliveries: await ledgered { () async throws(SourceUnavailable) in
        var found = try await source.deliveries(
          DeliveryFilter(), PageRequest(after: request.after, limit: ChannelsPage.shownDeliveries), for: reading.reader)
        found.elements.removeAll { !reading.reader.allows($0.owner) }
        return found
      })
  }

  func syncsPage(
    _ request: PageRequest<Int64>, _ reading: Reading
  ) async -> Result<Page<SyncView>, SourceUnavailable> {
    await ledgered { () async throws(SourceUnavailable) in
      try await source.syncs(PageRequest(after: request.after, limit: SyncsPage.shown), for: reading.reader)
    }
  }

  func syncView(_ text: String, _ reading: Reading) async throws(APIError) -> SyncView {
    guard let id = Int64(text), id > 0 else { throw .notFound("'\(text)' is no sync") }
    let view = try await answered { () async throws(SourceUnavailable) in
      try await source.sync(id, for: reading.reader)
    }
    guard let view else { throw .notFound("no sync has the number \(id); old ones are removed after a while") }
    return view
  }

  func historyRows(
    _ request: PageRequest<Int64>, _ reader: Visibility
  ) async -> Result<Page<TransitionRecord>, SourceUnavailable> {
    await ledgered { () async throws(SourceUnavailable) in
      var page = try await source.history(HistoryFilter(), request, for: reader)
      page.elements.removeAll { !reader.allows($0.transition.alert.scope) }
      return page
    }
  }

  func auditRows(
    _ request: PageRequest<Int64>, _ reader: Visibility
  ) async -> Result<Page<AuditRecord>, SourceUnavailable> {
    await ledgered { () async throws(SourceUnavailable) in
      var page = try await source.audit(AuditFilter(), request, for: reader)
      page.elements.removeAll { !reader.allows($0.scope) }
      return page
    }
  }

  private func answered<Value>(
    _ read: () async throws(SourceUnavailable) -> Value
  ) async throws(APIError) -> Value {
    do throws(SourceUnavailable) {
      return try await read()
    } catch {
      throw .unavailable(error.message)
    }
  }
}

extension Parameters {
  /// What the page of alerts is asked for.
  func alertQuery() throws(APIError) -> AlertQuery {
    var query = AlertQuery()
    query.text = text("q") ?? ""
    query.isGrouped = text("group") != "none"
    query.page = max(0, min(text("page").flatMap { Int($0) } ?? 0, 10_000))
    if let state = text("state") {
      guard let known = AlertState(rawValue: state), known != .resolved else {
        throw .badRequest("'state' is '\(state)'; accepted are pending, firing")
      }
      query.state = known
    }
    return query
  }
}
