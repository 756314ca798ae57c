package import Model
package import PromQL
import Specs

/// What a rule asks its source, for whoever asks outside the runner: what a plan would have fire.
///
/// It asks as the runner does: bound to the tenant where the source is shared, and with the queries of templates.
package struct RuleQuestion: Sendable {
  package let definition: GroupDefinition
  /// The rule's place in its group.
  package let rule: Int
  private let query: RuleQuery

  fileprivate init(_ definition: GroupDefinition, rule: Int, _ query: RuleQuery) {
    self.definition = definition
    self.rule = rule
    self.query = query
  }

  /// Who is asked.
  package var source: ResourceID { query.source }

  /// What is asked: the rule's expression, with the tenant's label in it where the source is shared.
  package var expression: String { query.expression }

  /// Asks for the instant of an evaluation at `now`.
  package func answer(at now: Timestamp) async -> RuleAnswer {
    var answer = RuleAnswer(
      index: rule, result: .failure(.query(.cancelled)), duration: .zero, sourceURL: query.sourceURL)
    do throws(QueryError) {
      let instant = now - (definition.spec.queryOffset ?? .zero)
      let samples = try await query.connection.query(query.expression, at: instant, timeout: query.timeout)
      answer.result = .success(samples)
      guard !samples.samples.isEmpty, asksInTemplates else { return answer }
      let templates = RuleTemplates(definition, rule: rule, sourceURL: query.sourceURL)
      var queries = TemplateQueries(query, templates, in: RuleScene(context: definition.context, now: now))
      answer.templateAnswers = try await queries.answers(for: samples.samples)
    } catch {
      answer.result = .failure(.query(error))
    }
    return answer
  }

  /// Asks for a stretch of time; `timeout` is that of one query, where it is longer than the source's own.
  package func series(over times: QueryTimes, timeout: Duration) async throws(QueryError) -> [SampleSeries] {
    let answer = try await query.connection.queryValue(
      query.expression, times, timeout: max(timeout, query.timeout))
    guard case .matrix(let series) = answer.value else { throw .unexpected(answer.value.typeName) }
    return series
  }

  /// Whether a label or an annotation may ask a query of its own.
  package var asksInTemplates: Bool { definition.spec.rules[rule].mentionsQuery }
}

extension EvaluatorState {
  /// What a rule of a group asks, or why it can't ask anything.
  package mutating func question(rule index: Int, of definition: GroupDefinition) throws(RuleFailure) -> RuleQuestion {
    RuleQuestion(definition, rule: index, try query(rule: index, of: definition))
  }
}
