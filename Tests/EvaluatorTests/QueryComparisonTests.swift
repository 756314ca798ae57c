import Evaluator
import JSON
import Model
import PromQL
import TestKit
import Testing

/// Random queries over the same samples, by Prometheus and by the engine.
@Suite(
  .enabled(if: RealServer.isInstalled(RealServer.prometheus), "prometheus is not installed"), .timeLimit(.minutes(1)))
struct `Queries as Prometheus answers them` {
  private struct Stored: SeriesSource {
    var all: [SampleSeries]

    func series(for selection: Selection) throws(EvaluationError) -> [SampleSeries] {
      all.filter { selection.matchers.accept($0.labels) }
    }
  }

  /// Labels without the name, and the samples: what both agree on.
  private struct Element {
    var labels: Labels
    var times: [Timestamp]
    var values: [Double]

    init(_ labels: Labels, _ times: [Timestamp], _ values: [Double]) {
      self.labels = labels
      self.labels["__name__"] = ""
      (self.times, self.values) = (times, values)
    }

    func isNearly(_ other: Element) -> Bool {
      labels == other.labels && times == other.times
        && zip(values, other.values).allSatisfy { abs($0 - $1) < 1e-9 || $0.isNearly($1, within: 1e-9) }
    }
  }

  private enum Answer {
    case value([Element])
    case failure(String)
  }

  @Test func `are answered alike`() async throws {
    let server = try RealServer.startPrometheus()
    var generator = StableQuery(seed: 7)
    let store = Stored(all: generator.series())
    try await write(store.all, to: server)
    let half = Timestamp(millisecondsSinceEpoch: Int64(StableQuery.start) * 1000 + 500)
    var count = 0
    for seed in fuzzSeeds(300) {
      var queries = StableQuery(seed: seed)
      let text = queries.vector(3)
      for times in [
        QueryTimes(at: half + .seconds(320)),
        QueryTimes(from: half + .seconds(40), through: half + .seconds(640), step: .seconds(50)),
      ] {
        let theirs = try await answer(of: server, text, times)
        let ours = try own(text, times, store)
        if let difference = difference(ours, theirs) {
          Issue.record("\(seed): \(text) \(times.step == nil ? "at" : "over"): \(difference)")
        }
        if case .value(let elements) = theirs, !elements.isEmpty { count += 1 }
      }
    }
    #expect(count > 100)
  }

  /// What is different; `nil` when nothing is.
  private func difference(_ ours: Answer, _ theirs: Answer) -> String? {
    switch (ours, theirs) {
    case (.value(let ours), .value(let theirs)):
      let surplus = ours.filter { element in !theirs.contains { $0.isNearly(element) } }
      let missing = theirs.filter { element in !ours.contains { $0.isNearly(element) } }
      guard ours.count != theirs.count || !surplus.isEmpty || !missing.isEmpty else { return nil }
      return "ours \(surplus.prefix(2).map(line)), theirs \(missing.prefix(2).map(line))"
    case (.failure(let ours), .failure(let theirs)):
      // Which of several series is told may differ.
      return ours.prefix(25) == theirs.prefix(25) ? nil : "ours fails: \(ours), theirs fails: \(theirs)"
    case (.failure(let words), .value):
      // Prometheus 2 doesn't mind a second match that its comparison filters out.
      return words.hasPrefix("multiple matches for labels") || isAboutNames(words) ? nil : "ours fails: \(words)"
    case (.value, .failure(let words)): return isAboutNames(words) ? nil : "theirs fails: \(words)"
    }
  }

  /// Prometheus 2 takes names away at once and not at the end: that makes other series equal.
  private func isAboutNames(_ words: String) -> Bool { words.hasSuffix("with the same labelset") }

  private func line(_ element: Element) -> String {
    let samples = zip(element.times, element.values).map { "\($1)@\($0.secondsSinceEpoch - Double(StableQuery.start))" }
    return "\(element.labels) " + samples.joined(separator: " ")
  }

  private func own(_ text: String, _ times: QueryTimes, _ store: Stored) throws -> Answer {
    let expr = try #require(Expr.parse(text).expr, "\(text)")
    do throws(EvaluationError) {
      switch try PreparedQuery(expr, times: times).evaluate(store).value {
      case .vector(let samples): return .value(samples.map { Element($0.labels, [times.end], [$0.value]) })
      case .matrix(let matrix): return .value(matrix.map { Element($0.labels, $0.times, $0.values) })
      default: return .value([])
      }
    } catch {
      return .failure("\(error)")
    }
  }

  private func answer(of server: RealServer, _ text: String, _ times: QueryTimes) async throws -> Answer {
    var form = "query=" + text.utf8.map { "%" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    if let step = times.step {
      form += "&start=\(times.start.secondsSinceEpoch)&end=\(times.end.secondsSinceEpoch)"
      form += "&step=\(step.components.seconds)"
    } else {
      form += "&time=\(times.end.secondsSinceEpoch)"
    }
    let response = try await PlainHTTP().send(
      HTTPRequest(
        method: "POST", url: server.url + "/api/v1/query" + (times.step == nil ? "" : "_range"),
        headers: [Label("Content-Type", "application/x-www-form-urlencoded")], body: Array(form.utf8)))
    let json = try JSONValue(parsing: response.body)
    guard case .array(let elements)? = json["data"]?["result"] else {
      return .failure(json["error"]?.string ?? "status \(response.status)")
    }
    return .value(elements.map(element))
  }

  private func element(_ json: JSONValue) -> Element {
    var labels = Labels.empty
    if case .object(let members)? = json["metric"] {
      for member in members { labels[member.name] = member.value.string ?? "" }
    }
    var points: [JSONValue] = json["value"].map { [$0] } ?? []
    if case .array(let values)? = json["values"] { points = values }
    var element = Element(labels, [], [])
    for case .array(let point) in points where point.count == 2 {
      let text = point[1].string ?? ""
      element.times.append(Timestamp(secondsSinceEpoch: point[0].double ?? .nan) ?? .epoch)
      element.values.append(text == "NaN" ? .nan : Double(text.replacing("Inf", with: "inf")) ?? 0)
    }
    return element
  }

  /// Writes all samples in the order of time, once the server listens.
  private func write(_ all: [SampleSeries], to server: RealServer) async throws {
    let sink = PlainRemoteWrite(url: server.url)
    var samples: [Timestamp: [QuerySample]] = [:]
    for series in all {
      for (time, value) in zip(series.times, series.values) {
        samples[time, default: []].append(QuerySample(series.labels, value))
      }
    }
    while (try? await PlainHTTP().send(HTTPRequest(url: server.url + "/-/ready")))?.status != 200 {
      try await ContinuousClock().sleep(for: .milliseconds(20))
    }
    for (time, samples) in samples.sorted(by: { $0.key < $1.key }) { try await sink.write(samples, at: time) }
  }
}
