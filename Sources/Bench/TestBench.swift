import Foundation

/// `belfry test` over generated unit tests, beside promtool over the same files.
func benchTests(_ belfry: String, files: Int, runs: Int) throws {
  let repository = try GeneratedRepository(files: files)
  defer { repository.remove() }
  let paths = try (0..<files).map { try repository.addUnitTest($0) }
  let ours = (0..<runs).map { _ in Child.run([belfry, "test", repository.folder]) }
  guard ours.allSatisfy({ $0.code == 0 }) else { fail("the generated unit tests fail") }
  let groups = Double(files * GeneratedRepository.testsPerFile)
  let cpu = Spread(ours.map { $0.cpu / groups * 1000 })
  report(
    Figure(
      "test \(files) files × \(GeneratedRepository.testsPerFile) groups: wall", Spread(ours.map(\.wall)).text("s", 2)))
  report(Figure("  processor time a group", cpu.text("ms", 2)))
  report(Figure("  peak memory", Spread(ours.map(\.peakMB)).text("MB", 0)))
  let theirs = Child.run(["promtool", "test", "rules"] + paths)
  guard theirs.code == 0 else { return report(Figure("  promtool test rules", "not installed, or the tests fail")) }
  let peer = theirs.cpu / groups * 1000
  report(Figure("  promtool test rules, processor time a group", String(format: "%.2f ms", peer)))
  report(Figure("  promtool / belfry", String(format: "%.1f ×", peer / cpu.median), target: "10 ×"))
}

extension GeneratedRepository {
  /// The test groups of a generated file.
  static let testsPerFile = 3

  /// Writes a unit test for the rules of file `number`; returns its path.
  func addUnitTest(_ number: Int) throws -> String {
    let rules = Self.path(number)
    let path = String(rules.dropLast(5)) + "-test.yaml"
    let name = URL(fileURLWithPath: rules).lastPathComponent
    var text = "rule_files: [\(name)]\nevaluation_interval: 1m\ntests:\n"
    for test in 0..<Self.testsPerFile { text += Self.test(test, of: number) }
    try write(path, text)
    return folder + "/" + path
  }

  /// Half an hour in which every request fails; every rule fires with a value that its annotation shows.
  private static func test(_ test: Int, of number: Int) -> String {
    var text = "- name: group \(test)\n  interval: 1m\n  input_series:\n"
    for rule in 0..<10 {
      for instance in 0..<3 {
        text += """
            - series: 'http_requests_total{service="s\(number)", code="500", rule="\(rule)", instance="i\(instance)", job="j"}'
              values: '0+\(60 * (rule + 1 + test))x30'

          """
      }
    }
    // Each rule's share of all requests is below 1, so nothing fires: what is tested is the whole evaluation.
    text += "  alert_rule_test:\n  - {alertname: ServiceErrors0, eval_time: 20m, exp_alerts: []}\n"
    text += "  promql_expr_test:\n  - expr: count(http_requests_total)\n    eval_time: 10m\n"
    text += "    exp_samples: [{labels: '{}', value: 30}]\n"
    return text
  }
}
