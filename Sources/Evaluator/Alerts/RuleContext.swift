package import Model
package import Specs

/// The names of the labels that tell an alert's scope; `nil` where the platform turned one off.
package struct ScopeLabels: Hashable, Sendable {
  package var tenant: String?
  package var project: String?

  package init(tenant: String? = "tenant", project: String? = "project") {
    self.tenant = tenant
    self.project = project
  }

  /// The labels of a scope.
  package func labels(of scope: Scope) -> Labels {
    var labels = Labels.empty
    if let tenant, let value = scope.tenant { labels[tenant] = value }
    if let project, let value = scope.project { labels[project] = value }
    return labels
  }
}

/// What a scope gives to all of its rules.
package struct RuleContext: Hashable, Sendable {
  package let scope: Scope
  /// Those of the project, and under them the tenant's.
  package let externalLabels: Labels
  /// What alerts get where they don't have it: external labels, then the scope's own.
  package let addedLabels: Labels
  /// `$externalURL` of templates.
  package let externalURL: String
  /// For groups that name none.
  package let interval: Duration
  /// The name of the source for rules that name none; `nil` for the nearest default source.
  package let dataSource: String?
  /// The most alerts of one rule; `nil` for no limit.
  package let alertsPerRule: Int?
  package let scopeLabels: ScopeLabels

  /// Resolves the settings of the scope and of the scopes above it, given nearest first: what the nearest says counts.
  package init(
    scope: Scope, settings: [ScopeSettings] = [], scopeLabels: ScopeLabels = ScopeLabels(), externalURL: String = "",
    addsLabels: Bool = true
  ) {
    self.scope = scope
    self.scopeLabels = scopeLabels
    self.externalURL = externalURL
    var external = Labels.empty
    for layer in settings { external = external.filled(from: layer.externalLabels) }
    externalLabels = external
    addedLabels = addsLabels ? external.filled(from: scopeLabels.labels(of: scope)) : .empty
    interval = settings.lazy.compactMap(\.interval).first ?? .seconds(60)
    dataSource = settings.lazy.compactMap(\.dataSource).first
    alertsPerRule = settings.lazy.compactMap(\.limits.alertsPerRule).first
  }
}
