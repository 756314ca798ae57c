import JSON
import Model
import PromQL
import Templates

/// How the results of queries are printed.
struct QueryText {
  let expression: String
  let times: QueryTimes
  private(set) var result: QueryResult
  /// The width of the terminal, in characters.
  var width = 100

  /// Puts the elements of a vector, which have no order of their own, into that of their labels.
  mutating func sortByLabels() {
    guard case .vector(let samples) = result.value else { return }
    result.value = .vector(samples.sorted { $0.labels < $1.labels })
  }

  // MARK: For people

  /// The result for people: a value, a table, or plots.
  var text: String {
    switch result.value {
    case .scalar(let value): value.shown + "\n"
    case .string(let text): text + "\n"
    case .vector(let samples): table(samples)
    case .matrix(let series): times.step == nil ? samples(of: series) : plots(series)
    }
  }

  /// What there is to tell beside the result, a line each.
  var notes: [String] { result.annotations.map { $0.description(in: expression) } }

  private func table(_ samples: [QuerySample]) -> String {
    guard !samples.isEmpty else { return Self.nothing }
    var table = Table(["SERIES", "VALUE"])
    for sample in samples { table.row([sample.labels.asSeries, sample.value.shown]) }
    return table.text
  }

  private func samples(of series: [SampleSeries]) -> String {
    guard !series.isEmpty else { return Self.nothing }
    var table = Table(["SERIES", "TIME", "VALUE"])
    for one in series {
      for (time, value) in zip(one.times, one.values) {
        table.row([one.labels.asSeries, time.description, value.shown])
      }
    }
    return table.text
  }

  private func plots(_ series: [SampleSeries]) -> String {
    guard let first = series.first else { return Self.nothing }
    guard series.count > 1 else {
      let plot = Plot(from: times.start, through: times.end, width: columns(upTo: max(20, width - 20)))
      return first.labels.asSeries + "\n" + plot.chart(first, height: 8) + summary(first)
    }
    let rows = series.map { one in
      [one.values.min(), one.values.max(), one.values.last].map { $0?.rounded ?? "" } + [one.labels.asSeries]
    }
    let beside = rows.map { row in row.reduce(2 * row.count) { $0 + max(4, $1.count) } }.max() ?? 0
    let plot = Plot(from: times.start, through: times.end, width: columns(upTo: max(16, min(48, width - beside))))
    var table = Table(["PLOT", "MIN", "MAX", "LAST", "SERIES"])
    for (one, row) in zip(series, rows) { table.row([plot.line(one)] + row) }
    return table.text + "from \(times.start) to \(times.end)\n"
  }

  /// A column for each step, as far as there is room.
  private func columns(upTo limit: Int) -> Int {
    let step = max(1, times.step?.wholeMilliseconds ?? 1)
    return min(limit, Int(clamping: (times.end - times.start).wholeMilliseconds / step + 1))
  }

  private func summary(_ series: SampleSeries) -> String {
    let values = [("min", series.values.min()), ("max", series.values.max()), ("last", series.values.last)]
    return values.compactMap { name, value in value.map { name + " " + $0.rounded } }.joined(separator: "   ") + "\n"
  }

  private static let nothing = "no series\n"

  // MARK: For programs

  /// The shape of Prometheus's query API: `resultType` and `result`, values as texts.
  var json: JSONValue {
    var members: [JSONValue.Member] = [.init("status", .string("success"))]
    let (type, value) = data
    members.append(.init("data", .object([.init("resultType", .string(type)), .init("result", value)])))
    if !notes.isEmpty { members.append(.init("warnings", .array(notes.map { .string($0) }))) }
    return .object(members)
  }

  private var data: (type: String, value: JSONValue) {
    switch result.value {
    case .scalar(let value): ("scalar", pair(times.end, value.shown))
    case .string(let text): ("string", pair(times.end, text))
    case .vector(let samples):
      (
        "vector",
        .array(
          samples.map {
            .object([.init("metric", $0.labels.json), .init("value", pair(times.end, $0.value.shown))])
          })
      )
    case .matrix(let series):
      (
        "matrix",
        .array(
          series.map { one in
            let values = zip(one.times, one.values).map { pair($0, $1.shown) }
            return .object([.init("metric", one.labels.json), .init("values", .array(values))])
          })
      )
    }
  }

  private func pair(_ time: Timestamp, _ text: String) -> JSONValue {
    .array([.number(time.secondsSinceEpoch), .string(text)])
  }
}

extension Expr {
  /// Whether the order of the elements is part of what the expression says.
  var ordersItsResult: Bool {
    switch form {
    case .call(let call): [.sort, .sortDesc, .sortByLabel, .sortByLabelDesc].contains(call.function)
    case .aggregation(let aggregation): [.topk, .bottomk].contains(aggregation.operation)
    case .parenthesised(let inner), .plus(let inner): inner.ordersItsResult
    default: false
    }
  }
}

extension Labels {
  /// As PromQL writes a series: `name{a="b"}`.
  var asSeries: String {
    let name = self["__name__"]
    let others = pairs.filter { $0.name != "__name__" }
    guard !others.isEmpty || name.isEmpty else { return name }
    return name + "{" + others.map { $0.name + "=" + $0.value.quotedAsGo }.joined(separator: ", ") + "}"
  }

  fileprivate var json: JSONValue { .object(pairs.map { .init($0.name, .string($0.value)) }) }
}

extension Double {
  /// The shortest text that reads as this number again, as Prometheus prints it.
  var shown: String { plainAsGo }

  /// Six digits, and all of those before the point: enough beside a plot. `1e-300` where that says nothing.
  var rounded: String {
    guard isFinite, self != 0 else { return shown }
    guard magnitude < 1e15 else { return "\(self)" }
    var scale = 1.0
    while magnitude * scale < 1e5, scale < 1e15 { scale *= 10 }
    let rounded = (self * scale).rounded() / scale
    return rounded == 0 ? "\(self)" : rounded.shown
  }
}
