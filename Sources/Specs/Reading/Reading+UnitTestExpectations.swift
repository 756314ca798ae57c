import Diagnostics
import Model
import YAML

extension Reading {
  mutating func alertExpectation(_ node: YAMLNode) -> AlertExpectation? {
    guard let fields = Fields(node, UnitTestFields.alertTest, &self) else { return nil }
    let name = fields.required("alertname", &self).flatMap { word($0, "the name of an alert") }
    let time = evaluationTime(fields)
    let alerts = list(fields["exp_alerts"], "alerts") { reading, node in
      reading.expectedAlert(node, UnitTestFields.alert, named: name)
    }
    guard let name, let time else { return nil }
    return AlertExpectation(name, time: time, alerts: alerts, at: node.range.firstLineStart)
  }

  /// An alert of `exp_alerts`, whose name stands beside the list, or of a message, where each has its own.
  private mutating func expectedAlert(_ node: YAMLNode, _ names: FieldNames, named name: String?) -> ExpectedAlert? {
    guard let fields = Fields(node, names, &self) else { return nil }
    var expected = fields["exp_labels"].map { labels($0, .labels) } ?? []
    if let name = fields["alertname"].flatMap({ word($0, "the name of an alert") }) ?? name {
      expected.removeAll { $0.name == "alertname" }
      expected.append(Label("alertname", name))
      expected.sort { $0.name.precedesInBytes($1.name) }
    }
    let annotations = fields["exp_annotations"].map { labels($0, .annotations) }
    return ExpectedAlert(
      labels: expected, annotations: name == nil ? annotations : annotations ?? [], at: node.range.firstLineStart)
  }

  /// `eval_time`; missing is the start, as in promtool.
  private mutating func evaluationTime(_ fields: Fields) -> Duration? {
    guard let node = fields["eval_time"] else { return .zero }
    return duration(node)
  }

  mutating func sampleExpectation(_ node: YAMLNode) -> SampleExpectation? {
    guard let fields = Fields(node, UnitTestFields.sampleTest, &self) else { return nil }
    let expression = fields.required("expr", &self).flatMap { placedText($0, "an expression") }
    if let node = fields["expr"], let expression { checkExpression(expression.text, in: node) }
    let time = evaluationTime(fields)
    let samples = list(fields["exp_samples"], "samples") { $0.expectedSample($1) }
    guard let expression, let time else { return nil }
    return SampleExpectation(expression, time: time, samples: samples, at: node.range.firstLineStart)
  }

  private mutating func expectedSample(_ node: YAMLNode) -> ExpectedSample? {
    guard let fields = Fields(node, UnitTestFields.sample, &self) else { return nil }
    var labels: Labels? = .empty
    if let node = fields["labels"] { labels = series(node) }
    let histogram = fields["histogram"].flatMap { text($0, "a histogram") } ?? ""
    var value = 0.0
    if let node = fields["value"] {
      guard let number = node.scalar?.double else {
        let found = node.text.map { "'" + Wording.short($0) + "'" } ?? node.kindWords
        error(
          .wrongType, "\(found) stands where a number is expected", at: node.range,
          fix: node.text.flatMap(Self.yamlNumber).map { "write \($0)" })
        return nil
      }
      value = number
    }
    return labels.map { ExpectedSample($0, value: value, isHistogram: !histogram.isEmpty) }
  }

  /// How YAML writes a number that is written as PromQL does.
  private static func yamlNumber(_ text: String) -> String? {
    switch text.lowercased() {
    case "inf", "+inf": ".inf"
    case "-inf": "-.inf"
    case "nan": ".nan"
    default: Double(text) == nil ? nil : "it without quotes: \(text)"
    }
  }

  mutating func routeExpectation(_ node: YAMLNode) -> RouteExpectation? {
    guard let fields = Fields(node, UnitTestFields.routeTest, &self) else { return nil }
    let given = fields.required("labels", &self).map { labels($0, .labels) }
    let channels = fields["exp_channels"].map { words($0, "channels") } ?? []
    guard let given else { return nil }
    var expectation = RouteExpectation(
      labels: Labels(given), channels: channels.map { PlacedText($0.value, at: $0.range) },
      at: node.range.firstLineStart)
    expectation.scope = owner(fields)
    expectation.groupBy = fields["exp_group_by"].map { words($0, "label names").map(\.value) }
    expectation.mentions = fields["exp_mentions"].map { words($0, "mentions").map(\.value) }
    return expectation
  }

  mutating func messageExpectation(_ node: YAMLNode) -> MessageExpectation? {
    guard let fields = Fields(node, UnitTestFields.messageTest, &self) else { return nil }
    let channel = fields.required("channel", &self).flatMap { placedText($0, "the name of a channel") }
    let time = fields.required("eval_time", &self).flatMap { duration($0) }
    let since = fields["since"].flatMap { duration($0) }
    let count = fields["exp_count"].flatMap { integer($0, in: 0...Int.max) }
    let messages = fields["exp_messages"].map { node in list(node, "messages") { $0.expectedMessage($1) } }
    guard let channel, let time else { return nil }
    if let since, since >= time {
      error(
        .endBeforeStart, "'since' isn't before 'eval_time'", at: fields.place(of: "since"), fix: "swap them")
    }
    if let count, let messages, count != messages.count {
      error(
        .conflictingFields, "'exp_count' says \(count), and 'exp_messages' has \(messages.count)",
        at: fields.place(of: "exp_count"), fix: "remove 'exp_count'")
    }
    var expectation = MessageExpectation(channel: channel, time: time, at: node.range.firstLineStart)
    expectation.since = since
    expectation.count = count
    // Neither field: nothing is expected, as with `exp_alerts`.
    expectation.messages = messages ?? (count == nil ? [] : nil)
    return expectation
  }

  private mutating func expectedMessage(_ node: YAMLNode) -> ExpectedMessage? {
    guard let fields = Fields(node, UnitTestFields.message, &self) else { return nil }
    let firing = list(fields["exp_firing"], "alerts") { $0.expectedAlert($1, UnitTestFields.toldAlert, named: nil) }
    let resolved = list(fields["exp_resolved"], "alerts") {
      $0.expectedAlert($1, UnitTestFields.toldAlert, named: nil)
    }
    var message = ExpectedMessage(firing: firing, resolved: resolved, at: node.range.firstLineStart)
    message.time = fields["time"].flatMap { duration($0) }
    if firing.isEmpty, resolved.isEmpty {
      error(
        .missingField, "an expected message names no alert", at: node.range.firstLineStart,
        fix: "add 'exp_firing' or 'exp_resolved'")
    }
    return message
  }
}
