import Model
import Templates

/// What all samples of one evaluation have in common when their templates are expanded.
struct RuleScene: Sendable {
  let context: RuleContext
  /// The instant of the evaluation.
  let now: Timestamp
  /// What is known of the queries that templates ask, by their texts.
  var answers: [String: TemplateAnswer]

  init(context: RuleContext, now: Timestamp, answers: [String: TemplateAnswer] = [:]) {
    self.context = context
    self.now = now
    self.answers = answers
  }
}
