import Diagnostics
import Model
import Patterns
import YAML

extension AlertmanagerConfig.Route {
  private static let names = [
    "receiver", "group_by", "group_wait", "group_interval", "repeat_interval", "matchers", "match", "match_re",
    "continue", "routes", "mute_time_intervals", "active_time_intervals", "labels",
  ]

  /// Belfry reads trees of so many levels.
  private static let mostLevels = 32

  init(_ node: YAMLNode, depth: Int, _ reader: inout ConfigReader) {
    range = node.range
    let section = reader.section(node, "a route", Self.names)
    receiver = reader.text(section["receiver"], "the name of a receiver")
    matchers = reader.matchers(section, "")
    groupBy = reader.words(section["group_by"], "label names")
    if groupBy.contains("..."), groupBy.count > 1 {
      reader.error(
        "conflicting-fields", "'...' stands for every label and can't stand beside others",
        at: section.place(of: "group_by"))
    }
    if Set(groupBy).count < groupBy.count {
      reader.error("duplicate-item", "a label stands in 'group_by' twice", at: section.place(of: "group_by"))
    }
    groupWait = reader.duration(section["group_wait"])
    groupInterval = reader.duration(section["group_interval"], allowsZero: false)
    repeatInterval = reader.duration(section["repeat_interval"], allowsZero: false)
    continues = reader.boolean(section["continue"]) ?? false
    muteTimeIntervals = reader.words(section["mute_time_intervals"], "time intervals")
    activeTimeIntervals = reader.words(section["active_time_intervals"], "time intervals")
    labels = section.entries.first { $0.name == "labels" && !$0.value.isNull }
    let children = reader.items(section["routes"], "routes")
    guard depth < Self.mostLevels || children.isEmpty else {
      reader.error(
        "limit-exceeded", "routes nest deeper than \(Self.mostLevels) levels", at: section.place(of: "routes"),
        fix: "flatten the tree")
      return
    }
    routes = children.map { Self($0, depth: depth + 1, &reader) }
  }
}

extension AlertmanagerConfig.InhibitRule {
  private static let names: [String] =
    ["name", "equal"] + ["source", "target"].flatMap { [$0 + "_matchers", $0 + "_match", $0 + "_match_re"] }

  init(_ node: YAMLNode, _ reader: inout ConfigReader) {
    range = node.range.startOnly
    let section = reader.section(node, "an inhibit rule", Self.names)
    name = reader.text(section["name"], "a name")
    source = reader.matchers(section, "source_")
    target = reader.matchers(section, "target_")
    equal = reader.words(section["equal"], "label names")
  }
}

extension ConfigReader {
  /// `matchers`, `match` and `match_re`, each with a prefix such as `source_`; all of them have to hold.
  mutating func matchers(_ section: Section, _ prefix: String) -> [Matcher] {
    oldMatchers(section[prefix + "match"], .equal) + oldMatchers(section[prefix + "match_re"], .matches)
      + newMatchers(section[prefix + "matchers"])
  }

  private mutating func newMatchers(_ node: YAMLNode?) -> [Matcher] {
    guard let node, !node.isNull else { return [] }
    var matchers: [Matcher] = []
    for item in items(node, "matchers") {
      guard let text = item.text else {
        error("wrong-type", "\(item.kindWords) stands where a matcher is expected", at: item.range)
        continue
      }
      do {
        matchers += try MatcherList(parsing: text).matchers
      } catch {
        self.error(
          "malformed-matcher", "'\(text.shortened)': \(error.message)", at: item.range,
          fix: "write name, operator and quoted value, such as 'severity=\"critical\"'")
      }
    }
    return matchers
  }

  private mutating func oldMatchers(_ node: YAMLNode?, _ operation: Matcher.Operator) -> [Matcher] {
    guard let node, !node.isNull else { return [] }
    guard let entries = node.entries else {
      error("wrong-type", "\(node.kindWords) stands where label names and values are expected", at: node.range)
      return []
    }
    return entries.compactMap { entry -> Matcher? in
      if entry.value.isNull, operation != .equal {
        error("missing-field", "'\(entry.name.shortened)' has no pattern", at: entry.key.range)
        return nil
      }
      guard let text = entry.value.isNull ? "" : entry.value.text else {
        error("wrong-type", "\(entry.value.kindWords) stands where a text is expected", at: entry.value.range)
        return nil
      }
      do throws(PatternSyntaxError) {
        return try Matcher(entry.name, operation, text)
      } catch {
        self.error(
          "malformed-matcher", "'\(text.shortened)' is not a pattern of RE2: \(error.message)", at: entry.value.range)
        return nil
      }
    }
  }
}
