import GRDB
import Model

extension Condition {
  /// Visibility over time: a tenant's rows under the names that it had, and none of who had its name before.
  ///
  /// `time`: the column that says when a row was written.
  mutating func add(tenants: Set<String>?, _ aliases: ScopeAliases, time: String) {
    guard let tenants, !aliases.isEmpty else { return add(tenants: tenants) }
    let spans = tenants.sorted().flatMap { aliases.spans(of: .tenant($0)) }
    let isPlain = spans.allSatisfy { $0.until == nil && $0.since == .epoch }
    if isPlain { add(tenants: tenants) } else { add(anyOf: spans, time: time) }
  }

  /// One scope's rows under the names that it had.
  mutating func add(scope: Scope?, _ aliases: ScopeAliases, time: String) {
    guard let scope else { return }
    let spans = aliases.isEmpty ? [] : aliases.spans(of: scope)
    if spans.count > 1 || spans.first.map({ $0.since > .epoch }) ?? false {
      add(anyOf: spans, time: time)
    } else {
      add(scope: scope)
    }
  }

  private mutating func add(anyOf spans: [ScopeSpan], time: String) {
    var any = Alternatives()
    for span in spans {
      any.begin("tenant = ?", span.scope.tenantColumn)
      if let project = span.scope.project { any.and("project = ?", project.databaseValue) }
      if span.since > .epoch { any.and("\(time) >= ?", span.since.column) }
      if let until = span.until { any.and("\(time) < ?", until.column) }
    }
    add(any)
  }
}
