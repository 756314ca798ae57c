import JSON
import Model

extension StatusResponder {
  func alertmanagerSilences(of tenant: String?, _ reading: Reading) async throws(APIError) -> [UInt8] {
    let filters = try reading.parameters.filters()
    let states = SilenceView.State.allCases.filter { reading.parameters.alertmanagerFlag($0.rawValue) }
    let found = await visibleSilences(of: tenant, reading).filter { silence in
      // A filter is looked for among the silence's own matchers, as it is written.
      states.contains(silence.state) && filters.allSatisfy(silence.matchers.contains)
    }.sorted { $0.precedesInAlertmanager($1) }
    var writer = JSONWriter(capacity: 4096)
    writer.beginArray()
    for silence in found { silence.writeAlertmanager(to: &writer) }
    writer.endArray()
    return writer.bytes
  }

  func alertmanagerSilence(_ text: String, of tenant: String?, _ reading: Reading) async throws(APIError) -> [UInt8] {
    guard let id = SilenceUUID(text) else {
      throw .badRequest("silenceID in path must be of type uuid: \(text.quotedAsGo); /api/v2/silences lists them")
    }
    guard let silence = await visibleSilences(of: tenant, reading).first(where: { SilenceUUID(of: $0.id) == id }) else {
      throw .notFound("no silence has the id \(id.text)")
    }
    var writer = JSONWriter(capacity: 1024)
    silence.writeAlertmanager(to: &writer)
    return writer.bytes
  }

  private func visibleSilences(of tenant: String?, _ reading: Reading) async -> [SilenceView] {
    await source.silences(tenant.map { .tenant($0) }, PageRequest(limit: everything), for: reading.reader).elements
      .filter { reading.reader.allows($0.scope) }
  }
}

extension SilenceView {
  fileprivate func writeAlertmanager(to writer: inout JSONWriter) {
    writer.object {
      $0.member("id", SilenceUUID(of: id).text)
      $0.object("status") { $0.member("state", state.rawValue) }
      $0.member("updatedAt", (provenance?.committedAt ?? startsAt).alertmanager)
      $0.member("comment", comment)
      $0.member("createdBy", createdBy)
      $0.member("endsAt", endsAt.alertmanager)
      $0.array("matchers", matchers) { matcher, writer in
        writer.object {
          $0.member("isEqual", matcher.operation == .equal || matcher.operation == .matches)
          $0.member("isRegex", matcher.operation == .matches || matcher.operation == .matchesNot)
          $0.member("name", matcher.name)
          $0.member("value", matcher.value)
        }
      }
      $0.member("startsAt", startsAt.alertmanager)
    }
  }

  /// Alertmanager's order: active ones by their end, pending ones by their start, expired ones the last ended first.
  fileprivate func precedesInAlertmanager(_ other: Self) -> Bool {
    guard state == other.state else { return state.rank < other.state.rank }
    switch state {
    case .active where endsAt != other.endsAt: return endsAt < other.endsAt
    case .pending where startsAt != other.startsAt: return startsAt < other.startsAt
    case .expired where endsAt != other.endsAt: return endsAt > other.endsAt
    case .active, .pending, .expired: return resource < other.resource
    }
  }
}

extension SilenceView.State: CaseIterable {
  package static let allCases: [Self] = [.active, .pending, .expired]

  fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
