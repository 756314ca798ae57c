import Model
import TestKit
import Testing

@testable import PromQL

@Suite struct `The engine over random series` {
  private let times = QueryTimes(from: .at(45), through: .at(345), step: .seconds(50))
  private var instants: [Int] { Array(stride(from: 45, through: 345, by: 50)) }

  @Test func `a range query has at each step what an instant query has there`() throws {
    for seed in fuzzSeeds(400) {
      var queries = RandomQuery(seed: seed)
      let store = queries.store()
      let text = queries.vector(3)
      guard let expr = Expr.parse(text).expr else { continue }
      guard let range = try? PreparedQuery(expr, times: times).evaluate(store), case .matrix(let matrix) = range.value
      else { continue }
      for second in instants {
        // Series that a range tells apart by their steps may meet at an instant.
        guard case .vector(let samples) = try? store.result(text, .at(second)).value else { continue }
        var expected: [Labels: Double] = [:]
        for sample in samples { expected[sample.labels] = sample.value }
        for series in matrix {
          guard let index = series.times.firstIndex(of: .at(second)) else { continue }
          let value = expected.removeValue(forKey: series.labels)
          #expect(
            value?.isNearly(series.values[index], within: 1e-9) ?? false,
            "\(seed): \(text) at \(second): \(series.labels)")
        }
        #expect(expected.isEmpty, "\(seed): \(text) at \(second): \(expected)")
      }
    }
  }

  @Test func `an at modifier pins the value`() throws {
    for seed in fuzzSeeds(200) {
      var queries = RandomQuery(seed: seed)
      let store = queries.store()
      let inner = queries.vector(2)
      let text = "last_over_time((\(inner))[1s:1s] @ 150)"
      guard Expr.parse(text).expr != nil else { continue }
      guard let expected = try? store.lines(text, at: 150) else { continue }
      for second in [0, 60, 1000] {
        #expect(try store.lines(text, at: second).sorted() == expected.sorted(), "\(seed): \(text)")
      }
      let series = try store.result(text, times).value
      guard case .matrix(let matrix) = series else { continue }
      #expect(matrix.count == expected.count, "\(seed): \(text)")
      #expect(matrix.allSatisfy { $0.values.count == instants.count })
    }
  }

  @Test func `groups share out all there is`() throws {
    for seed in fuzzSeeds(100) {
      var queries = RandomQuery(seed: seed)
      let store = queries.store()
      let inner = queries.selector()
      for second in [60, 150] {
        let whole = try store.lines("count(\(inner))", at: second)
        #expect(try store.lines("sum(count without (i) (\(inner)))", at: second) == whole, "\(seed): \(inner)")
        #expect(try store.lines("sum(count by (j) (\(inner)))", at: second) == whole, "\(seed): \(inner)")
        #expect(try store.lines("count(limitk(1000, \(inner)))", at: second) == whole, "\(seed): \(inner)")
        #expect(
          try store.lines("sum without (i, j, le) (\(inner))", at: second)
            == store.lines("sum by (nothing) (\(inner))", at: second), "\(seed): \(inner)")
      }
    }
  }

  @Test func `any expression ends in a value or an error, and never traps`() throws {
    for seed in fuzzSeeds(500) {
      var queries = RandomQuery(seed: seed)
      let store = queries.store()
      let text = queries.vector(4)
      if let expr = Expr.parse(text).expr { evaluateAnyhow(expr, store) }
      var trees = RandomExpression(seed: seed)
      evaluateAnyhow(trees.expression(), store)
    }
  }

  private func evaluateAnyhow(_ expr: Expr, _ store: FixedSeries) {
    var settings = EngineSettings()
    settings.sampleLimit = 20_000
    let far = Timestamp(millisecondsSinceEpoch: 1 << 60)
    let early = Timestamp(millisecondsSinceEpoch: -1 << 60)
    let all = [
      times, .at(100), .at(-1000), QueryTimes(at: far), QueryTimes(at: early),
      QueryTimes(at: Timestamp(millisecondsSinceEpoch: .max)),
      QueryTimes(from: early, through: far, step: .seconds((1 << 60) / 1000 / 50)),
    ]
    for times in all {
      guard let query = try? PreparedQuery(expr, times: times, settings: settings) else { continue }
      guard let result = try? query.evaluate(store) else { continue }
      if case .matrix(let matrix) = result.value {
        #expect(matrix.allSatisfy { series in !series.values.contains(where: \.isStalenessMarker) })
        #expect(zip(matrix, matrix.dropFirst()).allSatisfy { $0.labels < $1.labels })
      }
    }
  }
}
