import Diagnostics
import Model
import PromQL
import YAML

extension Reading {
  /// Reads a unit-test document; `nil` when it is no mapping. What can't be read is told and left out.
  mutating func unitTest(_ root: YAMLNode) -> UnitTestSpec? {
    guard let fields = Fields(root, UnitTestFields.file, &self) else { return nil }
    var spec = UnitTestSpec()
    spec.ruleFiles = fields["rule_files"].map { node in
      items(node, "rule files").compactMap { placedText($0, "the name of a rule file") }
    }
    if spec.ruleFiles == nil, fields.isWritten("rule_files") { spec.ruleFiles = [] }
    if let interval = fields["evaluation_interval"].flatMap({ duration($0) }), interval > .zero {
      spec.evaluationInterval = interval
    }
    spec.groupOrder = fields["group_eval_order"].map { words($0, "groups").map(\.value) } ?? []
    spec.fuzzyCompare = fields["fuzzy_compare"].flatMap { boolean($0) } ?? false
    let tests = fields["tests"].map { items($0, "tests") } ?? []
    spec.tests = tests.compactMap { test($0, interval: spec.evaluationInterval) }
    return spec
  }

  private mutating func test(_ node: YAMLNode, interval: Duration) -> UnitTest? {
    guard let fields = Fields(node, UnitTestFields.test, &self) else { return nil }
    var test = UnitTest(at: node.range.firstLineStart)
    test.name = fields["name"].flatMap { text($0, "the name of a test") } ?? ""
    test.interval = interval
    if let own = fields["interval"].flatMap({ duration($0) }), own > .zero { test.interval = own }
    if let start = fields["start_timestamp"].flatMap({ instant($0) }) { test.start = start }
    test.externalLabels = Labels(fields["external_labels"].map { labels($0, .externalLabels) } ?? [])
    test.externalURL = fields["external_url"].flatMap { text($0, "an address") } ?? ""
    test.scope = owner(fields)
    test.alerts = list(fields["alert_rule_test"], "alerts to expect") { $0.alertExpectation($1) }
    test.samples = list(fields["promql_expr_test"], "expressions") { $0.sampleExpectation($1) }
    test.routes = list(fields["route_test"], "alerts to route") { $0.routeExpectation($1) }
    test.messages = list(fields["notification_test"], "messages to expect") { $0.messageExpectation($1) }
    let steps = test.length.wholeMilliseconds / max(1, test.interval.wholeMilliseconds)
    test.inputSeries = list(fields["input_series"], "series") { $0.inputSeries($1, steps: Int(steps)) }
    return test
  }

  /// Every item of a list that can be read; a missing list is empty.
  mutating func list<Item>(
    _ node: YAMLNode?, _ what: String, _ item: (inout Reading, YAMLNode) -> Item?
  ) -> [Item] {
    guard let node else { return [] }
    return items(node, what).compactMap { item(&self, $0) }
  }

  /// A text with its place; numbers and the like are texts too.
  mutating func placedText(_ node: YAMLNode, _ what: String) -> PlacedText? {
    word(node, what).map { PlacedText($0, at: node.range) }
  }

  /// The scope that `tenant` and `project` name; `nil` without them.
  mutating func owner(_ fields: Fields) -> Scope? {
    let project = fields["project"].flatMap { word($0, "the name of a project") }
    if let tenant = fields["tenant"].flatMap({ word($0, "the name of a tenant") }) {
      return project.map { .project(tenant: tenant, project: $0) } ?? .tenant(tenant)
    }
    guard let project else { return nil }
    guard let tenant = scope.tenant else {
      error(
        .missingField, "a project is named without its tenant", at: fields.place(of: "project"),
        fix: "add 'tenant: …'")
      return nil
    }
    return .project(tenant: tenant, project: project)
  }

  /// `start_timestamp`: RFC 3339, or seconds since 1970.
  private mutating func instant(_ node: YAMLNode) -> Timestamp? {
    guard let seconds = node.scalar?.double ?? node.text.flatMap(Double.init) else { return timestamp(node) }
    if let instant = Timestamp(secondsSinceEpoch: seconds) { return instant }
    error(.outOfRange, "\(Wording.short(node.text ?? "")) seconds are out of range", at: node.range)
    return nil
  }

