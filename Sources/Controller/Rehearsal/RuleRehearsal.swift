import Evaluator
import Model
import PromQL
import Specs

/// The rules of one test under a virtual clock: the live evaluator's states, over series in memory.
struct RuleRehearsal: Sendable {
  private(set) var store = SeriesStore()
  /// All that the test feeds in, from the beginning on.
  private var inputs = SeriesStore()
  private var feed: InputFeed
  private var groups: [RehearsedGroup]
  private let settings: EngineSettings

  /// `read`: the expressions that are asked at the end. `interval`: the distance of evaluations.
  init(
    _ test: UnitTest, _ plan: RulePlan, settings: EngineSettings, every interval: Duration, read: [Expr],
    context: (Scope) -> RuleContext
  ) {
    self.settings = settings
    groups = plan.groups.compactMap { RehearsedGroup($0, context($0.resource.id.scope), settings) }
    var selectors = groups.flatMap(\.matchers)
    for matchers in selectors {
      store.register(matchers)
      inputs.register(matchers)
    }
    for expression in read {
      selectors += expression.selections(settings).map(\.matchers)
    }
    let names: Set = ["ALERTS", "ALERTS_FOR_STATE"]
    let readsAlerts =
      groups.contains(where: \.hasQueriesInTemplates)
      || selectors.contains { matchers in
        names.contains { name in matchers.allSatisfy { $0.name != "__name__" || $0.accepts(name) } }
      }
    let written = names.union(groups.flatMap(\.recorded))
    let last = test.start + test.length
    for index in groups.indices {
      groups[index].writesAlerts = readsAlerts
      groups[index].look(ahead: written, every: interval, through: last)
    }
    feed = InputFeed(test, into: &store)
    var whole = InputFeed(test, into: &inputs)
    whole.load(through: last, into: &inputs)
  }

  /// Feeds in what has come up to `now` and evaluates every group.
  mutating func step(at now: Timestamp) throws(RehearsalFailure) -> [AlertTransition] {
    feed.load(through: now, into: &store)
    var transitions: [AlertTransition] = []
    for index in groups.indices { try groups[index].step(at: now, inputs, &store, &transitions) }
    return transitions
  }

  /// The alerts of a name, whether they fire or are pending; `nil` where no rule has it.
  func alerts(_ name: String) -> [ActiveAlert]? {
    let found = groups.compactMap { $0.alerts(name) }
    return found.isEmpty ? nil : found.flatMap(\.self)
  }

  /// What an expression gives at an instant, a scalar being one sample without labels.
  func samples(of expression: Expr, at instant: Timestamp) throws(EvaluationError) -> [QuerySample] {
    try expression.samples(at: instant, in: store, settings)
  }
}

extension Expr {
  /// What the selectors ask for; nothing where a duration has no value.
  func selections(_ settings: EngineSettings) -> [Selection] {
    (try? PreparedQuery(self, times: QueryTimes(at: .epoch), settings: settings))?.selections ?? []
  }

  /// The value at an instant, a scalar being one sample without labels.
  func samples(
    at instant: Timestamp, in store: SeriesStore, _ settings: EngineSettings
  ) throws(EvaluationError) -> [QuerySample] {
    try PreparedQuery(self, times: QueryTimes(at: instant), settings: settings).evaluate(store).value.samples()
  }
}

extension QueryValue {
  /// The elements of a vector, a scalar being one without labels; the other kinds are no rule's result.
  func samples() throws(EvaluationError) -> [QuerySample] {
    switch self {
    case .vector(let samples): samples
    case .scalar(let value): [QuerySample(.empty, value)]
    case .string, .matrix: throw .failed("rule result is not a vector or scalar")
    }
  }
}
