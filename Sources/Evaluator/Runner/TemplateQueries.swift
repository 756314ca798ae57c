import Model
import PromQL
import Specs
import Templates

/// The queries that a rule's templates ask: asked at the rule's own source, in rounds, until no template asks more.
struct TemplateQueries: Sendable {
  /// A template may build a query from the answer to another so many times.
  static let roundLimit = 10
  /// The most queries in one evaluation of a rule.
  static let queryLimit = 20
  /// Why a query beyond these limits has no answer.
  static let words = "it was not asked: a rule's templates may ask 20 queries in 10 rounds"

  let query: RuleQuery
  let templates: RuleTemplates
  private(set) var scene: RuleScene

  init(_ query: RuleQuery, _ templates: RuleTemplates, in scene: RuleScene) {
    self.query = query
    self.templates = templates
    self.scene = scene
  }

  /// All answers, by the queries' texts.
  ///
  /// A query that fails is an error of the template, in whose place words stand, as in Prometheus. Where a label depends
  /// on it and the source is at fault the rule fails instead: other labels would be another alert.
  mutating func answers(for samples: [QuerySample]) async throws(QueryError) -> [String: TemplateAnswer] {
    var asked = 0
    for _ in 0..<Self.roundLimit {
      let missing = templates.missingQueries(samples, in: scene, limit: Self.queryLimit - asked)
      guard !missing.isEmpty else { return scene.answers }
      for wanted in missing { scene.answers[wanted.expression] = try await answer(wanted) }
      asked += missing.count
      guard asked < Self.queryLimit else { break }
    }
    return scene.answers
  }

  private func answer(_ wanted: TemplateQuery) async throws(QueryError) -> TemplateAnswer {
    var expression = wanted.expression
    if let binding = query.binding {
      do throws(RuleFailure) {
        expression = try BoundExpression(expression, to: binding).text(for: query.source)
      } catch {
        return .failed(error.description)
      }
    }
    do throws(QueryError) {
      let answer = try await query.connection.query(expression, at: scene.now, timeout: query.timeout)
      return .samples(answer.samples.map { TemplateSample($0.labels, $0.value) })
    } catch {
      guard error != .cancelled, !(wanted.isForLabel && error.isSourceFault) else { throw error }
      return .failed(error.description)
    }
  }
}

extension Rule {
  /// Whether a label or an annotation may ask a query: whether one has the word in it.
  var mentionsQuery: Bool {
    labels.contains { $0.value.mentionsQuery } || annotations.contains { $0.value.mentionsQuery }
  }
}

extension String {
  fileprivate var mentionsQuery: Bool {
    guard Template.hasActions(self) else { return false }
    var rest = utf8[...]
    while let start = rest.firstIndex(of: UInt8(ascii: "q")) {
      rest = rest[start...]
      if rest.starts(with: "query".utf8) { return true }
      rest = rest.dropFirst()
    }
    return false
  }
}
