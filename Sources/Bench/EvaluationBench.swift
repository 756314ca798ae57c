import Evaluator
import Foundation
import Model
import PromQL
import Specs
import TestKit
import Transport
// The structs of time belong to whichever module the compiler read first, which differs with the files around.
import SwiftOverlayShims

/// What the stub answers.
enum StubAnswer: String, CaseIterable {
  case empty, four

  var json: String {
    let samples =
      self == .empty
      ? []
      : (0..<4).map {
        #"{"metric":{"__name__":"up","instance":"host-\#($0):9100","job":"node"},"value":[1700000000.5,"1"]}"#
      }
    return #"{"status":"success","data":{"resultType":"vector","result":[\#(samples.joined(separator: ","))]}}"#
  }
}

/// The other side of the evaluation benchmark, in a process of its own: answers every query alike until it is killed.
func serveStub(_ answer: StubAnswer, portFile: String) throws {
  let server = try LoopbackHTTPServer { _ in .json(answer.json) }
  try Data(server.url.utf8).write(to: URL(fileURLWithPath: portFile))
  while true { sleep(3600) }
}

/// Evaluations against the stub through runner, decoder and transport, as in production.
func benchEvaluation(_ answer: StubAnswer, groups: Int, for duration: Double) async throws {
  let portFile = NSTemporaryDirectory() + "belfry-bench-stub-\(getpid())"
  let stub = Child.spawn([CommandLine.arguments[0], "stub", answer.rawValue, portFile], output: "/dev/null")
  defer {
    kill(stub, SIGKILL)
    _ = Child.wait(for: stub, since: 0)
    try? FileManager.default.removeItem(atPath: portFile)
  }
  while !FileManager.default.fileExists(atPath: portFile) { usleep(1000) }
  usleep(20_000)
  let url = try String(contentsOfFile: portFile, encoding: .utf8)
  let transport = try CurlTransport(version: "bench")
  let runner = EvaluatorRunner(clock: BenchClock(), sink: NoSink())
  let source = EvaluatorSource(
    id: ResourceID(.platform, .dataSource, "main"), source: HTTPSampleSource(url: url, transport: transport),
    concurrency: 64, isDefault: true)
  let definitions = (0..<groups).compactMap(group)
  await withTaskGroup(of: Void.self) { tasks in
    tasks.addTask { await runner.run() }
    _ = await runner.apply(
      EvaluatorChange(groups: [.init(.tenant("shop"), put: definitions)], putSources: [source]))
    try? await Task.sleep(for: .seconds(1))
    let (count, cpu, start) = (await runner.counters.ruleEvaluations, ownCPU(), seconds())
    try? await Task.sleep(for: .seconds(duration))
    let done = Double(await runner.counters.ruleEvaluations - count)
    let (spent, wall) = (ownCPU() - cpu, seconds() - start)
    report(
      Figure(
        "evaluations, \(answer.rawValue) answer, \(groups) groups at once",
        String(format: "%.0f/s, %.1f µs CPU each", done / wall, spent / done * 1e6),
        target: answer == .empty ? "39 µs" : "250 µs"))
    tasks.cancelAll()
  }
  await transport.shutdown()
}

/// A group of ten rules that is always due.
private func group(_ number: Int) -> GroupDefinition? {
  let rules = (0..<10).map { index in
    var rule = Rule(.alert, name: "Alert\(index)", expression: Expression("up{group=\"\(number)\"} == \(index)"))
    rule.hold = .seconds(300)
    rule.labels = [Label("severity", "warning")]
    rule.annotations = [Label("summary", "{{ $labels.instance }} is at {{ $value | humanize }}")]
    return rule
  }
  var spec = RuleGroupSpec(name: "g\(number)", rules: rules)
  spec.interval = .milliseconds(10)
  let id = ResourceID(.tenant("shop"), .ruleGroup, "g\(number)")
  let provenance = rules.map { _ in Provenance(file: "rules.yaml", line: 1) }
  return GroupDefinition(
    id: id, spec: spec, context: RuleContext(scope: .tenant("shop")), file: "rules.yaml", provenance: provenance)
}

/// The system's clock.
private struct BenchClock: WallClock {
  var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(millisecondsSinceEpoch: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  var minimumResolution: Duration { .milliseconds(1) }

  func sleep(until deadline: Timestamp, tolerance: Duration?) async throws {
    try await Task.sleep(for: max(.zero, now.duration(to: deadline)))
  }
}

private struct NoSink: EvaluationSink {
  func evaluated(_ report: EvaluationReport) async {}
}