  /// `steps`: the last value that the test can see; those behind it needn't be kept.
  private mutating func inputSeries(_ node: YAMLNode, steps: Int) -> InputSeries? {
    guard let fields = Fields(node, UnitTestFields.inputSeries, &self) else { return nil }
    let labels = fields.required("series", &self).flatMap { series($0) }
    var values: [SeriesNotation.Value]? = []
    if let node = fields["values"], let text = text(node, "values") {
      do throws(SeriesSyntaxError) {
        values = try SeriesNotation.values(of: Self.shortened(text, to: steps + 1))
      } catch {
        report(error, in: node)
        values = nil
      }
    }
    guard let labels, let values else { return nil }
    return InputSeries(labels, values: values)
  }

  /// The same values up to a number of them: tests like to say `0x10000000` for "always". Line breaks become blanks.
  private static func shortened(_ text: String, to limit: Int) -> String {
    var shortened: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      shortened.append(byte == UInt8(ascii: "\n") ? UInt8(ascii: " ") : byte)
      guard byte == UInt8(ascii: "x") else { continue }
      let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      guard digits.count > 4, Int(String(decoding: digits, as: UTF8.self)) ?? .max > limit else { continue }
      shortened += Array(String(limit).utf8)
      rest = rest.dropFirst(digits.count)
    }
    return String(decoding: shortened, as: UTF8.self)
  }

  /// A series as it is written: `up{job="api"}`.
  mutating func series(_ node: YAMLNode) -> Labels? {
    guard let text = text(node, "a series") else { return nil }
    do throws(SeriesSyntaxError) {
      return text.isEmpty ? .empty : try SeriesNotation.labels(of: text)
    } catch {
      report(error, in: node)
      return nil
    }
  }

  private mutating func report(_ problem: SeriesSyntaxError, in node: YAMLNode) {
    diagnostics.error("malformed-series", problem.message, at: span(place(of: problem.offset, in: node)))
  }
}

/// The fields of unit tests.
enum UnitTestFields {
  static let file: FieldNames = {
    var names = FieldNames(
      "a unit-test file",
      ["rule_files", "evaluation_interval", "group_eval_order", "fuzzy_compare", "tests"])
    names.answers = ["groups": "rules stand in a file of their own, which 'rule_files' names"]
    return names
  }()

  static let test: FieldNames = {
    var names = FieldNames(
      "a test",
      [
        "name", "interval", "start_timestamp", "input_series", "external_labels", "external_url", "tenant", "project",
        "alert_rule_test", "promql_expr_test", "route_test", "notification_test",
      ])
    names.dialects = ["metricsql_expr_test": "vmalert-tool"]
    return names
  }()

  static let inputSeries = FieldNames("an input series", ["series", "values"])

  static let alertTest: FieldNames = {
    var names = FieldNames("an alert test", ["eval_time", "alertname", "exp_alerts"])
    names.dialects = ["groupname": "vmalert-tool"]
    return names
  }()

  static let alert: FieldNames = {
    var names = FieldNames("an expected alert", ["exp_labels", "exp_annotations"])
    names.answers = ["labels": "write 'exp_labels'", "annotations": "write 'exp_annotations'"]
    return names
  }()

  static let toldAlert = FieldNames(
    "an alert of a message", ["alertname", "exp_labels", "exp_annotations"])

  static let sampleTest = FieldNames("an expression test", ["expr", "eval_time", "exp_samples"])
  static let sample = FieldNames("an expected sample", ["labels", "value", "histogram"])

  static let routeTest = FieldNames(
    "a route test", ["labels", "tenant", "project", "exp_channels", "exp_group_by", "exp_mentions"])

  static let messageTest = FieldNames(
    "a notification test", ["eval_time", "since", "channel", "exp_count", "exp_messages"])
  static let message = FieldNames("an expected message", ["time", "exp_firing", "exp_resolved"])
}
