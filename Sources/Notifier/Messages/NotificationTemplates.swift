package import Model
package import Specs
package import Templates

/// The definitions of all `Template` documents, by the scopes that may call them.
package struct NotificationTemplates: Sendable {
  private var documents: [Scope: [ResourceID: TemplateLibrary]] = [:]
  /// Of each scope that has documents of its own: with those above it, and the named defaults.
  private var libraries: [Scope: TemplateLibrary] = [:]

  package init() {}

  /// What templates of a scope may call; of several definitions with one name the nearest counts.
  package func library(of scope: Scope) -> TemplateLibrary {
    scope.lineage.lazy.compactMap { libraries[$0] }.first ?? .notificationDefaults
  }

  /// A document that can't be read defines nothing.
  package mutating func set(_ id: ResourceID, _ spec: TemplateSpec) {
    var library = TemplateLibrary()
    for kept in spec.kept {
      guard let template = try? Template(parsing: kept.text, functions: .notification) else { continue }
      library.add(template, only: kept.definitions)
    }
    if let template = try? Template(parsing: spec.text, functions: .notification) { library.add(template) }
    documents[id.scope, default: [:]][id] = library
    rebuild(from: id.scope)
  }

  package mutating func remove(_ id: ResourceID) {
    documents[id.scope]?[id] = nil
    rebuild(from: id.scope)
  }

  /// The libraries of a scope and of those below it.
  private mutating func rebuild(from scope: Scope) {
    if documents[scope]?.isEmpty ?? true {
      documents[scope] = nil
      libraries[scope] = nil
    }
    // The wider scope first, which the narrower take up.
    let lower = documents.keys.filter { scope == .platform || $0.tenant == scope.tenant }
    for lower in lower.filter({ $0.lineage.contains(scope) }).sorted(by: { $0.lineage.count < $1.lineage.count }) {
      var library = lower.lineage.dropFirst().compactMap { libraries[$0] }.first ?? .notificationDefaults
      for (_, own) in (documents[lower] ?? [:]).sorted(by: { $0.key < $1.key }) { library.add(own) }
      libraries[lower] = library
    }
  }
}
