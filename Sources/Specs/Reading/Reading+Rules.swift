import Diagnostics
import Model
import PromQL
import YAML

/// A rule group as it was read: what it says, and where its parts stand.
struct ReadGroup {
  var spec: RuleGroupSpec
  var nameRange: SourceRange
  var ruleLines: [Int32]
}

extension Reading {
  /// Reads one group of rules, whose name is `given` where it stands outside the group; `nil` without name or fields.
  mutating func ruleGroup(_ node: YAMLNode, _ form: RuleForm, named given: Located<String>? = nil) -> ReadGroup? {
    guard let fields = Fields(node, form.groupNames, &self) else { return nil }
    let name = given ?? groupName(fields)
    var spec = RuleGroupSpec(name: name?.value ?? "", rules: [])
    read(fields, into: &spec)
    notes.groups.append(spec.name)
    var rules: [Rule] = []
    var lines: [Int32] = []
    if let list = fields["rules"] {
      let items = items(list, "rules")
      rules.reserveCapacity(items.count)
      lines.reserveCapacity(items.count)
      for item in items {
        guard let rule = rule(item, form, in: spec) else { continue }
        rules.append(rule)
        lines.append(item.range.start.line)
      }
    }
    checkGroupLabels(fields["labels"], rules)
    guard let name else { return nil }
    spec.rules = rules
    return ReadGroup(spec: spec, nameRange: name.range, ruleLines: lines)
  }

  private mutating func groupName(_ fields: Fields) -> Located<String>? {
    guard let node = fields.required("name", &self), let name = word(node, "the name of a rule group") else {
      return nil
    }
    return Located(value: name, range: node.range)
  }

  private mutating func read(_ fields: Fields, into spec: inout RuleGroupSpec) {
    if let node = fields["interval"] {
      let interval = duration(node)
      spec.interval = interval == .zero ? nil : interval
    }
    spec.queryOffset = fields["query_offset"].flatMap { duration($0) }
    spec.limit = fields["limit"].flatMap { integer($0, in: 0...Int.max) } ?? 0
    spec.labels = fields["labels"].map { labels($0, .labels) } ?? []
    if fields.names.known.contains("data_source") {
      spec.dataSource = fields["data_source"].flatMap { mention($0, .dataSource, "the name of a data source") }
    }
    if fields.names.known.contains("partial_response_strategy"), let node = fields["partial_response_strategy"] {
      warning(
        .noEffect, "'partial_response_strategy' has no effect here", at: fields.place(of: "partial_response_strategy"),
        fix: "set 'accept_partial' on the data source")
      _ = text(node, "warn or abort")
    }
  }

  /// Reads one rule; `nil` when what it needs is missing.
  private mutating func rule(_ node: YAMLNode, _ form: RuleForm, in group: RuleGroupSpec) -> Rule? {
    ruleCount += 1
    guard ruleCount <= options.limits.rules, let fields = Fields(node, form.ruleNames, &self) else { return nil }
    let read = expression(of: fields)
    let named = purpose(of: fields)
    // The other fields are read even where the rule can't be, so that all mistakes are told.
    var rule = Rule(named?.0 ?? .alert, name: named?.1 ?? "", expression: read?.expression ?? Expression(""))
    rule.labels = fields["labels"].map { labels($0, .labels) } ?? []
    rule.annotations = fields["annotations"].map { labels($0, .annotations) } ?? []
    rule.hold = fields["for"].flatMap { duration($0) } ?? .zero
    rule.keepFiringFor = fields["keep_firing_for"].flatMap { duration($0) } ?? .zero
    if case .belfry = form { readBelfryFields(fields, into: &rule) }
    let place = fields[rule.purpose == .alert ? "alert" : "record"]?.range ?? node.range.firstLineStart
    notes.rules.append(
      .init(
        group: notes.groups.count - 1, isAlert: rule.purpose == .alert, name: rule.name, range: node.range,
        nameRange: place))
    notes.source = rule.dataSource ?? group.dataSource
    if rule.purpose == .record { checkRecording(rule, fields) } else { checkAlert(rule, fields, read, group) }
    guard let read, named != nil else { return nil }
    checkExpression(read, of: rule, in: group)
    return rule
  }

