import Evaluator
import Model
import Specs

/// What the rules of a test and its live alerts get from their scope.
struct TestContexts: Sendable {
  private let test: UnitTest
  private let surroundings: SpecSurroundings?

  init(_ test: UnitTest, _ surroundings: SpecSurroundings?) {
    self.test = test
    self.surroundings = surroundings
  }

  /// For rules: as in promtool, external labels are for templates, and alerts have the labels of their rule alone.
  func rules(in scope: Scope) -> RuleContext {
    RuleContext(
      scope: scope, settings: settings(of: scope), scopeLabels: ScopeLabels(tenant: nil, project: nil),
      externalURL: test.externalURL, addsLabels: false)
  }

  /// What live alerts of a scope have besides the labels of their rule.
  func addedLabels(in scope: Scope) -> Labels {
    RuleContext(scope: scope, settings: settings(of: scope)).addedLabels
  }

  /// The settings of a scope and of those above it, the test's own external labels before them.
  private func settings(of scope: Scope) -> [ScopeSettings] {
    var own = ScopeSettings()
    own.externalLabels = test.externalLabels
    return [own] + (surroundings?.settings(of: scope) ?? [])
  }
}
