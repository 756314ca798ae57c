import Crypto
package import Model

/// Which rule groups and rules are asked for, in the words of Prometheus's `/api/v1/rules`.
package struct RuleQuery: Hashable, Sendable {
  /// `nil` for both.
  package var purpose: RuleView.Purpose?
  /// Each of the three: empty for all.
  package var rules: Set<String> = []
  package var groups: Set<String> = []
  package var files: Set<String> = []
  /// One list for each selector: a rule is taken where any list accepts its labels. Empty for all.
  package var selectors: [[Matcher]] = []
  /// The alerts of rules aren't wanted.
  package var withoutAlerts = false
  /// The most groups, 1 or more; `nil` for all.
  package var limit: Int?
  /// ``token(file:group:)`` of the first group wanted; `nil` to begin at the first.
  package var token: String?

  package init() {}

  /// Whether a group's rules are looked at.
  package func takes(group: String, file: String) -> Bool {
    (groups.isEmpty || groups.contains(group)) && (files.isEmpty || files.contains(file))
  }

  /// Labels that a template fills are unknown here, and count as missing.
  package func takes(rule: String, _ purpose: RuleView.Purpose, labels: [Label]) -> Bool {
    guard self.purpose ?? purpose == purpose, rules.isEmpty || rules.contains(rule) else { return false }
    guard !selectors.isEmpty else { return true }
    let known = Labels(labels.filter { !$0.value.contains("{{") })
    return selectors.contains { $0.accept(known) }
  }

  /// The page of these groups, which ascend by file, then name; `nil` when ``token`` names none of them.
  ///
  /// `reading` makes a group's reading, or `nil` where no rule of it is taken; it is asked for no more groups than the
  /// page holds and one.
  package func page<Group>(
    of groups: some Sequence<Group>, name: (Group) -> (file: String, group: String),
    reading: (Group) -> RuleGroupReading?
  ) -> RuleGroupPage? {
    var page = RuleGroupPage([])
    var isFound = token == nil
    for group in groups {
      let (file, title) = name(group)
      if !isFound {
        guard Self.token(file: file, group: title) == token else { continue }
        isFound = true
      }
      guard takes(group: title, file: file), let made = reading(group) else { continue }
      if let limit, page.groups.count == limit {
        page.next = Self.token(file: file, group: title)
        break
      }
      page.groups.append(made)
    }
    return isFound ? page : nil
  }

  /// What names a group in a request for the page that begins with it, as Prometheus makes it.
  package static func token(file: String, group: String) -> String {
    SHA256.hash(data: Array((file + ";" + group).utf8)).reduce(into: "") { text, byte in
      text += byte < 16 ? "0" + String(byte, radix: 16) : String(byte, radix: 16)
    }
  }
}

/// Rule groups, and where the list goes on.
package struct RuleGroupPage: Sendable {
  package var groups: [RuleGroupReading]
  /// ``RuleQuery/token(file:group:)`` of the next group; `nil` at the end.
  package var next: String?

  package init(_ groups: [RuleGroupReading], next: String? = nil) {
    self.groups = groups
    self.next = next
  }
}

/// A rule group as Prometheus's API tells it.
package struct RuleGroupReading: Sendable {
  package var scope: Scope
  /// Without the file.
  package var name: String
  /// The path in the repository.
  package var file: String
  package var interval: Duration
  /// The most alerts of one rule; 0 for no limit.
  package var limit: Int
  package var evaluatedAt: Timestamp?
  package var duration: Duration
  package var rules: [RuleReading]

  package init(
    scope: Scope, name: String, file: String, interval: Duration, limit: Int, evaluatedAt: Timestamp?,
    duration: Duration, rules: [RuleReading]
  ) {
    self.scope = scope
    self.name = name
    self.file = file
    self.interval = interval
    self.limit = limit
    self.evaluatedAt = evaluatedAt
    self.duration = duration
    self.rules = rules
  }
}

/// A rule as Prometheus's API tells it.
package struct RuleReading: Sendable {
  /// How its last evaluation went.
  package enum Health: String, Hashable, Sendable {
    case ok, unknown
    case failing = "err"
  }

  package var purpose: RuleView.Purpose
  package var name: String
  package var query: String
  package var hold = Duration.zero
  package var keepFiringFor = Duration.zero
  /// As written, the group's among them.
  package var labels: [Label] = []
  package var annotations: [Label] = []
  package var alerts: [Alert] = []
  /// The most urgent among its alerts, also where those weren't wanted; `nil` without one.
  package var state: AlertState?
  package var health = Health.unknown
  package var lastError: String?
  package var evaluatedAt: Timestamp?
  package var duration = Duration.zero

  package init(_ purpose: RuleView.Purpose, name: String, query: String) {
    self.purpose = purpose
    self.name = name
    self.query = query
  }
}