  private mutating func checkAlert(_ rule: Rule, _ fields: Fields, _ read: ReadExpression?, _ group: RuleGroupSpec) {
    var read = read
    checkTemplates(fields["labels"], &read)
    checkTemplates(fields["annotations"], &read)
    if rule.hold != .zero, let node = fields["for"] {
      check(.hold, rule.hold, group) { _, _ in node.range }
    }
    let hasSeverity = [rule.labels, group.labels].contains { $0.contains { $0.name == "severity" } }
    if !rule.name.isEmpty, !hasSeverity { checkSeverity(&read, fields) }
  }

  private mutating func expression(of fields: Fields) -> ReadExpression? {
    guard let node = fields["expr"] else {
      error(.missingField, "a rule needs 'expr'", at: fields.range.firstLineStart, fix: "add 'expr: …'")
      return nil
    }
    guard let text = text(node, "an expression") else { return nil }
    guard !text.isEmpty else {
      error(.missingField, "'expr' is empty", at: node.range, fix: "write a PromQL expression")
      return nil
    }
    return readExpression(text, node)
  }

  private mutating func purpose(of fields: Fields) -> (Rule.Purpose, String)? {
    let alert = fields["alert"].flatMap { text($0, "the name of an alert") } ?? ""
    let record = fields["record"].flatMap { text($0, "the name of a series") } ?? ""
    switch (alert.isEmpty, record.isEmpty) {
    case (false, true): return (.alert, alert)
    case (true, false): return (.record, record)
    case (true, true):
      let place = fields["alert"]?.range ?? fields["record"]?.range ?? fields.range.firstLineStart
      error(
        .recordOrAlert, "a rule needs 'alert' or 'record'", at: place, fix: "add 'alert: <name>' or 'record: <name>'")
    case (false, false):
      error(
        .recordOrAlert, "a rule has either 'alert' or 'record', this one has both", at: fields.place(of: "record"),
        fix: "write two rules")
    }
    return nil
  }

  private mutating func checkRecording(_ rule: Rule, _ fields: Fields) {
    let forbidden = [
      ("for", rule.hold != .zero), ("keep_firing_for", rule.keepFiringFor != .zero),
      ("annotations", !rule.annotations.isEmpty), ("channels", !rule.channels.isEmpty),
      ("repeat_interval", rule.repeatInterval != nil), ("cooldown", rule.cooldown != nil),
      ("max_per_day", rule.maxPerDay != nil),
    ]
    for (name, isSet) in forbidden where isSet {
      error(
        .recordingField, "a recording rule has no '\(name)'", at: fields.place(of: name),
        fix: "remove it; only alerting rules have it")
    }
    let place = fields["record"]?.range ?? fields.range
    if rule.name.utf8.contains(UInt8(ascii: "{")) || rule.name.utf8.contains(UInt8(ascii: "}")) {
      error(
        .recordName, "'\(Wording.short(rule.name))' holds braces; 'record' is a metric's name alone", at: place,
        fix: "move the labels to 'labels'")
    } else if !Names.isPlainMetric(rule.name) {
      warning(
        .unusualName, "'\(Wording.short(rule.name))' can only be used in quotes in PromQL", at: place,
        fix: "use letters, digits, underscores and colons, a letter first")
    }
  }

  private mutating func readBelfryFields(_ fields: Fields, into rule: inout Rule) {
    rule.enabled = fields["enabled"].flatMap { boolean($0) } ?? true
    rule.dataSource = fields["data_source"].flatMap { mention($0, .dataSource, "the name of a data source") }
    rule.channels = fields["channels"].map { mentions($0, .channel, "channels") } ?? []
    rule.repeatInterval = fields["repeat_interval"].flatMap { duration($0, allowsZero: false) }
    rule.cooldown = fields["cooldown"].flatMap { duration($0, allowsZero: false) }
    rule.maxPerDay = fields["max_per_day"].flatMap { integer($0, in: 1...1_000_000) }
  }
}
