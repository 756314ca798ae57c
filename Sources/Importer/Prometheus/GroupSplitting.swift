import YAML

/// Which rules of a group belong to which tenant by a label, and whether the group may be divided.
struct GroupSplit {
  /// The label's value of each rule; `nil` where there is none that is a fixed text.
  let values: [String?]
  private let group: RuleGroupText
  private let label: String

  init(_ group: RuleGroupText, by label: String) {
    self.group = group
    self.label = label
    let common = group.node["labels"]?[label]?.text
    values = group.rules.map { rule in
      let value = rule["labels"]?[label]?.text ?? common
      return value.flatMap { $0.isEmpty || $0.isTemplate ? nil : $0 }
    }
  }

  /// Where each rule goes. A recording rule without the label goes with its group where that has one home.
  func homes(_ home: (String) -> RuleHome?) -> [RuleHome] {
    let own = values.map { $0.flatMap(home) }
    let alerts = Set(
      group.rules.indices.compactMap { group.rules[$0]["alert"] == nil && own[$0] == nil ? nil : own[$0] ?? .platform })
    let common = alerts.count == 1 ? alerts.first : nil
    return own.map { $0 ?? common ?? .platform }
  }

  /// The name of a series that a rule records and another rule, which goes elsewhere, uses: then order matters, and
  /// the group stays whole.
  func tie(among homes: [RuleHome]) -> String? {
    for (index, rule) in group.rules.enumerated() {
      guard let name = rule["record"]?.text else { continue }
      for (other, user) in group.rules.enumerated() where homes[other] != homes[index] {
        if let expression = user["expr"]?.text, expression.mentionsMetric(name) { return name }
      }
    }
    return nil
  }
}

extension String {
  /// Whether a name stands in this expression as a word; comments and texts count too.
  func mentionsMetric(_ name: String) -> Bool {
    utf8.split { byte in
      !(byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_")
        || byte == UInt8(ascii: ":"))
    }.contains { $0.elementsEqual(name.utf8) }
  }
}
