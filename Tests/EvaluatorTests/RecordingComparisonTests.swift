import Evaluator
import JSON
import Model
import PromQL
import Specs
import TestKit
import Testing

/// One Prometheus has rules of its own; into another one ours are written, evaluated at the same instants.
@Suite(
  .enabled(if: RealServer.isInstalled(RealServer.prometheus), "prometheus is not installed"), .timeLimit(.minutes(1)))
struct `Recording compared with Prometheus` {
  /// Holds for two evaluations and then for two not.
  private static let flapping = "on() (floor(vector(time() * 5)) % 4 >= 2)"

  private static func labelled(_ labels: String...) -> String {
    labels.reduce("vector(1)") { expression, label in
      let pair = label.split(separator: "=")
      return "label_replace(\(expression), \"\(pair[0])\", \"\(pair[1])\", \"\", \"\")"
    }
  }

  private static var rules: [Rule] {
    [
      record("r:time", "floor(vector(time() * 5))"),
      record("r:chained", "r:time * 2"),
      record("r:flapping", labelled("phase=odd") + " and " + flapping),
      record("r:scalar", "42", labels: [Label("team", "a")]),
      record("r:labels", labelled("instance=x", "job=j"), labels: [Label("instance", ""), Label("team", "a")]),
      record("r:choice", "r:flapping or \(labelled("phase=even")) unless on() r:flapping"),
      record("r:twice", labelled("i=1") + " or " + labelled("i=2"), labels: [Label("i", "")]),
      rule(
        "Flapping", "r:flapping > 0", hold: .milliseconds(200),
        labels: [Label("gone", "{{ $labels.nope }}"), Label("severity", "page {{ $labels.phase }}")]),
      rule("Constant", "vector(time())", hold: .seconds(1)),
      rule("Kept", "r:flapping > 0", keep: .milliseconds(300)),
      record("r:alerts", #"sum by (alertstate) (ALERTS{alertname="Flapping"})"#),
    ]
  }

  private static var ruleFile: String {
    func quoted(_ text: String) -> String { JSONValue.string(text).text }
    return rules.reduce("groups:\n- name: g\n  interval: 200ms\n  rules:\n") { text, rule in
      let labels = rule.labels.map { "\($0.name): \(quoted($0.value))" }.joined(separator: ", ")
      var text = text + "  - \(rule.purpose == .alert ? "alert" : "record"): \(rule.name)\n"
      text += "    expr: \(quoted(rule.expression.text))\n    labels: {\(labels)}\n"
      if rule.hold > .zero { text += "    for: \(rule.hold.prometheus)\n" }
      if rule.keepFiringFor > .zero { text += "    keep_firing_for: \(rule.keepFiringFor.prometheus)\n" }
      return text
    }
  }

  @Test func `the same rules lead to the same series`() async throws {
    let theirs = try RealServer.startPrometheus(rules: Self.ruleFile)
    let ours = try RealServer.startPrometheus()
    let instants = try await instants(of: theirs, count: 20)
    try await evaluate(at: instants, in: ours)
    // Alerts are not written by Prometheus until it has looked for their state twice.
    let compared = instants.dropFirst(3)
    for instant in compared {
      let (mine, other) = (try await series(of: ours, at: instant), try await series(of: theirs, at: instant))
      #expect(mine == other, "\(instant)")
    }
    let names = Set(try await series(of: ours, at: compared[3...6].last ?? instants[0]).keys.map { $0["__name__"] })
    #expect(names.isSuperset(of: ["r:time", "r:chained", "r:scalar", "r:labels", "r:choice", "ALERTS"]))
    #expect(!names.contains("r:twice"))
  }

  /// The instants at which the server's own rules were evaluated, from the first on.
  private func instants(of server: RealServer, count: Int) async throws -> [Timestamp] {
    let source = HTTPSampleSource(url: server.url, transport: PlainHTTP())
    while true {
      try await ContinuousClock().sleep(for: .milliseconds(100))
      let now = try? await source.query("time()", at: Self.farAway, timeout: .seconds(5))
      guard now != nil else { continue }
      let times = QueryTimes(at: try await latest(source))
      let answer = try await source.queryValue("r:time[10m]", times, timeout: .seconds(5))
      guard case .matrix(let series) = answer.value, let all = series.first?.times, all.count > count else { continue }
      // The last evaluation may still be under way.
      return all.dropLast()
    }
  }

  private static let farAway = Timestamp(millisecondsSinceEpoch: 1_000_000)

  /// The server's own time, which a query without one is asked at.
  private func latest(_ source: HTTPSampleSource) async throws -> Timestamp {
    var request = source.request("time()", QueryTimes(at: Self.farAway), timeout: .seconds(5))
    request.body = Array("query=time()".utf8)
    let response = try await PlainHTTP().send(request)
    guard case .scalar(let seconds) = try QueryResponse.value(response, acceptsPartial: false).value else {
      throw RealServer.Failure(what: "no time")
    }
    return try #require(Timestamp(secondsSinceEpoch: seconds))
  }

  /// Evaluates our rules against the server that they are written to.
  private func evaluate(at instants: [Timestamp], in server: RealServer) async throws {
    let source = HTTPSampleSource(url: server.url, transport: PlainHTTP())
    while (try? await source.query("1", at: Self.farAway, timeout: .seconds(5))) == nil {
      try await ContinuousClock().sleep(for: .milliseconds(20))
    }
    let sink = PlainRemoteWrite(url: server.url)
    let destination = RuleDestination(source: ResourceID(.platform, .dataSource, "main"), sink: sink)
    let context = RuleContext(scope: .platform)
    var state = RuleGroupState(group(Self.rules, scope: .platform, context: context))
    for instant in instants {
      for (index, rule) in Self.rules.enumerated() {
        let answer = try await source.query(rule.expression.text, at: instant, timeout: .seconds(5))
        let step = state.step(
          RuleAnswer(
            index: index, result: .success(answer), duration: .zero, sourceURL: "", destination: destination),
          at: instant)
        if !step.samples.isEmpty { try await sink.write(step.samples, at: instant) }
      }
    }
  }

  /// All series with a value at an instant.
  private func series(of server: RealServer, at instant: Timestamp) async throws -> [Labels: Double] {
    let source = HTTPSampleSource(url: server.url, transport: PlainHTTP())
    let answer = try await source.query(#"{__name__=~"r:.+|ALERTS.*"}"#, at: instant, timeout: .seconds(5))
    return Dictionary(answer.samples.map { ($0.labels, $0.value) }) { first, _ in first }
  }
}
