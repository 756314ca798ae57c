import Diagnostics
import Model
import PromQL
import Specs

/// Everything that was read for a run of tests, before any of them runs.
struct RehearsalPlan: Sendable {
  /// A file of rules, read once for all tests that name it.
  typealias RuleFile = SpecFile

  /// A file of tests with the names of its rule files, resolved.
  struct Entry: Sendable {
    var file: UnitTestFile
    /// Keys of ``ruleFiles``, each once, in the order of the file; `nil` where the scope's rules are meant.
    var ruleFiles: [String]?
  }

  var entries: [Entry]
  var ruleFiles: [String: RuleFile]
  /// What is around the files that stand in a spec repository, by its root.
  var surroundings: [String: SpecSurroundings] = [:]
  /// The root of the spec repository of each file that stands in one, by the file's path.
  var roots: [String: String] = [:]
}

extension RehearsalPlan {
  /// Puts rules and tests together; what can't be run has its problems in its outcome.
  func rehearsals() -> [(outcome: TestFileOutcome, rehearsal: Rehearsal?)] {
    var expressions: [String: Result<Expr, ExpressionProblem>] = [:]
    var rules: [String: (resources: [Resource], problems: [Diagnostic])] = [:]
    for (key, file) in ruleFiles { rules[key] = Self.judge(file, &expressions) }
    return entries.map { entry in
      var outcome = TestFileOutcome(path: entry.file.path)
      outcome.problems = entry.file.diagnostics.all.filter { $0.severity == .error }
      guard let spec = entry.file.spec else {
        if outcome.problems.isEmpty { outcome.problems = [Self.noTests(in: entry.file.path)] }
        return (outcome, nil)
      }
      let surroundings = roots[entry.file.path].flatMap { self.surroundings[$0] }
      var resources: [Resource] = []
      if let names = entry.ruleFiles {
        for name in names {
          resources += rules[name]?.resources ?? []
          outcome.problems += rules[name]?.problems ?? []
        }
      } else if let scope = entry.file.scope {
        resources = surroundings?.groups(of: scope) ?? []
      }
      guard outcome.problems.isEmpty else { return (outcome, nil) }
      let asked = spec.tests.flatMap { $0.samples.map(\.expression) }
      for expression in asked { _ = Self.read(expression.text, &expressions) }
      for resource in resources { _ = Self.problems(of: resource, &expressions) }
      let plan = RulePlan(resources, order: spec.groupOrder) { try? expressions[$0]?.get() }
      let own = Dictionary(
        asked.compactMap { place in (try? expressions[place.text]?.get()).map { (place.text, $0) } }
      ) { first, _ in first }
      let rehearsal = Rehearsal(
        path: entry.file.path, spec: spec, scope: entry.file.scope, plan: plan, surroundings: surroundings,
        expressions: own)
      return (outcome, rehearsal)
    }
  }

  /// The rules of a file and its errors, those of expressions among them.
  private static func judge(
    _ file: RuleFile, _ expressions: inout [String: Result<Expr, ExpressionProblem>]
  ) -> (resources: [Resource], problems: [Diagnostic]) {
    var problems = file.diagnostics.all.filter { $0.severity == .error }
    if problems.isEmpty { problems = file.resources.flatMap { Self.problems(of: $0, &expressions) } }
    return (file.resources.filter { $0.id.kind == .ruleGroup }, problems)
  }

  /// The errors of a group's expressions.
  private static func problems(
    of resource: Resource, _ expressions: inout [String: Result<Expr, ExpressionProblem>]
  ) -> [Diagnostic] {
    guard case .ruleGroup(let group) = resource.spec else { return [] }
    return group.rules.enumerated().compactMap { index, rule in
      guard case .failure(let problem) = read(rule.expression.text, &expressions) else { return nil }
      let lines = resource.origin.ruleLines
      let line = SourcePosition(line: index < lines.count ? Int(lines[index]) : resource.origin.line, column: 1)
      return Diagnostic(
        .error, "malformed-expression", "the expression of '\(rule.name)' can't be read: \(problem.message)",
        at: SourceSpan(file: resource.origin.file, range: SourceRange(line, line)), fix: problem.fix)
    }
  }

  private static func read(
    _ text: String, _ expressions: inout [String: Result<Expr, ExpressionProblem>]
  ) -> Result<Expr, ExpressionProblem> {
    if let known = expressions[text] { return known }
    let parsed = Expr.parse(text)
    let result: Result<Expr, ExpressionProblem>
    if let expr = parsed.expr {
      result = .success(expr)
    } else {
      result = .failure(parsed.problems.first ?? ExpressionProblem("it can't be read", at: 0..<0))
    }
    expressions[text] = result
    return result
  }

  private static func noTests(in path: String) -> Diagnostic {
    let first = SourcePosition(line: 1, column: 1)
    return Diagnostic(
      .error, "unknown-document", "no unit test is in the file", at: SourceSpan(file: path, range: .init(first, first)),
      fix: "a unit test begins with 'rule_files:' and 'tests:'")
  }
}
