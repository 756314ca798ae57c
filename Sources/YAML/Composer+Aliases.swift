import Diagnostics

extension Composer {
  /// What an alias stands for; nothing where it can't be told.
  mutating func alias(_ name: String, at range: SourceRange) -> YAMLNode {
    let nothing = YAMLNode(.scalar(YAMLScalar("", style: .plain)), at: range)
    guard let anchor = anchors[name], !openAnchors.contains(name) else {
      if openAnchors.contains(name) {
        findings.error("alias-inside-anchor", "'*\(name)' stands inside what '&\(name)' names", at: range)
      } else {
        let near = nearest(to: name, in: anchors.keys).map { "; did you mean '*\($0)'?" } ?? ""
        findings.error(
          "unknown-anchor", "nothing above is named '&\(name)' in this document" + near, at: range,
          fix: "put text that begins with '*' in quotes")
      }
      return nothing
    }
    tally.aliasedNodes += anchor.size
    guard tally.aliasedNodes <= tally.limits.aliasedNodes else {
      halt("aliases stand for more than \(tally.limits.aliasedNodes) values in one file", at: range)
      return nothing
    }
    guard depth + anchor.height - 1 <= tally.limits.depth else {
      halt("mappings and lists nest deeper than \(tally.limits.depth) by way of this alias", at: range)
      return nothing
    }
    return anchor.node
  }

  /// Gives a node the tag that is written before it.
  mutating func apply(_ tag: String, to node: inout YAMLNode) {
    let core = tag.hasPrefix("tag:yaml.org,2002:") ? String(tag.dropFirst(18)) : tag
    switch node.content {
    case .mapping where core == "map", .sequence where core == "seq": return
    case .mapping, .sequence: break
    case .scalar(var scalar):
      guard let wanted = YAMLScalar.Tag(named: core) else { break }
      let resolved = YAMLScalar.Tag(resolving: scalar.text)
      guard wanted == .string || wanted == resolved || (wanted == .float && resolved == .integer) else {
        findings.error(
          "tag-mismatch", "'\(scalar.text)' is not \(wanted.words), as its tag says", at: node.range)
        return
      }
      scalar.tag = wanted
      node.content = .scalar(scalar)
      return
    }
    let shown = core == tag ? tag : "!!" + core
    findings.error(
      "unknown-tag", "'\(shown)' is not a tag that \(node.kindWords) can have here", at: node.range.start.extended(),
      notes: [("known are !!str, !!null, !!bool, !!int, !!float, !!map and !!seq", nil)])
  }
}

extension YAMLScalar.Tag {
  fileprivate init?(named name: String) {
    switch name {
    case "str", "!": self = .string
    case "null": self = .null
    case "bool": self = .boolean
    case "int": self = .integer
    case "float": self = .float
    default: return nil
    }
  }
}
