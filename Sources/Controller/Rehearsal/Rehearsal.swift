import Diagnostics
import Evaluator
import Model
import Notifier
import PromQL
import Specs

/// A file of unit tests with everything that its tests need: pure, so that tests may run in any order and at once.
struct Rehearsal: Sendable {
  let path: String
  let spec: UnitTestSpec
  /// The scope of the file's place; `nil` outside a spec repository.
  let scope: Scope?
  let plan: RulePlan
  /// `nil` outside a spec repository.
  let surroundings: SpecSurroundings?
  /// Expressions by their text, read once for all tests.
  let expressions: [String: Expr]

  /// Runs one test.
  func run(_ index: Int) -> TestOutcome {
    let test = spec.tests[index]
    var outcome = TestOutcome(
      name: test.name, number: index + 1, place: SourceSpan(file: path, range: test.range))
    outcome.checks = test.alerts.count + test.samples.count + test.routes.count + test.messages.count
    var older = outcome
    TestRun(self, test, includesWindowStart: false).run(&outcome)
    guard outcome.verdict == .failed, !(test.alerts.isEmpty && test.samples.isEmpty) else { return outcome }
    // Tests that were written for Prometheus 2 often rely on a sample that is just as old as the lookback.
    TestRun(self, test, includesWindowStart: true).run(&older)
    guard older.verdict != .failed else { return outcome }
    older.remarks.append(Self.windowRemark)
    return older
  }

  private static let windowRemark =
    "passes only where a sample as old as the lookback still counts, as before Prometheus 3"
}

/// One test under its virtual clock.
struct TestRun {
  let file: Rehearsal
  let test: UnitTest
  private var rules: RuleRehearsal
  private(set) var notifications: NotificationRehearsal?

  /// `includesWindowStart`: whether a sample as old as the lookback counts, as it did before Prometheus 3.
  init(_ file: Rehearsal, _ test: UnitTest, includesWindowStart: Bool) {
    self.file = file
    self.test = test
    var settings = EngineSettings()
    settings.windowsIncludeStart = includesWindowStart
    settings.defaultStep = file.spec.evaluationInterval
    let contexts = TestContexts(test, file.surroundings)
    let read = test.samples.compactMap { file.expressions[$0.expression.text] }
    rules = RuleRehearsal(
      test, file.plan, settings: settings, every: file.spec.evaluationInterval, read: read
    ) { contexts.rules(in: $0) }
    guard let surroundings = file.surroundings, !test.messages.isEmpty else { return }
    notifications = NotificationRehearsal(
      surroundings.configuration(at: test.start, externalURL: test.externalURL)
    ) { contexts.addedLabels(in: $0) }
  }

  var contexts: TestContexts { TestContexts(test, file.surroundings) }
  /// Whom routes and channels are looked up for.
  var owner: Scope { test.scope ?? file.scope ?? .platform }

  consuming func run(_ outcome: inout TestOutcome) {
    checkRoutes(&outcome)
    guard hasSurroundings(&outcome) else { return }
    do throws(RehearsalFailure) {
      try step(&outcome)
    } catch {
      report(error, &outcome)
      return
    }
    checkSamples(&outcome)
    checkMessages(&outcome)
  }

  /// Moves the clock from one evaluation to the next, up to the last expectation.
  private mutating func step(_ outcome: inout TestOutcome) throws(RehearsalFailure) {
    let interval = max(file.spec.evaluationInterval, .milliseconds(1))
    let end = test.start + test.length
    let alerts = Dictionary(grouping: test.alerts) { $0.time.wholeMilliseconds / interval.wholeMilliseconds }
    var number: Int64 = 0
    var now = test.start
    while now <= end {
      notifications?.run(before: now)
      let transitions = try rules.step(at: now)
      notifications?.receive(transitions, at: now)
      // An expectation between two evaluations is compared with the earlier one, as in promtool.
      for expectation in (alerts[number] ?? []).sorted(by: { $0.time < $1.time }) { check(expectation, &outcome) }
      number += 1
      now = now + interval
    }
    notifications?.run(through: end)
  }

  private func report(_ failure: RehearsalFailure, _ outcome: inout TestOutcome) {
    let time = (failure.time - test.start).prometheus
    if failure.isSetAside {
      outcome.setAside.append("rule \(failure.rule) reads native histograms, which are not evaluated")
    } else {
      outcome.fail(.rules, at: outcome.place.range, "rule \(failure.rule) at \(time)", failure.words)
    }
  }

  // MARK: - Rules

  private func check(_ expectation: AlertExpectation, _ outcome: inout TestOutcome) {
    let known = rules.alerts(expectation.name)
    let got = (known ?? []).filter { $0.state == .firing }.map {
      ComparedAlert(labels: $0.labels.pairs, annotations: $0.annotations)
    }
    let difference = AlertDifference(expected: expectation.alerts, got: got)
    guard !difference.isEmpty else { return }
    let pending = (known ?? []).count { $0.state == .pending }
    var summary = difference.summary
    if known == nil {
      summary += "; no rule has this name"
    } else if difference.missing > 0, pending > 0 {
      summary += "; \(pending) \(pending == 1 ? "is" : "are") pending, not yet for as long as 'for'"
    }
    outcome.fail(
      .alert, at: expectation.range, "alert \(expectation.name) at \(expectation.time.prometheus)", summary,
      difference.lines)
  }

  private func checkSamples(_ outcome: inout TestOutcome) {
    for expectation in test.samples {
      let text = expectation.expression.text
      let title = "expr \(text.onOneLine) at \(expectation.time.prometheus)"
      guard !expectation.samples.contains(where: \.isHistogram) else {
        outcome.setAside.append(title + ": native histograms are not compared")
        continue
      }
      guard let expression = file.expressions[text] else { continue }
      do throws(EvaluationError) {
        let got = try rules.samples(of: expression, at: test.start + expectation.time)
        let difference = SampleDifference(
          expected: expectation.samples, got: got, isFuzzy: file.spec.fuzzyCompare)
        guard !difference.lines.isEmpty else { continue }
        outcome.fail(.expression, at: expectation.range, title, difference.summary, difference.lines)
      } catch {
        if error == .nativeHistogram {
          outcome.setAside.append(title + ": native histograms are not evaluated")
        } else {
          outcome.fail(.expression, at: expectation.expression.range, title, error.description)
        }
      }
    }
  }
}

extension String {
  /// Without line breaks and their indentation, at most 100 characters.
  var onOneLine: String {
    let line = split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count > 100 ? String(line.prefix(99)) + "…" : line
  }
}
