import Model
import Specs
import Testing

@testable import Notifier

@Suite struct `A trace through routes` {
  private func trace(_ root: RouteNode, _ labels: Labels) -> [String] {
    RouteTrace(of: labels, in: shop, through: RouteSet([tree(root)])).steps.map { step in
      let path = step.node.path.map(String.init).joined(separator: ".")
      return switch step.outcome {
      case .taken: "\(path) taken"
      case .passed: "\(path) passed"
      case .refused(let matcher): "\(path) refused \(matcher)"
      case .notReached: "\(path) not reached"
      }
    }
  }

  @Test func `names what refuses an alert, who takes it and who isn't reached`() throws {
    let root = route(
      [], ["a"],
      [
        route(try matchers(#"team="web""#)), route(try matchers(#"team="db""#, #"env="test""#)),
        route(try matchers(#"team="db""#), continues: true, [route(try matchers(#"env="prod""#))]),
        route(try matchers(#"env=~"p.*""#)), route([]),
      ])
    #expect(
      trace(root, ["team": "db", "env": "prod"]) == [
        " passed", #"0 refused team="web""#, #"1 refused env="test""#, "2 passed", "2.0 taken", "3 taken",
        "4 not reached",
      ])
    let narrow = route(try matchers(#"team="x""#))
    #expect(trace(narrow, ["team": "db"]) == [#" refused team="x""#])
  }

  @Test func `ends at the nodes that take the alert`() throws {
    let root = route([], ["a"], [route(try matchers(#"team="db""#), ["b"], [route(try matchers(#"x="y""#), ["c"])])])
    let routes = RouteSet([tree(root)])
    for labels in [["team": "db"], ["team": "db", "x": "y"], ["team": "web"]] as [Labels] {
      let taken = RouteTrace(of: labels, in: shop, through: routes).steps.filter { $0.outcome == .taken }
      #expect(taken.map(\.node.path) == RoutePreview(of: labels, in: shop, through: routes).steps.map(\.path))
    }
  }

  @Test func `says where a setting is written`() {
    let nodes = tree(route([], ["a"], wait: 10, [route([], repeats: 60, [route([], wait: 5)])])).nodes
    #expect(nodes.map(\.depths.groupWait) == [0, 0, 2] && nodes.map(\.depths.repeatInterval) == [nil, 1, 1])
    #expect(nodes.allSatisfy { $0.depths.groupBy == nil })
  }

  @Test func `leaves out the many that don't match, and counts them`() throws {
    let children = try (0..<150).map { route(try matchers("team=\"t\($0)\"")) }
    let trace = RouteTrace(of: ["team": "none"], in: shop, through: RouteSet([tree(route([], ["a"], children))]))
    #expect(trace.steps.count == 1 + RouteTrace.mostRefused && trace.leftOut == 50)
  }
}
