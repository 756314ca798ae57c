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
  /// What keeps it to one tenant's series, where the source is shared.
  var binding: Label?
  /// Where the rule's samples go; `nil` where it has none to write.
  var destination: RuleDestination?
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
    if !change.removeSources.isEmpty || !change.putSources.isEmpty {
      findDefaultSources()
      for slot in groups.indices { setTreatments(of: &groups.values[slot]) }
      touchAll()
    }
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
  mutating func query(rule index: Int, of definition: GroupDefinition) throws(RuleFailure) -> RuleQuery {
    let rule = definition.spec.rules[index]
    let name = definition.sourceName(index)
    guard let id = source(name, in: definition.context.scope), let source = sources[id]?.definition else {
      throw .noSource(name)
    }
    let binding = source.binding(of: definition.context.scope)
    var query = RuleQuery(
      source: id, expression: rule.expression.text, timeout: source.timeout, connection: source.source,
      sourceURL: source.externalURL, binding: binding)
    if let binding { query.expression = try boundExpression(rule: index, of: definition, to: binding, at: id) }
    guard rule.purpose == .record || source.writesAlerts else { return query }
    if let sink = source.sink {
      query.destination = RuleDestination(source: id, sink: sink, binding: binding)
    } else if rule.purpose == .record {
      // An alert is worth more than the series that tell of it.
      throw .noSink(source: id.name)
    }
    return query
  }

  /// A rule's expression for one tenant; made when it is asked for first.
  private mutating func boundExpression(
    rule index: Int, of definition: GroupDefinition, to binding: Label, at source: ResourceID
  ) throws(RuleFailure) -> String {
    let expression = definition.spec.rules[index].expression.text
    guard let slot = groups.index(forKey: definition.id), groups.values[slot].rules.indices.contains(index) else {
      return try BoundExpression(expression, to: binding).text(for: source)
    }
    if !groups.values[slot].rules[index].binding.isFor(binding) {
      groups.values[slot].rules[index].binding = BoundExpression(expression, to: binding)
    }
    return try groups.values[slot].rules[index].binding.text(for: source)
  }

  /// Notes what becomes of each rule of a group with the sources there are.
  ///
  /// Series of rules that are left to the server from now on are the server's.
  func setTreatments(of group: inout RuleGroupState) {
    for (index, rule) in group.definition.spec.rules.enumerated() where rule.purpose == .record || !rule.enabled {
      let id = source(group.definition.sourceName(index), in: group.definition.context.scope)
      let recording = id.flatMap { sources[$0]?.definition.recording } ?? .external
      group.rules[index].treatment = rule.treatment(recording: recording)
      if group.rules[index].treatment == .external { group.rules[index].output = .nothing }
    }
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

extension EvaluatorSource {
  /// The label that keeps a scope to its own series; `nil` for the platform, or where the source tells nobody apart.
  fileprivate func binding(of scope: Scope) -> Label? {
    guard let tenantLabel, let tenant = scope.tenant else { return nil }
    return Label(tenantLabel, tenant)
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
