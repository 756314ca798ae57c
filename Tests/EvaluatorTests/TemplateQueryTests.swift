import Evaluator
import Model
import PromQL
import Specs
import Templates
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct `Queries in rule templates` {
  private let scope = Scope.project(tenant: "shop", project: "checkout")
  private let bench = Bench()

  private func put(_ rule: Rule, tenantLabel: String? = nil, offset: Duration? = nil) async {
    var source = bench.sources()[0]
    source.tenantLabel = tenantLabel
    _ = await bench.runner.apply(
      EvaluatorChange(groups: [.init(scope, put: [group([rule], offset: offset)])], putSources: [source]))
  }

  private func summary(_ template: String) -> Rule {
    rule("Down", annotations: [Label("summary", template)])
  }

  @Test func `an annotation says what a query gives at the evaluation's instant`() async throws {
    bench.source.set("up == 0", .success([sample("a"), sample("b")]))
    bench.source.set(#"load{i="a"}"#, .success([QuerySample(["i": "a"], 3)]))
    try await bench.running {
      await put(
        summary(#"{{ with printf "load{i=%q}" $labels.instance | query }}{{ . | first | value }}{{ else }}-{{ end }}"#),
        offset: .seconds(30))
      await bench.sink.waitForReports(1)
      #expect(await bench.sink.transitions.map { $0.alert.annotations.map(\.value) } == [["3"], ["-"]])
      #expect(bench.source.questions.map(\.expression) == ["up == 0", #"load{i="a"}"#, #"load{i="b"}"#])
      #expect(bench.source.questions.map(\.at) == [at(999_970), at(1_000_000), at(1_000_000)])
    }
  }

  @Test func `the answer is asked for anew at each evaluation, and only while there are samples`() async throws {
    bench.source.set("up == 0", .success([sample("a")]))
    bench.source.set("n", .success([QuerySample(.empty, 1)]))
    let next = EvaluationGrid(file: "rules.yaml", group: "g", interval: .seconds(60)).instant(after: at(1_000_000))
    try await bench.running {
      await put(summary(#"{{ query "n" | first | value }}"#))
      await bench.sink.waitForReports(1)
      bench.source.set("n", .success([QuerySample(.empty, 2)]))
      await bench.tick(to: next)
      await bench.sink.waitForReports(2)
      #expect(await bench.sink.reports[1].refreshed.map { $0.annotations[0].value } == ["2"])
      bench.source.set("up == 0", .success([]))
      await bench.tick(to: next + .seconds(60))
      await bench.sink.waitForReports(3)
      #expect(bench.source.questions.map(\.expression) == ["up == 0", "n", "up == 0", "n", "up == 0"])
    }
  }

  @Test func `a query may be made of another's answer`() async throws {
    bench.source.set("up == 0", .success([sample("a")]))
    bench.source.set("which", .success([QuerySample(["i": "b"], 1)]))
    bench.source.set("of_b", .success([QuerySample(.empty, 7)]))
    try await bench.running {
      await put(
        summary(#"{{ $i := query "which" | first | label "i" }}{{ printf "of_%s" $i | query | first | value }}"#))
      await bench.sink.waitForReports(1)
      #expect(await bench.sink.transitions.map { $0.alert.annotations[0].value } == ["7"])
    }
  }

  @Test func `no more than twenty queries are asked`() async throws {
    bench.source.set("up == 0", .success((0..<30).map { sample("\($0)") }))
    try await bench.running {
      await put(summary(#"{{ printf "q%s" $labels.instance | query }}"#))
      await bench.sink.waitForReports(1)
      #expect(bench.source.questions.count == 21)
      let texts = await bench.sink.transitions.map { $0.alert.annotations[0].value }
      #expect(texts.count(where: { $0.contains("a rule's templates may ask 20 queries") }) == 10)
    }
  }

  @Test func `a failing query is an error in an annotation, and fails the rule in a label`() async throws {
    bench.source.set("up == 0", .success([sample("a")]))
    bench.source.set("n", .failure(.timedOut))
    try await bench.running {
      await put(summary(#"{{ query "n" }}"#))
      await bench.sink.waitForReports(1)
      let text = await bench.sink.transitions.first?.alert.annotations[0].value
      #expect(text?.contains("error calling query: the data source gave no answer in time") == true)
      await put(rule("Down", labels: [Label("level", #"{{ query "n" | len }}"#)]))
      await bench.sink.waitForReports(2)
      #expect(await bench.sink.reports[1].outcomes.map(\.failure) == [.query(.timedOut)])
      bench.source.set("n", .failure(.rejected("parse error")))
      await put(rule("Down", labels: [Label("level", #"{{ query "n" }}"#)]))
      await bench.sink.waitForReports(3)
      #expect(await bench.sink.reports[2].outcomes.map(\.failure) == [nil])
    }
  }

  @Test func `templates read no other tenant's series`() async throws {
    bench.source.set(#"up{tenant="shop"} == 0"#, .success([sample("a")]))
    bench.source.set(#"n{tenant="shop"}"#, .success([QuerySample(.empty, 4)]))
    try await bench.running {
      await put(
        summary(#"{{ query "n" | first | value }} {{ query "n{tenant=\"other\"}" }}"#), tenantLabel: "tenant")
      await bench.sink.waitForReports(1)
      #expect(bench.source.questions.map(\.expression) == [#"up{tenant="shop"} == 0"#, #"n{tenant="shop"}"#])
      let text = await bench.sink.transitions.first?.alert.annotations[0].value
      #expect(text?.contains("can't be bound to its tenant") == true)
    }
  }

  @Test func `whoever answers queries himself is told which`() {
    let definition = group([summary(#"{{ query "n" | len }}"#), summary("slow query")])
    var state = RuleGroupState(definition)
    #expect(state.templateQueries(rule: 0, [sample("a")], at: at(60)) == ["n"])
    #expect(state.templateQueries(rule: 1, [sample("a")], at: at(60)) == [])
    #expect(state.templateQueries(rule: 0, [], at: at(60)) == [])
    #expect(state.templateQueries(rule: 0, [sample("a")], answers: ["n": .samples([])], at: at(60)) == [])
    var answer = RuleAnswer(
      index: 0, result: .success(QueryAnswer(samples: [sample("a")])), duration: .zero, sourceURL: "")
    answer.templateAnswers = ["n": .samples([])]
    #expect(state.step(answer, at: at(60)).transitions.map { $0.alert.annotations[0].value } == ["0"])
  }
}
