import Diagnostics
import JSON
import Model
import Specs

/// What a controller has live at the moment of asking: its pending and firing alerts, and its silences.
struct LiveAlerting: Sendable {
  var alerts: [Alert] = []
  /// When silences began, by id: those without `starts_at` began when they were first applied.
  var silenceStarts: [ResourceID: Timestamp] = [:]
  /// Silences in force that stand in no applied revision, as resources.
  var runtimeSilences: [Resource] = []
  /// What couldn't be learnt.
  var gaps: [ConsequenceGap] = []

  init() {}

  /// Asks a controller; what an older one doesn't serve becomes a gap.
  init(of client: StatusClient) async throws {
    for item in try await client.items("/api/v1/alerts") { alerts.append(try PreviewAlert.alert(fromAPI: item)) }
    do {
      for item in try await client.items("/api/v1/silences") { read(silence: item) }
    } catch let failure as CommandFailure where failure.exit == .failed {
      gaps.append(
        ConsequenceGap(scope: .platform, subject: "silences", message: "the controller doesn't list its silences"))
    }
  }

  private mutating func read(silence value: JSONValue) {
    func instant(_ name: String) -> Timestamp? { value[name]?.string.flatMap { Timestamp(rfc3339: $0) } }
    guard let scope = value["scope"]?.string.flatMap({ Scope(named: $0[...]) }), let name = value["name"]?.string
    else { return }
    let id = ResourceID(scope, .silence, name)
    silenceStarts[id] = instant("startsAt")
    guard value["runtimeOnly"]?.bool == true, let end = instant("endsAt") else { return }
    let texts = (value["matchers"]?.array ?? []).compactMap(\.string)
    let matchers = texts.compactMap { try? Matcher.parseList($0) }.flatMap(\.self)
    guard matchers.count == texts.count, !matchers.isEmpty else {
      gaps.append(ConsequenceGap(scope: scope, subject: "Silence " + name, message: "its matchers can't be read"))
      return
    }
    var spec = SilenceSpec(matchers: matchers, comment: value["comment"]?.string ?? "")
    spec.startsAt = instant("startsAt")
    spec.endsAt = end
    spec.timeInterval = value["timeInterval"]?.string
    spec.acknowledges = value["untilResolved"]?.bool ?? false
    runtimeSilences.append(.notInGit(id, .silence(spec)))
  }
}

/// Something about the consequences that isn't known, and why.
struct ConsequenceGap: Hashable, Sendable {
  let scope: Scope
  /// What it is about: a rule, a data source.
  let subject: String
  let message: String
}

extension Resource {
  /// A resource that no file has.
  fileprivate static func notInGit(_ id: ResourceID, _ spec: Spec) -> Resource {
    Resource(
      id: id, spec: spec, origin: Origin(file: "", line: 0, document: 0, format: .belfry),
      nameRange: SourceRange(.init(line: 1, column: 1), .init(line: 1, column: 1)))
  }
}

extension StatusClient {
  /// All elements of one of the API's lists, page by page; `filter` is a further part of the query, such as `tenant=shop`.
  func items(_ path: String, _ filter: String? = nil) async throws -> [JSONValue] {
    var items: [JSONValue] = []
    var cursor: String?
    repeat {
      let page = try await get(
        path + "?limit=1000" + (filter.map { "&" + $0 } ?? "") + (cursor.map { "&cursor=" + $0.percentEncoded } ?? ""))
      items += page["items"]?.array ?? []
      cursor = page["next"]?.string
    } while cursor != nil
    return items
  }
}
