import Diagnostics
import Model
import YAML

extension Reading {
  /// The items of a list; a finding when it is something else.
  mutating func items(_ node: YAMLNode, _ what: String) -> [YAMLNode] {
    if let items = node.items { return items }
    error(
      .wrongType, "\(node.kindWords) stands where a list of \(what) is expected", at: node.range,
      fix: node.text.map { "write a list: [\(Wording.short($0))]" })
    return []
  }

  /// A list of texts that are not empty, each once.
  mutating func words(_ node: YAMLNode, _ what: String) -> [Located<String>] {
    var found: [Located<String>] = []
    var seen: Set<String> = []
    for item in items(node, what) {
      guard let text = word(item, "one of the \(what)") else { continue }
      if seen.insert(text).inserted {
        found.append(Located(value: text, range: item.range))
      } else {
        error(.duplicateItem, "'\(Wording.short(text))' is in the list twice", at: item.range, fix: "remove one")
      }
    }
    return found
  }

  /// A list of names of other resources, which are kept as mentions.
  mutating func mentions(_ node: YAMLNode, _ kind: Kind, _ what: String) -> [String] {
    words(node, what).map {
      mention(kind, $0.value, at: $0.range)
      return $0.value
    }
  }

  /// The name of another resource, which is kept as a mention.
  mutating func mention(_ node: YAMLNode, _ kind: Kind, _ what: String) -> String? {
    guard let name = word(node, what) else { return nil }
    mention(kind, name, at: node.range)
    return name
  }

  /// The pairs of a mapping whose keys are free.
  mutating func pairs(_ node: YAMLNode, _ what: String) -> [YAMLEntry] {
    if let pairs = node.entries { return pairs }
    error(
      .wrongType, "\(node.kindWords) stands where \(what) are expected", at: node.range,
      fix: "write them as 'name: value'")
    return []
  }

  /// Names and texts, sorted by name; a null value is an empty text, as in Prometheus.
  mutating func labels(_ node: YAMLNode, _ what: LabelUse) -> [Label] {
    let pairs = pairs(node, what.rawValue)
    var labels: [Label] = []
    labels.reserveCapacity(pairs.count)
    var isSorted = true
    for pair in pairs {
      let name = pair.name
      check(labelName: name, what, at: pair.key.range)
      guard let value = labelValue(pair.value, of: name, what) else { continue }
      if let last = labels.last, !last.name.precedesInBytes(name) { isSorted = false }
      labels.append(Label(name, value))
    }
    if !isSorted { labels.sort { $0.name.precedesInBytes($1.name) } }
    return labels
  }

  private mutating func labelValue(_ node: YAMLNode, of name: String, _ what: LabelUse) -> String? {
    if node.isNull { return "" }
    guard let text = node.text else {
      error(
        .wrongType, "\(node.kindWords) stands where the text of '\(Wording.short(name))' is expected", at: node.range)
      return nil
    }
    if let other = node.scalar?.otherReading {
      warning(
        .ambiguousText, "'\(text)' is a text here, and \(other) to readers of YAML 1.1", at: node.range,
        fix: "put it in quotes: '\(text)'")
    }
    return text
  }

  private mutating func check(labelName name: String, _ what: LabelUse, at range: SourceRange) {
    if name.isEmpty {
      error(.labelName, "the name of \(what.one) is empty", at: range, fix: "give it a name")
    } else if what.isLabel, name == "__name__" {
      error(
        .labelName, "'__name__' is the metric's own name and can't be set as a label", at: range, fix: "remove it")
    } else if let loss = what.lossOfUnusualName, !Names.isPlainLabel(name), !name.hasPrefix("x-") {
      warning(
        .unusualName, "'\(Wording.short(name))' can only be used " + loss, at: range,
        fix: "use letters, digits and underscores, a letter first")
    }
  }
}

/// What a mapping of names and texts is for.
enum LabelUse: String {
  case labels, annotations
  case externalLabels = "external labels"
  /// Those of a document's metadata, which are for people.
  case documentLabels = "labels of the document"

  var one: String {
    switch self {
    case .labels: "a label"
    case .annotations: "an annotation"
    case .externalLabels: "an external label"
    case .documentLabels: "a label of the document"
    }
  }

  var isLabel: Bool { self == .labels || self == .externalLabels }

  /// How a name with unusual characters has to be used; `nil` where it makes no difference.
  var lossOfUnusualName: String? {
    switch self {
    case .labels, .externalLabels: "in quotes in PromQL and not as $labels.… in templates"
    case .annotations: "by 'index' in templates"
    case .documentLabels: nil
    }
  }
}
