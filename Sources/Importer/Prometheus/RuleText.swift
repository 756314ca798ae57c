import Diagnostics
import YAML

/// A group of a rule file: where it is written, and its rules.
struct RuleGroupText {
  var node: YAMLNode
  var name: String
  var rules: [YAMLNode]

  init(_ node: YAMLNode) {
    self.node = node
    name = node["name"]?.text ?? ""
    rules = node["rules"]?.items ?? []
  }
}

/// A rule file that is cut: parts of its text where that gives the same rules, with the comments among them; else the
/// rules written anew.
struct RuleText {
  let source: SourceText
  /// The one document of a plain rule file in block style; `nil` where there is no such thing to cut.
  let root: YAMLNode?

  /// A choice of groups, each whole or with some of its rules.
  typealias Choice = [(group: RuleGroupText, rules: Set<Int>?)]

  /// A file of the chosen groups, and whether comments were kept.
  func text(of choice: Choice) -> (text: String, keepsComments: Bool) {
    let nodes = choice.map { Self.node($0.group, $0.rules) }
    if let cut = cut(choice), Self.groups(in: cut).map(\.bare) == nodes.map(\.bare) { return (cut, true) }
    var page = SpecPage()
    page.field(SpecField("groups", .list(nodes.map { SpecValue(copying: $0) })), indent: 0)
    return (page.text, false)
  }

  /// A group with some of its rules.
  private static func node(_ group: RuleGroupText, _ rules: Set<Int>?) -> YAMLNode {
    guard let rules, case .mapping(var entries) = group.node.content,
      let index = entries.firstIndex(where: { $0.name == "rules" })
    else { return group.node }
    let kept = group.rules.indices.filter(rules.contains).map { group.rules[$0] }
    entries[index].value.content = .sequence(kept)
    return YAMLNode(.mapping(entries), at: group.node.range)
  }

  private static func groups(in text: String) -> [YAMLNode] {
    let stream = YAMLStream(parsing: Array(text.utf8), file: "")
    guard !stream.diagnostics.hasErrors, stream.documents.count == 1 else { return [] }
    return stream.documents.first?.root?["groups"]?.items ?? []
  }

  // MARK: Cutting

  private func cut(_ choice: Choice) -> String? {
    guard let all = root?["groups"]?.items, let first = all.first else { return nil }
    let starts = all.map { start(of: $0) }
    guard Set(starts).count == starts.count else { return nil }
    let positions = Dictionary(zip(all.map(\.range), all.indices)) { first, _ in first }
    var text = lines(1, to: start(of: first))
    for (group, rules) in choice {
      guard let index = positions[group.node.range] else { return nil }
      let end = index + 1 < starts.count ? starts[index + 1] : source.lineCount + 1
      guard let rules else {
        text += lines(starts[index], to: end)
        continue
      }
      guard let firstRule = group.rules.first else { return nil }
      let ruleStarts = group.rules.map { start(of: $0) }
      text += lines(starts[index], to: start(of: firstRule))
      for position in rules.sorted() {
        text += lines(ruleStarts[position], to: position + 1 < ruleStarts.count ? ruleStarts[position + 1] : end)
      }
    }
    return text
  }

  /// The first line of a list's item: its dash, and the comments right above it.
  private func start(of item: YAMLNode) -> Int {
    var line = Int(item.range.start.line)
    while line > 1, let above = source.line(line - 1) {
      let words = source.bytes[above].drop { $0 == 0x20 || $0 == 0x09 }
      guard words.first == UInt8(ascii: "#") else { break }
      line -= 1
    }
    return line
  }

  /// The lines from one up to and without another, each ended.
  private func lines(_ first: Int, to end: Int) -> String {
    guard first < end, let from = source.line(first), let to = source.line(end - 1) else { return "" }
    let text = String(decoding: source.bytes[from.lowerBound..<to.upperBound], as: UTF8.self)
    return text.isEmpty && first == end ? "" : text + "\n"
  }
}

extension YAMLNode {
  /// The same without places and ways of writing: what a reader of rules takes of it.
  fileprivate var bare: YAMLNode {
    let nowhere = SourceRange.fileBegin
    switch content {
    case .scalar(let scalar):
      return YAMLNode(.scalar(YAMLScalar(scalar.text, style: .doubleQuoted, tag: scalar.tag)), at: nowhere)
    case .sequence(let items): return YAMLNode(.sequence(items.map(\.bare)), at: nowhere)
    case .mapping(let entries):
      return YAMLNode(.mapping(entries.map { YAMLEntry(key: $0.key.bare, value: $0.value.bare) }), at: nowhere)
    }
  }
}
