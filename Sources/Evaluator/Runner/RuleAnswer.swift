/// What one rule's query brought.
package struct RuleAnswer: Sendable {
  package var index: Int
  package var result: Result<QueryAnswer, RuleFailure>
  package var duration: Duration
  /// The source's address for people.
  package var sourceURL: String

  package init(index: Int, result: Result<QueryAnswer, RuleFailure>, duration: Duration, sourceURL: String) {
    self.index = index
    self.result = result
    self.duration = duration
    self.sourceURL = sourceURL
  }
}
