import Model

/// The parameters of one request, checked against what its endpoint knows: a misspelt filter must not show everything.
struct Parameters {
  /// The most elements that one page of a list may have.
  static let largestLimit = 1000
  static let defaultLimit = 100

  /// Parameters that may be given several times.
  private static let repeatable: Set<String> = ["exclude", "matcher", "state"]

  /// The longest time ago that a moment may be.
  private static let longestAgo: Duration = .seconds(10 * 365 * 86_400)

  private let values: [RequestTarget.Parameter]

  init(_ parameters: [RequestTarget.Parameter], for endpoint: Endpoint) throws(APIError) {
    let known = endpoint.parameters
    if endpoint.ignoresUnknownParameters {
      values = parameters.filter { known.contains($0.name) }
      return
    }
    var seen: Set<String> = []
    for parameter in parameters {
      guard known.contains(parameter.name) else {
        let accepted = known.isEmpty ? "it takes none" : "accepted are " + known.joined(separator: ", ")
        throw .badRequest("no parameter is named '\(parameter.name)' here; \(accepted)")
      }
      guard seen.insert(parameter.name).inserted || Self.repeatable.contains(parameter.name) else {
        throw .badRequest("'\(parameter.name)' is given twice; give it once")
      }
    }
    values = parameters
  }

  /// `nil` where it isn't given, or is empty.
  func text(_ name: String) -> String? {
    values.first { $0.name == name && !$0.value.isEmpty }?.value
  }

  func all(_ name: String) -> [String] {
    values.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
  }

  /// Given, with a value or without.
  func has(_ name: String) -> Bool { values.contains { $0.name == name } }

  /// Given, and not `false` or `0`.
  func flag(_ name: String) -> Bool {
    values.contains { $0.name == name && $0.value != "false" && $0.value != "0" }
  }
}

extension Parameters {
  /// `tenant=` and `project=`.
  func scope() throws(APIError) -> Scope? {
    switch (text("tenant"), text("project")) {
    case (nil, nil): return nil
    case (let tenant?, nil): return .tenant(tenant)
    case (let tenant?, let project?): return .project(tenant: tenant, project: project)
    case (nil, .some):
      throw .badRequest("'project' stands without 'tenant'; two tenants may have a project of one name, so give both")
    }
  }

  /// `since=` and `until=`.
  func time() throws(APIError) -> TimeSpan {
    TimeSpan(since: try instant("since"), until: try instant("until"))
  }

  private func instant(_ name: String) throws(APIError) -> Timestamp? {
    try value(name) {
      Timestamp(rfc3339: $0)
    } accepted: {
      "a time in RFC 3339 such as 2026-11-20T08:00:00Z, a '+' in it written as %2B"
    }
  }

  /// An instant, or a duration that says how long ago it is.
  func moment(_ name: String) throws(APIError) -> Moment? {
    try value(name) { text in
      if let instant = Timestamp(rfc3339: text) { return .at(instant) }
      guard let duration = try? Duration(prometheus: text), duration <= Self.longestAgo else { return nil }
      return .ago(duration)
    } accepted: {
      "a time in RFC 3339 such as 2026-11-20T08:00:00Z, a '+' in it written as %2B, or how long ago it is, such as "
        + "8h or 30d, at most 10y"
    }
  }

  /// One of the words of an enumeration.
  func word<Word: RawRepresentable<String> & CaseIterable>(_ name: String) throws(APIError) -> Word? {
    try value(name) {
      Word(rawValue: $0)
    } accepted: {
      Word.allCases.map(\.rawValue).joined(separator: ", ")
    }
  }

  func fingerprint() throws(APIError) -> Fingerprint? {
    try value("fingerprint") {
      Fingerprint($0)
    } accepted: {
      "16 hexadecimal digits"
    }
  }

  /// `commit=`, in full or its beginning.
  func commit() throws(APIError) -> String? {
    try value("commit") { text in
      let digits = text.lowercased()
      return 7...64 ~= digits.utf8.count && digits.utf8.allSatisfy { hexadecimalValue($0) != nil } ? digits : nil
    } accepted: {
      "at least the first 7 hexadecimal digits of a commit"
    }
  }

  /// `resource=`: a name, or `Kind/name`.
  func resource() throws(APIError) -> (kind: Kind?, name: String?) {
    guard let text = text("resource") else { return (nil, nil) }
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])) else { return (nil, text) }
    return (kind, parts[1].isEmpty ? nil : String(parts[1]))
  }

  /// `matcher=`, each with one matcher or a list.
  func matchers() throws(APIError) -> [Matcher] {
    var matchers: [Matcher] = []
    for text in all("matcher") {
      do throws(MatcherSyntaxError) {
        matchers += try Matcher.parseList(text)
      } catch {
        throw .badRequest("'matcher' is '\(text)': \(error.message), at byte \(error.offset)")
      }
    }
    return matchers
  }

  /// `state=` of live alerts.
  func liveStates() throws(APIError) -> Set<AlertState> {
    let words = all("state")
    guard !words.isEmpty else { return [.pending, .firing] }
    var states: Set<AlertState> = []
    for word in words {
      switch AlertState(rawValue: word) {
      case .pending: states.insert(.pending)
      case .firing: states.insert(.firing)
      case .resolved: throw .badRequest("'state' is 'resolved', and only live alerts are here; see /api/v1/history")
      case nil: throw .badRequest("'state' is '\(word)'; accepted are pending, firing")
      }
    }
    return states
  }

  /// `state=` of rules.
  func ruleStates() throws(APIError) -> Set<RuleFilter.State> {
    let words = all("state")
    guard !words.isEmpty else { return Set(RuleFilter.State.allCases) }
    var states: Set<RuleFilter.State> = []
    for word in words {
      guard let state = RuleFilter.State(rawValue: word) else {
        throw .badRequest("'state' is '\(word)'; accepted are inactive, pending, firing")
      }
      states.insert(state)
    }
    return states
  }

  /// `top=`.
  func top() throws(APIError) -> Int {
    try value("top") {
      Int($0).flatMap { 1...StatsFilter.largestTop ~= $0 ? $0 : nil }
    } accepted: {
      "1 to \(StatsFilter.largestTop)"
    } ?? StatsFilter.usualTop
  }

  /// `limit=` and `cursor=`.
  func page<Key: OpaqueKey>() throws(APIError) -> PageRequest<Key> {
    let limit = try value("limit") {
      Int($0).flatMap { (1...Self.largestLimit).contains($0) ? $0 : nil }
    } accepted: {
      "1 to \(Self.largestLimit)"
    }
    let after = try value("cursor") {
      Key(opaqueText: $0)
    } accepted: {
      "what 'next' of the page before says, unchanged, for the same list"
    }
    return PageRequest(after: after, limit: limit ?? Self.defaultLimit)
  }

  private func value<Value>(
    _ name: String, _ read: (String) -> Value?, accepted: () -> String
  ) throws(APIError) -> Value? {
    guard let text = text(name) else { return nil }
    guard let value = read(text) else { throw .badRequest("'\(name)' is '\(text)'; accepted: \(accepted())") }
    return value
  }
}
