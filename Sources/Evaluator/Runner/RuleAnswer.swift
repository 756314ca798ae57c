package import Templates

/// What one rule's query brought.
package struct RuleAnswer: Sendable {
  package var index: Int
  package var result: Result<QueryAnswer, RuleFailure>
  package var duration: Duration
  /// The source's address for people.
  package var sourceURL: String
  /// Where the rule's samples go; `nil` where it has none to write.
  package var destination: RuleDestination?
  /// The answers to the queries that its templates ask, by their texts.
  package var templateAnswers: [String: TemplateAnswer] = [:]

  package init(
    index: Int, result: Result<QueryAnswer, RuleFailure>, duration: Duration, sourceURL: String,
    destination: RuleDestination? = nil
  ) {
    self.index = index
    self.result = result
    self.duration = duration
    self.sourceURL = sourceURL
    self.destination = destination
  }
}
