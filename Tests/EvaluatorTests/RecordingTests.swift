import Evaluator
import Model
import PromQL
import Specs
import TestKit
import Testing

@Suite struct `Recording rules` {
  private let scope = Scope.project(tenant: "shop", project: "checkout")
  private let x = QuerySample(["__name__": "up", "i": "x"], 1)
  private let y = QuerySample(["__name__": "up", "i": "y"], 2)

  /// A group that is evaluated at second 60 first and each minute from then on.
  private func definition(_ rules: Rule..., name: String = "g", offset: Duration? = nil) -> GroupDefinition {
    group(rules, name: name, offset: offset)
  }

  @Test func `the name and the rule's labels replace the sample's`() async {
    var timeline = Timeline()
    let labels = [Label("i", ""), Label("team", "a")]
    var group = definition(record("job:up", "q", labels: labels))
    _ = await timeline.apply(group, at: at(60))
    let made = await timeline.evaluate(["q": [x]], at: at(60))
    #expect(made == [written(["__name__": "job:up", "team": "a"], 1, at: at(60))])
    group = definition(record("job:up", "q", labels: [Label("__name__", "other")]))
    _ = await timeline.apply(group, at: at(60))
    #expect(await timeline.evaluate(["q": [x]], at: at(61)).map(\.labels) == [["__name__": "other", "i": "x"]])
  }

  @Test func `series that a rule no longer gives end with a marker`() async {
    var timeline = Timeline()
    let group = definition(record("r", "q"))
    let grid = EvaluationGrid(file: group.file, group: "g", interval: .seconds(60))
    _ = await timeline.apply(group, at: at(60))
    let (rx, ry): (Labels, Labels) = (["__name__": "r", "i": "x"], ["__name__": "r", "i": "y"])
    var now = at(60)
    func step(_ samples: [QuerySample]?) async -> [ScriptedStore.Written] {
      now = now == at(60) ? now + .milliseconds(1) : grid.instant(after: now)
      return await timeline.evaluate(samples.map { ["q": $0] } ?? [:], at: now)
    }
    #expect(await step([x, y]).map(\.value) == [1, 2])
    #expect(await step([y, x]) == [written(ry, 2, at: now), written(rx, 1, at: now)])
    #expect(await step([y]) == [written(ry, 2, at: now), written(rx, nil, at: now)])
    // A failure writes nothing, and ends nothing.
    #expect(await step(nil) == [])
    #expect(await step([y]) == [written(ry, 2, at: now)])
    #expect(await step([]) == [written(ry, nil, at: now)])
    #expect(await step([]) == [])
    #expect(await step([x]) == [written(rx, 1, at: now)])
  }

  @Test func `the offset moves the samples too`() async {
    var timeline = Timeline()
    _ = await timeline.apply(definition(record("r", "q"), offset: .seconds(30)), at: at(60))
    #expect(await timeline.evaluate(["q": [x]], at: at(60)).map(\.at) == [at(30)])
  }

  @Test func `equal label sets fail the rule, and so does a limit exceeded`() async {
    var timeline = Timeline()
    var group = definition(record("r", "q", labels: [Label("i", "")]))
    _ = await timeline.apply(group, at: at(60))
    #expect(await timeline.evaluate(["q": [x, y]], at: at(60)) == [])
    var rule = timeline.state.groups[group.id]?.rules[0]
    #expect(
      rule?.failure == #"vector contains metrics with the same labelset after applying rule labels: {__name__="r"}"#)
    group = GroupDefinition.limited(definition(record("r", "q")), to: 1)
    _ = await timeline.apply(group, at: at(70))
    #expect(await timeline.evaluate(["q": [x, y]], at: at(70)) == [])
    rule = timeline.state.groups[group.id]?.rules[0]
    #expect(rule?.failure == "exceeded limit of 1 with 2 series")
  }

