import Embedded
import Evaluator
import Foundation
import Model
import PromQL
import Transport

/// How fast expressions are read.
func benchParsing(runs: Int) {
  let texts = (0..<10_000).map { number in
    """
    sum by (instance, job) (rate(http_requests_total{service="s\(number)", code=~"5.."}[5m]))
      / sum by (instance, job) (rate(http_requests_total{service="s\(number)"}[5m])) > 0.05
    """
  }
  let bytes = texts.reduce(0) { $0 + $1.utf8.count }
  var rates: [Double] = []
  for _ in 0..<runs {
    let start = seconds()
    for text in texts where Expr.parse(text).expr == nil { fail("an expression of the benchmark can't be read") }
    rates.append(Double(bytes) / 1e6 / (seconds() - start))
  }
  report(Figure("parse \(texts.count) expressions of \(bytes / texts.count) bytes", Spread(rates).text("MB/s", 0)))
}

/// The engine over counters of many series, beside a Prometheus that holds the same samples.
struct EngineBench {
  static let expression = "sum by (job) (rate(x[5m]))"
  static let step = Duration.seconds(15)

  let series: [SampleSeries]
  let end: Timestamp
  let points: Int

  /// `count` counters of `points` samples each, 15 s apart, up to `end`.
  init(series count: Int, points: Int, end: Timestamp) {
    self.end = end
    self.points = points
    series = (0..<count).map { number in
      var series = SampleSeries([
        "__name__": "x", "job": "job-\(number % 10)", "instance": "host-\(number):9100", "region": "eu-1",
      ])
      var value = 0.0
      var random = UInt64(number) &* 2_862_933_555_777_941_757 &+ 3_037_000_493
      for point in (0..<points).reversed() {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        value += Double((random >> 33) % 1000) / 10
        series.append(value, at: end - Self.step * point)
      }
      return series
    }
  }

  /// A thousand steps over all the samples.
  var range: QueryTimes {
    let start = end - Self.step * (points - 1)
    return QueryTimes(from: start, through: end, step: .milliseconds((end - start).wholeMilliseconds / 999))
  }
}

extension EngineBench {
  /// Range and instant queries here and there.
  func run(runs: Int, instants: Int) async throws {
    let store = filledStore()
    guard let expr = Expr.parse(Self.expression).expr else { fail("the benchmark's expression can't be read") }
    let peer = try PrometheusPeer()
    let transport = try CurlTransport(version: "bench")
    if let peer { try await peer.write(series, over: transport) }
    let work = "\(series.count) series × \(points) samples, \(Self.expression)"
    try await compare(
      "range query of 1,000 steps over \(work)", range, expr, store, peer, transport, runs: runs, count: 1)
    guard let small = Expr.parse("rate(x{instance=\"host-7:9100\"}[5m]) > 0").expr else { return }
    try await compare(
      "instant query of one series among \(series.count)", QueryTimes(at: end), small, store, peer, transport,
      runs: runs,
      count: instants)
    try await compare(
      "instant query over \(work)", QueryTimes(at: end), expr, store, peer, transport, runs: runs,
      count: max(1, instants / 20))
    await transport.shutdown()
  }

  private func filledStore() -> SampleStore {
    let store = SampleStore(settings: StoreSettings(retention: nil, maxMemory: 1 << 30))
    store.append(series, now: end)
    return store
  }

  /// Times `count` queries in a row, here through store and engine, there through the query API.
  private func compare(
    _ work: String, _ times: QueryTimes, _ expr: Expr, _ store: SampleStore, _ peer: PrometheusPeer?,
    _ transport: CurlTransport, runs: Int, count: Int
  ) async throws {
    var ours: [Double] = []
    var spent: [Double] = []
    for _ in 0..<runs {
      let (start, cpu) = (seconds(), ownCPU())
      for _ in 0..<count {
        let query = try PreparedQuery(expr, times: times, settings: EngineSettings())
        var gathered = GatheredSeries()
        for selection in query.selections { gathered.series[selection] = try await store.select(selection) }
        _ = try query.evaluate(gathered)
      }
      ours.append((seconds() - start) / Double(count) * 1000)
      spent.append((ownCPU() - cpu) / Double(count) * 1000)
    }
    report(Figure(work + ": wall", Spread(ours).text("ms", 3)))
    report(Figure("  processor time", Spread(spent).text("ms", 3)))
    guard let peer else { return report(Figure("  prometheus", "not installed")) }
    var theirs: [Double] = []
    let cpu = peer.cpu
    let source = HTTPSampleSource(url: peer.url, transport: transport)
    for _ in 0..<runs {
      let start = seconds()
      for _ in 0..<count { _ = try await source.queryValue(expr.description, times, timeout: .seconds(60)) }
      theirs.append((seconds() - start) / Double(count) * 1000)
    }
    let peerCPU = (peer.cpu - cpu) / Double(count * runs) * 1000
    report(Figure("  prometheus, over HTTP: wall", Spread(theirs).text("ms", 3)))
    report(Figure("  prometheus: processor time", String(format: "%.3f ms", peerCPU)))
    report(
      Figure(
        "  prometheus / belfry: wall, processor time",
        String(format: "%.1f ×, %.1f ×", Spread(theirs).median / Spread(ours).median, peerCPU / Spread(spent).median),
        target: "1 ×"))
  }
}
