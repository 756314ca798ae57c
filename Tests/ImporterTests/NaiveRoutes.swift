import Foundation
import Model
import TestKit
import YAML

/// Alertmanager's routing written down a second time, as plainly as possible: lists, no index, Foundation's regular
/// expressions, read from the YAML itself.
struct NaiveRoute {
  /// A matcher.
  struct Condition {
    var name: String
    var negated: Bool
    var pattern: NSRegularExpression?
    var value: String

    func accepts(_ text: String) -> Bool {
      let matches =
        pattern.map { $0.firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count)) != nil }
        ?? (text == value)
      return matches != negated
    }
  }

  var receiver: String
  var matchers: [Condition] = []
  var groupBy: [String]
  var waits: [String]
  var continues = false
  var mute: [String]
  var active: [String]
  var children: [NaiveRoute] = []

  init(_ node: YAMLNode, below parent: NaiveRoute?) throws {
    receiver = node["receiver"]?.text ?? parent?.receiver ?? ""
    let own = node["group_by"]?.items?.compactMap(\.text) ?? []
    groupBy = own.isEmpty ? parent?.groupBy ?? [] : own
    waits = zip(["group_wait", "group_interval", "repeat_interval"], parent?.waits ?? ["30s", "5m", "4h"]).map {
      node[$0]?.text ?? $1
    }
    continues = node["continue"]?.text == "true"
    mute = node["mute_time_intervals"]?.items?.compactMap(\.text) ?? []
    active = node["active_time_intervals"]?.items?.compactMap(\.text) ?? []
    for entry in node["match"]?.entries ?? [] {
      matchers.append(Condition(name: entry.name, negated: false, pattern: nil, value: entry.value.text ?? ""))
    }
    for entry in node["match_re"]?.entries ?? [] {
      let text = entry.value.text ?? ""
      matchers.append(Condition(name: entry.name, negated: false, pattern: try Self.anchored(text), value: text))
    }
    for item in node["matchers"]?.items ?? [] {
      // The language of matchers has tests of its own, against amtool.
      for matcher in try Matcher.parseList(item.text ?? "") {
        let isPattern = matcher.operation == .matches || matcher.operation == .matchesNot
        matchers.append(
          Condition(
            name: matcher.name, negated: matcher.operation == .notEqual || matcher.operation == .matchesNot,
            pattern: isPattern ? try Self.anchored(matcher.value) : nil, value: matcher.value))
      }
    }
    for child in node["routes"]?.items ?? [] { children.append(try NaiveRoute(child, below: self)) }
  }

  private static func anchored(_ text: String) throws -> NSRegularExpression {
    try NSRegularExpression(pattern: "^(?:" + text + ")\\z")
  }

  func takes(_ labels: [String: String]) -> Bool {
    matchers.allSatisfy { $0.accepts(labels[$0.name] ?? "") }
  }

  /// The routes that an alert ends at.
  func ends(_ labels: [String: String]) -> [NaiveRoute] {
    var found: [NaiveRoute] = []
    for child in children where child.takes(labels) {
      found += child.ends(labels)
      if !child.continues { break }
    }
    return found.isEmpty ? [self] : found
  }

  var all: [NaiveRoute] { [self] + children.flatMap(\.all) }
}

/// Label sets that try every route of a tree: each in turn is aimed at one route, by labels that its matchers and its
/// parents' accept, with noise around.
struct LabelSets {
  private var random: SplitMix64
  private var position = 0
  private let values: [String: [String]]
  private let targets: [[NaiveRoute.Condition]]

  init(for root: NaiveRoute, seed: UInt64) {
    random = SplitMix64(seed: seed)
    var values: [String: Set<String>] = ["severity": ["critical", "warning"], "alertname": ["Down"], "noise": ["x"]]
    for route in root.all {
      for matcher in route.matchers {
        values[matcher.name, default: []].formUnion(Self.samples(of: matcher.value, matcher.pattern != nil))
      }
    }
    self.values = values.mapValues { $0.sorted() }
    targets = Self.paths(root, [])
  }

  private static func paths(_ route: NaiveRoute, _ above: [NaiveRoute.Condition]) -> [[NaiveRoute.Condition]] {
    let own = above + route.matchers
    return [own] + route.children.flatMap { paths($0, own) }
  }

  /// Words of a pattern, whole and with something around them; a plain value and its neighbours.
  private static func samples(of value: String, _ isPattern: Bool) -> [String] {
    let words = value.split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }.map(String.init)
    let all = isPattern ? words + words.map { $0 + "x" } + [value, "x"] : [value, value + "x", value.uppercased()]
    // amtool reads its arguments as matchers; what needs quoting there is tried elsewhere.
    return all.filter { $0.allSatisfy { ($0.isASCII && ($0.isLetter || $0.isNumber)) || "-_./:".contains($0) } }
  }

  mutating func next() -> [(String, String)] {
    var labels: [String: String] = [:]
    for (name, candidates) in values.sorted(by: { $0.key < $1.key }) where Int.random(in: 0..<3, using: &random) == 0 {
      if let value = candidates.randomElement(using: &random), !value.isEmpty { labels[name] = value }
    }
    let target = targets[position % targets.count]
    position += 1
    // Now and then one of the labels that the route asks for is left to chance.
    for condition in target where Int.random(in: 0..<8, using: &random) > 0 {
      let fitting = (values[condition.name] ?? []).filter { condition.accepts($0) && !$0.isEmpty }
      if condition.accepts("") {
        labels[condition.name] = nil
      } else if let value = fitting.randomElement(using: &random) {
        labels[condition.name] = value
      }
    }
    return labels.isEmpty ? [("noise", "x")] : labels.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
