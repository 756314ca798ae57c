import Hummingbird
import JSON
import Model

/// What is counted and compared: rules, channels, figures, and what changed.
extension StatusResponder {
  func rules(_ reading: Reading) async throws(APIError) -> Response {
    let parameters = reading.parameters
    let filter = RuleFilter(
      scope: try parameters.scope(), states: try parameters.ruleStates(), health: try parameters.word("health"),
      text: parameters.text("q") ?? "")
    let page = await source.rules(filter, try parameters.page(), for: reading.reader)
    return Response(.json, list(page, key: \.key, scope: \.key.group.scope, reading) { $0.write(to: &$1) })
  }

  func channels(_ reading: Reading) async throws(APIError) -> Response {
    let request: PageRequest<ResourceID> = try reading.parameters.page()
    let scope = try reading.parameters.scope()
    let page = try await fromLedger { () async throws(SourceUnavailable) in
      try await source.channels(scope, request, for: reading.reader)
    }
    return Response(.json, list(page, key: \.channel.id, scope: \.channel.id.scope, reading) { $0.write(to: &$1) })
  }

  func stats(_ reading: Reading) async throws(APIError) -> Response {
    let parameters = reading.parameters
    let filter = StatsFilter(
      scope: try parameters.scope(), since: try parameters.moment("since"), until: try parameters.moment("until"),
      top: try parameters.top())
    if case .at(let since)? = filter.since, case .at(let until)? = filter.until, since >= until {
      throw .badRequest("'since' is \(since) and 'until' is \(until); the window must begin before it ends")
    }
    if case .ago(let since)? = filter.since, case .ago(let until)? = filter.until, since <= until {
      throw .badRequest("'since' is as late as 'until'; the window must begin before it ends")
    }
    let view = try await fromLedger { () async throws(SourceUnavailable) in
      try await source.stats(filter, for: reading.reader)
    }
    return Response(.json, view.limited(to: reading.reader).json)
  }

  func changes(_ reading: Reading) async throws(APIError) -> Response {
    let parameters = reading.parameters
    var filter = ChangesFilter(scope: try parameters.scope())
    if let since = try parameters.moment("since") { filter.since = since }
    let view = try await fromLedger { () async throws(SourceUnavailable) in
      try await source.changes(filter, for: reading.reader)
    }
    return Response(.json, view.limited(to: reading.reader).json)
  }
}

extension StatsView {
  /// Without what names other scopes; what the source counted can't be taken apart again.
  func limited(to reader: Visibility) -> Self {
    var view = self
    view.topFirings.removeAll { !reader.allows($0.scope) }
    view.topPages.removeAll { !reader.allows($0.scope) }
    view.noisiest.removeAll { !reader.allows($0.scope) }
    view.channels.removeAll { !reader.allows($0.channel.scope) }
    return view
  }
}

extension ChangesView {
  /// Without what names other scopes.
  func limited(to reader: Visibility) -> Self {
    var view = self
    view.fired.items.removeAll { !reader.allows($0.transition.alert.scope) }
    view.resolved.items.removeAll { !reader.allows($0.transition.alert.scope) }
    view.stillFiring.items.removeAll { !reader.allows($0.alert.scope) }
    view.channels.removeAll { !reader.allows($0.channel.scope) }
    view.specs.items.removeAll { !reader.allows($0.scope) }
    view.silencesBegun.removeAll { !reader.allows($0.scope) }
    view.silencesEnded.removeAll { !reader.allows($0.scope) }
    view.silencesEndingSoon.removeAll { !reader.allows($0.scope) }
    view.health.removeAll { !reader.allows($0.scope) }
    return view
  }
}
