import Diagnostics
import Model

/// What became of a file of unit tests.
struct TestFileOutcome: Sendable {
  /// As it was named.
  var path: String
  /// Errors of the file and of the rule files that it names; with any, none of its tests ran.
  var problems: [Diagnostic] = []
  var tests: [TestOutcome] = []

  var isGood: Bool { problems.isEmpty && tests.allSatisfy { $0.verdict != .failed } }
}

/// What became of one entry of `tests`.
struct TestOutcome: Sendable {
  /// The sum of its checks.
  enum Verdict: String, Sendable {
    case passed, failed
    /// Nothing failed, and something needs what this version doesn't have.
    case setAside = "set aside"
  }

  /// `""` without one.
  var name: String
  /// Its place among the tests of its file, from 1.
  var number: Int
  var place: SourceSpan
  /// How many expectations it has.
  var checks = 0
  var failures: [TestFailure] = []
  /// What was not checked, and why.
  var setAside: [String] = []
  /// What is worth knowing of a test that passed.
  var remarks: [String] = []
  var took: Duration = .zero

  var verdict: Verdict {
    if !failures.isEmpty { return .failed }
    return setAside.isEmpty ? .passed : .setAside
  }

  /// Its name, or its number where it has none.
  var title: String { name.isEmpty ? "test \(number)" : name }

  /// Takes down what went wrong, with the place in the test's file.
  mutating func fail(
    _ check: TestFailure.Check, at range: SourceRange, _ title: String, _ message: String,
    _ difference: [DifferenceLine] = []
  ) {
    failures.append(
      TestFailure(
        check: check, span: SourceSpan(file: place.file, range: range), title: title, message: message,
        difference: difference))
  }
}

/// An expectation that was not met, or a test that could not be run to its end.
struct TestFailure: Sendable {
  /// What was expected there.
  enum Check: String, Sendable {
    case alert = "alert_rule_test"
    case expression = "promql_expr_test"
    case route = "route_test"
    case messages = "notification_test"
    /// The rules themselves could not be evaluated.
    case rules
  }

  var check: Check
  /// Where the expectation stands.
  var span: SourceSpan
  /// What was looked at: `alert CheckoutErrors at 5m`.
  var title: String
  /// Why it failed, in a few words.
  var message: String
  var difference: [DifferenceLine] = []
}

/// A line of the difference between what was expected and what came.
struct DifferenceLine: Hashable, Sendable {
  /// Which of the two a line belongs to.
  enum Side: String, Sendable {
    case both = " "
    case expected = "-"
    case got = "+"
  }

  var side: Side
  var text: String

  init(_ side: Side, _ text: String) {
    self.side = side
    self.text = text
  }
}
