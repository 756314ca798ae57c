import Model

/// A page of the dashboard, as its path names it.
enum DashboardRoute: Hashable, Sendable {
  case overview
  case tenants
  case scope(Scope)
  case alerts
  case alert(String)
  case rules
  /// A resource by its opaque id: a rule group, a channel, or anything else that is applied.
  case resource(String)
  case syncs
  case sync(String)
  case silences, channels, history, audit
  case login

  init?(_ segments: [String]) {
    guard !segments.contains("") else { return nil }
    switch (segments.first, segments.count) {
    case (nil, _): self = .overview
    case ("tenants", 1): self = .tenants
    case ("platform", 1): self = .scope(.platform)
    case ("tenants", 2): self = .scope(.tenant(segments[1]))
    case ("tenants", 4) where segments[2] == "projects":
      self = .scope(.project(tenant: segments[1], project: segments[3]))
    case ("alerts", 1): self = .alerts
    case ("alerts", 2): self = .alert(segments[1])
    case ("rules", 1): self = .rules
    case ("resources", 2): self = .resource(segments[1])
    case ("syncs", 1): self = .syncs
    case ("syncs", 2): self = .sync(segments[1])
    case ("silences", 1): self = .silences
    case ("channels", 1): self = .channels
    case ("history", 1): self = .history
    case ("audit", 1): self = .audit
    case ("login", 1): self = .login
    default: return nil
    }
  }

  /// The names of its query's parameters; `lang` chooses the language and is remembered.
  var parameters: [String] {
    switch self {
    case .overview, .tenants, .scope, .resource, .sync: ["lang"]
    case .alerts: ["group", "lang", "page", "q", "state"]
    case .alert: ["lang", "project", "tenant"]
    case .rules: ["cursor", "lang"]
    case .syncs, .silences, .channels, .history, .audit: ["cursor", "lang"]
    case .login: ["lang", "next"]
    }
  }

  /// The entry of the menu that it belongs to; `nil` where there is none.
  var section: DashboardSection? {
    switch self {
    case .overview: .overview
    case .tenants, .scope: .tenants
    case .alerts, .alert: .alerts
    case .rules, .resource: .rules
    case .syncs, .sync: .syncs
    case .silences: .silences
    case .channels: .channels
    case .history: .history
    case .audit: .audit
    case .login: nil
    }
  }

  /// How many folders deep its path is: what its relative links go up.
  var depth: Int {
    switch self {
    case .overview, .tenants, .alerts, .rules, .syncs, .silences, .channels, .history, .audit, .login: 0
    case .alert, .resource, .sync: 1
    case .scope(let scope): scope.project != nil ? 3 : scope.tenant != nil ? 1 : 0
    }
  }
}

/// An entry of the menu.
enum DashboardSection: String, CaseIterable, Hashable, Sendable {
  case overview, alerts, rules, tenants, syncs, silences, channels, history, audit

  var phrase: Phrase {
    switch self {
    case .overview: .overview
    case .alerts: .alerts
    case .rules: .rules
    case .tenants: .tenants
    case .syncs: .syncs
    case .silences: .silences
    case .channels: .channels
    case .history: .history
    case .audit: .audit
    }
  }

  var icon: Icon {
    switch self {
    case .overview: .overview
    case .alerts: .bell
    case .rules: .rules
    case .tenants: .tenants
    case .syncs: .sync
    case .silences: .mute
    case .channels: .send
    case .history: .clock
    case .audit: .audit
    }
  }

  /// Its page, from the root of the dashboard.
  var path: String { self == .overview ? "" : rawValue }
}

extension Scope {
  /// The page of this scope, from the root of the dashboard.
  var page: String {
    switch self {
    case .platform: "platform"
    case .tenant(let tenant): "tenants/" + tenant.percentEncoded
    case .project(let tenant, let project):
      "tenants/" + tenant.percentEncoded + "/projects/" + project.percentEncoded
    }
  }

  /// A query that names this scope, or nothing for the platform.
  var query: String {
    var query = ""
    if let tenant { query += "?tenant=" + tenant.percentEncoded }
    if let project { query += "&project=" + project.percentEncoded }
    return query
  }
}

extension Alert {
  /// The page that explains it, from the root of the dashboard.
  var page: String { "alerts/" + fingerprint.description + scope.query }
}
