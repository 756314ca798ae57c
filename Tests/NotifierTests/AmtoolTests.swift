import Foundation
import Model
import Notifier
import Specs
import TestKit
import Testing

/// Random route trees and labels, given to the real Alertmanager's `amtool` and to ours.
@Suite struct `Routing as Alertmanager routes` {
  static let amtool = "/usr/bin/amtool"
  static let isInstalled = FileManager.default.isExecutableFile(atPath: amtool)

  @Test(.enabled(if: isInstalled, "amtool isn't installed"), arguments: 0..<12 as Range<UInt64>)
  func `takes the same routes in the same order`(seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    // Thirty trees beside each other, each with 'continue', are asked in one call.
    let trees = try (0..<30).map { number in try Self.node("t\(number)", depth: 0, &random) }
    var labels = Labels.empty
    for name in ["a", "b", "c"] { labels[name] = ["", "1", "2", "3"].randomElement(using: &random) ?? "" }
    var forest = trees
    for index in forest.indices {
      forest[index].matchers = []
      forest[index].continues = true
    }
    let tree = tree(route([], ["root"], forest))
    let ours = tree.match(labels).flatMap { tree.nodes[$0].channels.map(\.name) }
    #expect(try Self.ask(route([], ["root"], forest), labels) == ours)
    #expect(ours.count >= 30)
  }

  private static func node(_ name: String, depth: Int, _ random: inout SplitMix64) throws -> RouteNode {
    let matchers = try (0..<Int.random(in: 0...2, using: &random)).map { _ in
      let operation = Matcher.Operator.allCases.randomElement(using: &random) ?? .equal
      let values = operation == .equal || operation == .notEqual ? ["", "1", "2", "3"] : ["1|2", ".+", "[23]?", "1.*"]
      return try Matcher(
        ["a", "b", "c"].randomElement(using: &random) ?? "a", operation, values.randomElement(using: &random) ?? "")
    }
    let children = depth < 3 ? Int.random(in: 0...3, using: &random) : 0
    return route(
      matchers, [name], continues: Bool.random(using: &random),
      try (0..<children).map { try node("\(name)-\($0)", depth: depth + 1, &random) })
  }

  private static func ask(_ root: RouteNode, _ labels: Labels) throws -> [String] {
    let file = FileManager.default.temporaryDirectory.appending(path: "belfry-routes-\(UUID().uuidString).yml")
    defer { try? FileManager.default.removeItem(at: file) }
    var receivers: [String] = []
    let lines = yaml(root, indent: "  ", receivers: &receivers)
    let text = (["route:"] + lines + ["receivers:"] + receivers.map { "- name: " + $0 }).joined(separator: "\n")
    try Data((text + "\n").utf8).write(to: file)
    let outcome = try Program.run(
      amtool,
      ["config", "routes", "test", "--config.file=" + file.path] + labels.pairs.map { $0.name + "=" + $0.value })
    try #require(outcome.code == 0)
    let answer = outcome.text.trimmingCharacters(in: .whitespacesAndNewlines)
    return answer.components(separatedBy: ",")
  }

  private static func yaml(_ node: RouteNode, indent: String, receivers: inout [String]) -> [String] {
    receivers += node.channels
    var lines = [indent + "receiver: " + node.channels[0]]
    if !node.matchers.isEmpty {
      let texts = node.matchers.map { "'" + $0.description + "'" }
      lines.append(indent + "matchers: [" + texts.joined(separator: ", ") + "]")
    }
    if node.continues { lines.append(indent + "continue: true") }
    guard !node.routes.isEmpty else { return lines }
    lines.append(indent + "routes:")
    for child in node.routes {
      var below = yaml(child, indent: indent + "  ", receivers: &receivers)
      below[0] = indent + "- " + below[0].dropFirst(indent.count + 2)
      lines += below
    }
    return lines
  }
}