  @Test func `a removed rule's series end a second before, and a moved rule's go on`() async {
    var timeline = Timeline()
    let (r, s) = (record("r", "q"), record("s", "q"))
    let both = definition(r, s)
    _ = await timeline.apply(both, at: at(60))
    _ = await timeline.evaluate(["q": [x]], at: at(60))
    let lasting = definition(s)
    #expect(await timeline.apply(lasting, at: at(80)) == [written(["__name__": "r", "i": "x"], nil, at: at(79))])
    // Into another group, with another expression.
    let moved = definition(record("s", "other"), name: "h")
    #expect(await timeline.apply(moved, removing: [lasting.id], at: at(90)) == [])
    #expect(await timeline.evaluate(["other": [y]], at: at(90)).map(\.value) == [2, nil])
    #expect(
      await timeline.apply(removing: [moved.id], at: at(90))
        == [written(["__name__": "s", "i": "y"], nil, at: at(90) + .milliseconds(1))])
  }

  @Test func `an alert of the same name takes nothing over`() async {
    var timeline = Timeline()
    _ = await timeline.apply(definition(record("r", "q")), at: at(60))
    _ = await timeline.evaluate(["q": [x]], at: at(60))
    #expect(await timeline.apply(definition(rule("r", "q")), at: at(80)).map(\.value) == [nil])
  }

  @Test func `a disabled rule's series end`() async {
    var timeline = Timeline()
    var recording = record("r", "q")
    _ = await timeline.apply(definition(recording), at: at(60))
    _ = await timeline.evaluate(["q": [x]], at: at(60))
    recording.enabled = false
    #expect(await timeline.apply(definition(recording), at: at(80)).map(\.value) == [nil])
    #expect(await timeline.evaluate(["q": [x]], at: at(80)) == [])
  }

  @Test func `a rule that is left to the server again ends nothing`() async {
    var timeline = Timeline()
    let group = definition(record("r", "q"))
    _ = await timeline.apply(group, at: at(60))
    _ = await timeline.evaluate(["q": [x]], at: at(60))
    timeline.source.recording = .external
    #expect(await timeline.apply(at: at(70)) == [])
    #expect(timeline.state.groups[group.id]?.rules[0].treatment == .external)
    #expect(await timeline.evaluate(["q": [x]], at: at(130)) == [])
    timeline.source.recording = .evaluate
    _ = await timeline.apply(at: at(200))
    #expect(await timeline.evaluate(["q": [x]], at: at(200)).map(\.value) == [1])
  }

  @Test func `alerts are written as they stand`() async {
    var timeline = Timeline(writesAlerts: true)
    let context = RuleContext(scope: .platform)
    let down = rule("Down", "q", hold: .seconds(60), labels: [Label("empty", "{{ $labels.nope }}"), Label("i", "z")])
    let group = group([down], scope: .platform, context: context)
    _ = await timeline.apply(group, at: at(60))
    let grid = EvaluationGrid(file: group.file, group: "g", interval: .seconds(60))
    let base: Labels = ["alertname": "Down", "empty": "{{ $labels.nope }}", "i": "z"]
    func alerts(_ state: String, _ value: Double?, _ now: Timestamp) -> ScriptedStore.Written {
      written(base.filled(from: ["__name__": "ALERTS", "alertstate": state]), value, at: now)
    }
    func forState(_ value: Double?, _ now: Timestamp) -> ScriptedStore.Written {
      written(base.filled(from: ["__name__": "ALERTS_FOR_STATE"]), value, at: now)
    }
    #expect(
      await timeline.evaluate(["q": [x]], at: at(60)) == [alerts("pending", 1, at(60)), forState(60, at(60))])
    var now = grid.instant(after: at(60))
    #expect(await timeline.evaluate(["q": [x]], at: now) == [alerts("pending", 1, now), forState(60, now)])
    now = now + .seconds(60)
    #expect(
      await timeline.evaluate(["q": [x]], at: now)
        == [alerts("firing", 1, now), forState(60, now), alerts("pending", nil, now)])
    now = now + .seconds(60)
    #expect(await timeline.evaluate([:], at: now) == [])
    now = now + .seconds(60)
    #expect(await timeline.evaluate(["q": []], at: now) == [alerts("firing", nil, now), forState(nil, now)])
    // Without `write_alerts` what stood there ends.
    now = now + .seconds(60)
    _ = await timeline.evaluate(["q": [x]], at: now)
    timeline.source.writesAlerts = false
    now = now + .seconds(60)
    #expect(await timeline.evaluate(["q": [x]], at: now).map(\.value) == [nil, nil])
  }

  @Test(arguments: fuzzSeeds(100)) func `every series that was begun is ended exactly once`(seed: UInt64) async {
    var random = SplitMix64(seed: seed)
    var timeline = Timeline()
    let rules = (0..<3).map { record("r\($0)", "q\($0)") }
    var group = group(rules, interval: .seconds(15))
    var history: [Labels: [(at: Timestamp, value: Double?)]] = [:]
    var now = at(60)
    func note(_ samples: [ScriptedStore.Written]) {
      for sample in samples { history[sample.labels, default: []].append((sample.at, sample.value)) }
    }
    note(await timeline.apply(group, at: now))
    for _ in 0..<40 {
      now = now + .milliseconds(Int64.random(in: 1000...20_000, using: &random))
      if Int.random(in: 0..<6, using: &random) == 0 {
        group = EvaluatorTests.group(
          rules.filter { _ in Bool.random(using: &random) }, interval: .seconds(15))
        note(await timeline.apply(group, at: now))
      }
      var answers: [String: [QuerySample]] = [:]
      for index in 0..<3 where Int.random(in: 0..<5, using: &random) > 0 {
        answers["q\(index)"] = ["a", "b", "c"].filter { _ in Bool.random(using: &random) }.map { sample($0) }
      }
      note(await timeline.evaluate(answers, at: now))
    }
    note(await timeline.apply(removing: [group.id], at: now + .seconds(60)))
    for samples in history.values {
      #expect(samples.map(\.at) == samples.map(\.at).sorted())
      #expect(Set(samples.map(\.at)).count == samples.count, "no instant twice")
      #expect(samples.last?.value == nil, "it is ended")
      #expect(zip(samples, samples.dropFirst()).allSatisfy { $0.value != nil || $1.value != nil }, "and once")
    }
  }
}

extension RuleState {
  /// Why the rule fails, in words.
  var failure: String? {
    guard case .failing(let failure, _) = health else { return nil }
    return failure.description
  }
}

extension GroupDefinition {
  /// The same group with a limit.
  static func limited(_ group: GroupDefinition, to limit: Int) -> GroupDefinition {
    var spec = group.spec
    spec.limit = limit
    return GroupDefinition(
      id: group.id, spec: spec, context: group.context, file: group.file, provenance: group.provenance)
  }
}
