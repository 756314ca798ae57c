package import Model
import PromQL
import Specs

/// A query that a rule asks: which source, and what.
struct RuleQuery: Sendable {
  var source: ResourceID
  var expression: String
  var timeout: Duration
  var connection: any SampleSource
  var sourceURL: String
}

extension EvaluatorState {
  /// Puts and removes sources; the tickets that may begin now, and those whose source is gone.
  mutating func applySources(
    _ change: EvaluatorChange
  ) -> (started: [SourceQueue.Ticket], refused: [SourceQueue.Ticket]) {
    var started: [SourceQueue.Ticket] = []
    var refused: [SourceQueue.Ticket] = []
    for id in change.removeSources { refused += sources.removeValue(forKey: id)?.queue.drained ?? [] }
    for definition in change.putSources {
      if sources[definition.id] == nil {
        sources[definition.id] = Source(definition: definition, queue: SourceQueue(limit: definition.concurrency))
      } else {
        sources[definition.id]?.definition = definition
        started += sources[definition.id]?.queue.setLimit(definition.concurrency) ?? []
      }
    }
    if !change.removeSources.isEmpty || !change.putSources.isEmpty { findDefaultSources() }
    return (started, refused)
  }

  private mutating func findDefaultSources() {
    defaultSources = [:]
    for id in sources.keys.sorted() where sources[id]?.definition.isDefault == true {
      if defaultSources[id.scope] == nil { defaultSources[id.scope] = id }
    }
  }

  /// The source that a name means in a scope; without a name, the nearest default source.
  package func source(_ name: String?, in scope: Scope) -> ResourceID? {
    for scope in scope.lineage {
      if let name {
        let id = ResourceID(scope, .dataSource, name)
        if sources[id] != nil { return id }
      } else if let id = defaultSources[scope] {
        return id
      }
    }
    return nil
  }

  /// What to ask for a rule, and whom.
  func query(rule index: Int, of definition: GroupDefinition) throws(RuleFailure) -> RuleQuery {
    let rule = definition.spec.rules[index]
    let scope = definition.context.scope
    let name = rule.dataSource ?? definition.spec.dataSource ?? definition.context.dataSource
    guard let id = source(name, in: scope), let source = sources[id]?.definition else { throw .noSource(name) }
    var expression = rule.expression.text
    if source.isShared, let tenant = scope.tenant {
      guard let bound = source.isolated?(expression, tenant) else { throw .notIsolated(source: id.name) }
      expression = bound
    }
    return RuleQuery(
      source: id, expression: expression, timeout: source.timeout, connection: source.source,
      sourceURL: source.externalURL)
  }

  /// Asks for a place at a source; the ticket that may begin now, if any.
  mutating func request(_ ticket: SourceQueue.Ticket, at source: ResourceID, for scope: Scope) -> SourceQueue.Ticket? {
    sources[source]?.queue.request(ticket, for: scope.tenant ?? "")
  }

  /// Gives a place back and notes how the query ended; the ticket that may begin now, if any.
  mutating func release(
    _ source: ResourceID, for scope: Scope, _ error: QueryError?, at now: Timestamp
  ) -> SourceQueue.Ticket? {
    sources[source]?.health.record(error, at: now)
    return sources[source]?.queue.finish(for: scope.tenant ?? "")
  }

  /// How each source stands, sorted.
  package var sourceStatus: [SourceStatus] {
    sources.values.map { source in
      SourceStatus(
        id: source.definition.id, health: source.health, running: source.queue.running, waiting: source.queue.waiting)
    }.sorted { $0.id < $1.id }
  }
}

/// How a data source stands at one moment.
package struct SourceStatus: Hashable, Sendable {
  package let id: ResourceID
  package let health: SourceHealth
  /// Queries under way, and those that wait for their turn.
  package let running: Int
  package let waiting: Int
}
