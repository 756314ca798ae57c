import Model
import PromQL
import Specs
import Templates

// What runs outside the actor: queries, templates' queries, and writing.
extension EvaluatorRunner {
  /// Evaluates the rules of a group that is due, in order.
  @concurrent nonisolated func evaluate(_ due: Schedule.Due) async {
    guard let turn = await turn(due) else { return await finish(due) }
    let started = clock.now
    var reported = started
    var answers: [RuleAnswer] = []
    for index in turn.definition.spec.rules.indices where turn.includes(index) {
      // A rule's samples are written before the next rule asks.
      let isWritten = answers.last?.destination != nil
      if isWritten || !answers.isEmpty && clock.now - reported >= Self.reportPause {
        await commit(answers, due, took: clock.now - started, isComplete: false)
        answers = []
        reported = clock.now
      }
      guard let answer = await answer(rule: index, of: turn.definition, due) else { return await finish(due) }
      answers.append(answer)
    }
    await commit(answers, due, took: clock.now - started, isComplete: true)
    await finish(due)
  }

  @concurrent private nonisolated func commit(
    _ answers: [RuleAnswer], _ due: Schedule.Due, took duration: Duration, isComplete: Bool
  ) async {
    for write in await report(answers, due, took: duration, isComplete: isComplete) { await perform(write, for: due) }
  }

  /// Hands samples to their sink; how it went is noted where that is news.
  @concurrent nonisolated func perform(_ write: RuleWrite, for due: Schedule.Due?) async {
    var failure: SampleWriteError?
    do throws(SampleWriteError) {
      try await write.sink.write(write.samples, at: write.at)
    } catch {
      failure = error
    }
    if failure != nil || write.isRecovery { await wrote(write, due, failure) }
  }

  private nonisolated func answer(
    rule index: Int, of definition: GroupDefinition, _ due: Schedule.Due
  ) async -> RuleAnswer? {
    let started = clock.now
    switch await permit(rule: index, of: definition, due) {
    case .gone: return nil
    case .refused(let failure):
      return RuleAnswer(index: index, result: .failure(failure), duration: .zero, sourceURL: "")
    case .granted(let query):
      var templateAnswers: [String: TemplateAnswer] = [:]
      let result: Result<QueryAnswer, QueryError>
      do throws(QueryError) {
        let instant = due.instant - (definition.spec.queryOffset ?? .zero)
        let answer = try await query.connection.query(query.expression, at: instant, timeout: query.timeout)
        if !answer.samples.isEmpty, definition.spec.rules[index].mentionsQuery {
          templateAnswers = try await self.templateAnswers(answer, query, rule: index, of: definition, due)
        }
        result = .success(answer)
      } catch {
        result = .failure(error)
      }
      await release(query.source, of: definition.context.scope, result)
      if case .failure(.cancelled) = result { return nil }
      var answer = RuleAnswer(
        index: index, result: result.mapError { .query($0) }, duration: clock.now - started,
        sourceURL: query.sourceURL, destination: query.destination)
      answer.templateAnswers = templateAnswers
      return answer
    }
  }

  /// What templates need to know before the rule goes on; asked within the rule's place at its source.
  private nonisolated func templateAnswers(
    _ answer: QueryAnswer, _ query: RuleQuery, rule index: Int, of definition: GroupDefinition, _ due: Schedule.Due
  ) async throws(QueryError) -> [String: TemplateAnswer] {
    let templates =
      await templates(rule: index, due) ?? RuleTemplates(definition, rule: index, sourceURL: query.sourceURL)
    let scene = RuleScene(context: definition.context, now: due.instant)
    var queries = TemplateQueries(query, templates, in: scene)
    return try await queries.answers(for: answer.samples)
  }
}
