package import Diagnostics
package import Model
import Templates

extension SpecTree {
  /// Every finding about a scope: those of its files, and those that only the whole tree shows; in reading order.
  package func problems(in scope: Scope) -> [Diagnostic] {
    var found = Diagnostics()
    reportUnlistedFolder(above: scope, to: &found)
    guard let entry = entry(scope) else { return found.all }
    for diagnostics in entry.diagnostics.values { found.append(diagnostics) }
    for id in entry.duplicated { reportDuplicate(id, in: entry, to: &found) }
    for name in entry.clashingDefinitions { reportClash(of: name, in: entry, to: &found) }
    for (id, references) in entry.unresolved {
      for reference in references { reportUnresolved(reference, of: id, to: &found) }
    }
    reportRoutes(of: scope, in: entry, to: &found)
    reportLints(of: scope, in: entry.rules, to: &found)
    entry.reportCaseClashes(to: &found)
    reportSharedKeys(of: scope, in: entry, to: &found)
    reportClaims(of: scope, to: &found)
    if lacksDataSource(scope) { reportMissingSource(of: scope, in: entry, to: &found) }
    return found.all.sorted()
  }

  /// Every finding of the tree, in reading order.
  package var problems: [Diagnostic] {
    scopes.flatMap { problems(in: $0) }.sorted()
  }

  private func reportDuplicate(_ id: ResourceID, in entry: ScopeEntry, to found: inout Diagnostics) {
    guard let all = entry.declared[id], let first = all.first else { return }
    for other in all.dropFirst() {
      found.error(
        "duplicate-resource", "\(id.kind.words) '\(id.name)' is already declared in \(id.scope)", at: other.span,
        fix: "rename one of the two, or remove it", notes: [.init("first declared here", at: first.span)])
    }
  }

  private func reportUnresolved(_ reference: Reference, of id: ResourceID, to found: inout Diagnostics) {
    guard let resource = resource(id) else { return }
    let known = id.scope.lineage.flatMap { names(of: reference.kind, in: $0) }
    let places = id.scope.lineage.map(\.description).joined(separator: ", ")
    var message = "no \(reference.kind.words) is named '\(reference.name)' in \(places)"
    if let near = nearest(to: reference.name, in: known) {
      message += "; did you mean '\(near)'?"
    }
    var fix = known.isEmpty ? "declare a \(reference.kind.rawValue)" : nil
    if reference.kind == .template { fix = "define it in a Template: {{ define \"\(reference.name)\" }}…{{ end }}" }
    found.error(
      "unknown-reference", message, at: SourceSpan(file: resource.origin.file, range: reference.range), fix: fix)
  }

  /// Two documents of a scope define one template, so that nobody can tell which is meant.
  private func reportClash(of name: String, in entry: ScopeEntry, to found: inout Diagnostics) {
    let documents = (entry.definitions[name] ?? []).sorted().compactMap(resource)
    guard let first = documents.first else { return }
    for other in documents.dropFirst() {
      found.error(
        "duplicate-resource", "the template '\(name)' is already defined in \(other.id.scope)", at: other.span,
        fix: "rename one of the two, or remove it",
        notes: [.init("Template '\(first.id.name)' defines it first", at: first.span)])
    }
  }

  private func names(of kind: Kind, in scope: Scope) -> [String] {
    if kind == .template {
      let defaults = scope == .platform ? TemplateLibrary.notificationDefaults.names : []
      return (entry(scope)?.definitions ?? [:]).keys.sorted() + defaults
    }
    return (entry(scope)?.declared ?? [:]).keys.filter { $0.kind == kind }.map(\.name).sorted()
  }

  private func reportRoutes(of scope: Scope, in entry: ScopeEntry, to found: inout Diagnostics) {
    for (always, routes) in Dictionary(grouping: entry.routes.sorted(), by: isAlways) where routes.count > 1 {
      let resources = routes.compactMap(resource)
      for extra in resources.dropFirst() {
        found.error(
          "several-root-routes",
          "\(scope) has \(routes.count) routes\(always ? " with 'always'" : ""); a scope has one root route",
          at: extra.span, fix: "make it a child of the first, under 'routes'",
          notes: resources.first.map { [.init("the first route", at: $0.span)] } ?? [])
      }
    }
  }

  private func isAlways(_ id: ResourceID) -> Bool {
    guard case .route(let route)? = resource(id)?.spec else { return false }
    return route.always
  }

  func hasTooManyRoutes(_ scope: Scope) -> Bool {
    guard let routes = entry(scope)?.routes, routes.count > 1 else { return false }
    let always = routes.count(where: isAlways)
    return always > 1 || routes.count - always > 1
  }

  /// Whether a scope has rules for which no data source can be found.
  func lacksDataSource(_ scope: Scope) -> Bool {
    guard let entry = entry(scope), !entry.groupsOnDefaultSource.isEmpty else { return false }
    return defaultSource(of: scope) == nil
  }

  /// The data source of rules that name none: the nearest `data_source` setting, else the nearest source with
  /// `default: true`.
  package func defaultSource(of scope: Scope) -> ResourceID? {
    for level in scope.lineage {
      if let name = settings(of: level).dataSource { return resolve(.dataSource, name, from: level) }
    }
    for level in scope.lineage {
      let marked = (entry(level)?.sources ?? []).filter { id in
        guard case .dataSource(let source)? = resource(id)?.spec else { return false }
        return source.isDefault
      }
      if let first = marked.min() { return first }
    }
    return nil
  }

  private func reportMissingSource(of scope: Scope, in entry: ScopeEntry, to found: inout Diagnostics) {
    guard let first = entry.groupsOnDefaultSource.compactMap({ resource($0)?.span }).min(by: { $0.precedes($1) })
    else { return }
    found.error(
      "no-data-source", "the rules of \(scope) name no data source, and none has 'default: true'", at: first,
      fix: "set 'default: true' on a DataSource in platform/, or 'data_source' in the Tenant or Project")
  }
}

extension SourceSpan {
  fileprivate func precedes(_ other: SourceSpan) -> Bool {
    file != other.file ? file < other.file : range.start < other.range.start
  }
}

extension Kind {
  /// This kind in a sentence: `data source`, `rule group`.
  package var words: String {
    var words = ""
    for character in rawValue {
      if character.isUppercase, !words.isEmpty { words += " " }
      words += character.lowercased()
    }
    return words
  }
}
