import Evaluator
import Model
import PromQL
import Specs
import Templates

/// A rule group under a virtual clock: the live group's state, with its queries prepared once.
struct RehearsedGroup: Sendable {
  private var state: RuleGroupState
  /// One for each rule, in order.
  private let expressions: [Expr]
  private let settings: EngineSettings
  private let destination: RuleDestination
  /// One for each rule; `nil` where it is evaluated step by step.
  private var forecasts: [RuleForecast?] = []
  /// Of each rule, whether a template may ask for samples itself.
  private let asksQueries: [Bool]
  /// Whether the series of alerts are written; costly, and mostly nobody reads them.
  var writesAlerts = true

  init?(_ group: RulePlan.Group, _ context: RuleContext, _ settings: EngineSettings) {
    guard let definition = GroupDefinition(group.resource, context: context) else { return nil }
    state = RuleGroupState(definition)
    destination = RuleDestination(source: group.resource.id, sink: NoSink())
    expressions = group.expressions
    asksQueries = group.spec.rules.map { rule in
      rule.purpose == .alert && (rule.labels + rule.annotations).contains { $0.value.contains("query") }
    }
    self.settings = settings
  }

  /// What the selectors of the rules ask for.
  var matchers: [[Matcher]] {
    expressions.flatMap { $0.selections(settings).map(\.matchers) }
  }

  /// Evaluates ahead what can be.
  ///
  /// `written`: the names of all series that rules write. `last`: the last evaluation.
  mutating func look(ahead written: Set<String>, every interval: Duration, through last: Timestamp) {
    let last = last - (state.definition.spec.queryOffset ?? .zero)
    forecasts = expressions.map { expression in
      RuleForecast(
        expression, reading: expression.selections(settings), written: written, every: interval, through: last, settings
      )
    }
  }

  /// The names of the series that its rules record.
  var recorded: [String] {
    state.definition.spec.rules.compactMap { $0.purpose == .record ? $0.name : nil }
  }

  /// Whether a template of any rule may ask for samples itself.
  var hasQueriesInTemplates: Bool { asksQueries.contains(true) }

  /// Evaluates the rules in order, each seeing what those before it wrote.
  mutating func step(
    at now: Timestamp, _ inputs: SeriesStore, _ store: inout SeriesStore, _ transitions: inout [AlertTransition]
  ) throws(RehearsalFailure) {
    let instant = now - (state.definition.spec.queryOffset ?? .zero)
    for (index, rule) in state.definition.spec.rules.enumerated() where rule.enabled {
      let samples: [QuerySample]
      do throws(EvaluationError) {
        if let forecast = forecasts[index]?.samples(at: instant, in: inputs) {
          samples = forecast
        } else {
          samples = try expressions[index].samples(at: instant, in: store, settings)
        }
      } catch {
        throw RehearsalFailure(
          rule: rule.name, time: now, words: error.description, isSetAside: error == .nativeHistogram)
      }
      var answer = RuleAnswer(
        index: index, result: .success(QueryAnswer(samples: samples)), duration: .zero, sourceURL: "",
        destination: rule.purpose == .record || writesAlerts ? destination : nil)
      if asksQueries[index] { answer.templateAnswers = templateAnswers(of: index, samples, at: now, store) }
      let step = state.step(answer, at: now)
      if case .failing(let failure, _) = state.rules[index].health {
        throw RehearsalFailure(rule: rule.name, time: now, words: failure.description)
      }
      for sample in step.samples { store.append(sample.value, at: instant, to: store.position(of: sample.labels)) }
      transitions += step.transitions
      transitions += step.refreshed.map {
        AlertTransition(from: .firing, alert: $0, reason: .conditionMet, at: now)
      }
    }
  }

  /// The answers to the queries that a rule's templates ask, which may depend on one another.
  private func templateAnswers(
    of index: Int, _ samples: [QuerySample], at now: Timestamp, _ store: SeriesStore
  ) -> [String: TemplateAnswer] {
    var answers: [String: TemplateAnswer] = [:]
    for _ in 0..<10 {
      let queries = state.templateQueries(rule: index, samples, answers: answers, at: now)
      guard !queries.isEmpty else { break }
      for query in queries { answers[query] = Self.answer(to: query, at: now, store, settings) }
    }
    return answers
  }

  private static func answer(
    to query: String, at now: Timestamp, _ store: SeriesStore, _ settings: EngineSettings
  ) -> TemplateAnswer {
    let parsed = Expr.parse(query)
    guard let expression = parsed.expr else { return .failed(parsed.problems.first?.message ?? "it can't be read") }
    do throws(EvaluationError) {
      return .samples(try expression.samples(at: now, in: store, settings).map { TemplateSample($0.labels, $0.value) })
    } catch {
      return .failed(error.description)
    }
  }

  /// The alerts of a name, whether they fire or are pending; `nil` where no alert has it.
  func alerts(_ name: String) -> [ActiveAlert]? {
    let named = zip(state.definition.spec.rules, state.rules).filter { $0.0.purpose == .alert && $0.0.name == name }
    return named.isEmpty ? nil : named.flatMap { $0.1.alerts }
  }
}

/// Stands where a live rule has its place for samples: here they go to the store at once.
private struct NoSink: SampleSink {
  func write(_ samples: [QuerySample], at instant: Timestamp) async throws(SampleWriteError) {}
}
