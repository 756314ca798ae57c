import JSON
import Model

/// The query of a request to the API.
struct APIQuery {
  private(set) var parts: [String] = []

  /// Adds what is given; `nil` is left out.
  mutating func add(_ parameters: [(String, String?)]) {
    for (name, value) in parameters {
      if let value { parts.append(name + "=" + value.percentEncoded) }
    }
  }

  /// Adds times, which may be durations back from now.
  mutating func add(since: String?, until: String? = nil) throws {
    for (name, value) in [("since", since), ("until", until)] {
      guard let value else { continue }
      add([(name, try Instants.read(value, flag: name).description)])
    }
  }

  /// Adds matchers in Alertmanager's syntax; `severity` and `rule` are such ones too.
  mutating func add(matchers: [String], severity: String? = nil, rule: String? = nil) {
    if let severity { add([("matcher", "severity=" + severity.quotedAsGo)]) }
    if let rule { add([("matcher", "alertname=" + rule.quotedAsGo)]) }
    for matcher in matchers { add([("matcher", matcher)]) }
  }

  /// The path with the query behind it.
  func path(_ path: String, _ more: [String] = []) -> String {
    let all = parts + more
    return all.isEmpty ? path : path + "?" + all.joined(separator: "&")
  }
}

extension StatusClient {
  /// A list over as many pages as it takes: at most `limit` elements, all of them for `nil`.
  ///
  /// One page is the API's document as it came; of several the elements are joined.
  func list(_ path: String, _ query: APIQuery, limit: Int?) async throws -> APIList {
    guard limit ?? 1 >= 1 else { throw CommandFailure(.usage, "--limit \(limit ?? 0): at least 1 is accepted") }
    var list = APIList()
    var cursor: String?
    repeat {
      let wanted = min(1_000, (limit ?? .max) - list.items.count)
      var more = ["limit=\(wanted)"]
      if let cursor { more.append("cursor=" + cursor.percentEncoded) }
      let page = try await get(query.path(path, more))
      list.add(page)
      cursor = page["next"]?.string
    } while cursor != nil && list.items.count < limit ?? .max
    return list
  }
}
