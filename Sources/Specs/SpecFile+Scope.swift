package import Model

/// Where a path stands in a spec repository.
enum Place: Hashable, Sendable {
  case scope(Scope)
  /// In nobody's folder, or no YAML file.
  case outside
  /// A YAML file directly under `tenants/`; it is held as a scope of its own, so that it stops nobody else.
  case betweenTenants(Scope)

  init(path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard let name = parts.last, parts.count > 1, !parts.contains(""), Self.isYAML(name) else {
      self = .outside
      return
    }
    switch parts[0] {
    case "platform": self = .scope(.platform)
    case "tenants" where parts.count == 2: self = .betweenTenants(.tenant(String(parts[1])))
    case "tenants" where parts.count == 3: self = .scope(.tenant(String(parts[1])))
    case "tenants": self = .scope(.project(tenant: String(parts[1]), project: String(parts[2])))
    default: self = .outside
    }
  }

  private static func isYAML(_ name: Substring) -> Bool {
    name.hasSuffix(".yaml") || name.hasSuffix(".yml")
  }
}

extension SpecFile {
  /// The scope that a file at `path` belongs to; `nil` for files that are not read.
  ///
  /// `platform/**`, `tenants/<tenant>/*`, `tenants/<tenant>/<project>/**`, each for `.yaml` and `.yml`.
  package static func scope(ofPath path: String) -> Scope? {
    switch Place(path: path) {
    case .scope(let scope), .betweenTenants(let scope): scope
    case .outside: nil
    }
  }
}

extension Scope {
  /// The part of `path` below this scope's folder.
  func relativePath(of path: String) -> String {
    let folder = self.path + "/"
    return path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
  }
}

extension Kind {
  /// Whether documents of this kind may stand in `scope`.
  package func isAllowed(in scope: Scope) -> Bool {
    switch (self, scope) {
    case (.platform, .platform), (.tenant, .tenant), (.project, .project): true
    case (.platform, _), (.tenant, _), (.project, _): false
    case (.dataSource, .project), (.approval, .project): false
    default: true
    }
  }

  /// The folders in which documents of this kind may stand, for messages.
  var places: String {
    switch self {
    case .platform: "platform/"
    case .tenant: "tenants/<tenant>/"
    case .project: "tenants/<tenant>/<project>/"
    case .dataSource, .approval: "platform/ or tenants/<tenant>/"
    default: "platform/, tenants/<tenant>/ or tenants/<tenant>/<project>/"
    }
  }
}
