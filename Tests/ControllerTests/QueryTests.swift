import JSON
import Model
import PromQL
import TestKit
import Testing

@testable import Controller

@Suite struct `A plot in the terminal` {
  private func series(_ values: [Double]) -> SampleSeries {
    var series = SampleSeries(["__name__": "x"])
    for (index, value) in values.enumerated() { series.append(value, at: .epoch + .seconds(60) * index) }
    return series
  }

  private func plot(_ count: Int, width: Int) -> Plot {
    Plot(from: .epoch, through: .epoch + .seconds(60) * (count - 1), width: width)
  }

  @Test func `has a bar for each column, its height between least and greatest`() {
    #expect(plot(8, width: 8).line(series([0, 1, 2, 3, 4, 5, 6, 7])) == "▁▂▃▄▅▆▇█")
    #expect(plot(3, width: 3).line(series([5, 5, 5])) == "▅▅▅")
  }

  @Test func `leaves gaps where nothing finite is`() {
    #expect(plot(5, width: 5).line(series([1, .nan, 2, .infinity, 1])) == "▁ █ ▁")
    #expect(plot(3, width: 3).line(series([.nan, .nan, .nan])) == "   ")
    #expect(plot(3, width: 3).chart(series([.nan, .nan, .nan]), height: 4) == "no finite values\n")
  }

  @Test func `averages what shares a column`() {
    #expect(plot(4, width: 2).columns(series([1, 3, 10, 20])) == [2, 15])
  }

  @Test(arguments: [
    [Double.greatestFiniteMagnitude, -Double.greatestFiniteMagnitude], [.leastNonzeroMagnitude, 0], [-0.0, 0.0],
  ]) func `takes any numbers`(values: [Double]) {
    #expect(plot(2, width: 2).line(series(values)).count == 2)
    #expect(plot(2, width: 2).chart(series(values), height: 3).split(separator: "\n").count == 5)
  }

  @Test func `is a chart with scale and times for one series`() {
    let times = QueryTimes(from: .epoch, through: .epoch + .seconds(60) * 29, step: .seconds(60))
    let values = (0..<30).map { (index: Int) -> Double in Double(min(index, max(3, 20 - index))) }
    let text = QueryText(expression: "x", times: times, result: QueryResult(.matrix([series(values)])), width: 50).text
    #expect(goldenDifference(text, "chart.txt") == nil)
  }

  @Test(arguments: [
    (1.0 / 3, "0.333333"), (1_795_277_198.791, "1795277199"), (1e-300, "1e-300"), (-0.05, "-0.05"), (1e21, "1e+21"),
    (.nan, "NaN"),
  ]) func `has numbers of six digits beside it`(value: Double, text: String) {
    #expect(value.rounded == text)
  }

  @Test func `is a line each for several`() {
    let times = QueryTimes(from: .epoch, through: .epoch + .seconds(60) * 19, step: .seconds(60))
    var other = series((0..<20).map { Double($0 % 4) * 1e6 })
    other.labels["job"] = "b"
    let result = QueryResult(.matrix([series((0..<20).map(Double.init)), other]))
    #expect(goldenDifference(QueryText(expression: "x", times: times, result: result).text, "plots.txt") == nil)
  }
}

@Suite struct `The result of a query` {
  private func text(_ value: QueryValue, at instant: Timestamp = .epoch) -> QueryText {
    QueryText(expression: "x", times: QueryTimes(at: instant), result: QueryResult(value))
  }

  @Test func `is a table of series`() {
    let samples = [
      QuerySample(["__name__": "up", "job": "a"], 1), QuerySample(["job": "b\n"], 0.5), QuerySample(.empty, .infinity),
    ]
    #expect(
      text(.vector(samples)).text == """
        SERIES       VALUE
        up{job="a"}  1
        {job="b\\n"}  0.5
        {}           +Inf

        """)
    #expect(text(.vector([])).text == "no series\n")
  }

  @Test func `is a number or a text alone`() {
    #expect(text(.scalar(1_500_000)).text == "1500000\n")
    #expect(text(.scalar(.nan)).text == "NaN\n")
    #expect(text(.string("a b")).text == "a b\n")
  }

  @Test func `is what Prometheus's API answers, as JSON`() {
    let instant = Timestamp(millisecondsSinceEpoch: 1500)
    #expect(
      text(.vector([QuerySample(["job": "a"], 1)]), at: instant).json.text
        == #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"job":"a"},"value":[1.5,"1"]}]}}"#)
    #expect(
      text(.scalar(-0.25)).json.text
        == #"{"status":"success","data":{"resultType":"scalar","result":[0,"-0.25"]}}"#)
  }
}

@Suite struct `A file of series` {
  @Test func `sets the step of what is below`() throws {
    let file = try SeriesFile(
      """
      # HELP up
      load 15s
        up{job="a"} 1 _ 3
      load 1m

      up{job="b"} 0+1x2
      plain 42
      """, path: "a", step: .seconds(1))
    #expect(file.series.map(\.times.last?.millisecondsSinceEpoch) == [30_000, 120_000, 0])
    #expect(file.end == Timestamp(millisecondsSinceEpoch: 120_000))
    let selection = Selection(matchers: [Matcher("job", equals: "a")], after: .epoch, through: file.end)
    #expect(file.series(for: selection).map(\.values) == [[1, 3]])
  }

  @Test func `tells every line at fault`() {
    let failure = #expect(throws: CommandFailure.self) {
      try SeriesFile("up{ 1\nload soon\nup 1\nh {{schema:0}}", path: "series.txt", step: .seconds(60))
    }
    let lines = failure?.description.split(separator: "\n").map(String.init) ?? []
    #expect(lines.count == 3)
    #expect(lines.map { $0.prefix(13) } == ["series.txt:1:", "series.txt:2:", "series.txt:4:"])
  }
}

@Suite struct `belfry query` {
  @Test func `evaluates over a file`() async throws {
    try await inWorld { world in
      try world.write(
        "load 1m\nrequests_total{job=\"a\"} 0+60x20\nrequests_total{job=\"b\"} 0+6x20\n", to: "series.txt")
      let file = world.path("series.txt")
      let instant = try await world.belfry("query", "--file", file, "sum by (job) (rate(requests_total[5m]))")
      #expect(instant.output == "SERIES     VALUE\n{job=\"a\"}  1\n{job=\"b\"}  0.1\n", "\(instant.errors)")
      let range = try await world.belfry(
        "query", "--file", file, "--start", "10m", "--step", "5m", "--format", "json", "requests_total{job=\"a\"}")
      #expect(range.output.contains(#""matrix""#) && range.output.contains(#""1200""#), "\(range.errors)")
      let ago = try await world.belfry("query", "--file", file, "--start", "-10m", "--end", "-5m", "requests_total")
      #expect(ago.output.contains("to 1970-01-01T00:15:00Z"), "\(ago.errors)")
      let refused = try await world.belfry("query", "--file", file, "rat(requests_total[5m]) > and")
      #expect(refused.code == 3)
      #expect(refused.errors.contains("expression:1:1: error") && refused.errors.contains("rate"), "\(refused.errors)")
      let failed = try await world.belfry(
        "query", "--file", file, "label_replace(requests_total, \"job\", \"\", \"\", \"\")")
      #expect(failed.code == 1, "\(failed.output)")
    }
  }

  @Test func `asks a server`() async throws {
    try await inWorld { world in
      world.prometheus.set("up == 0", [["instance": "a", "job": "node"]])
      let answer = try await world.belfry("query", "--url", world.prometheus.url, "up == 0")
      #expect(answer.output.contains("instance=\"a\""), "\(answer.errors)")
      let nobody = try await world.belfry("query", "--url", "http://127.0.0.1:9", "up")
      #expect(nobody.code == 6)
    }
  }

  @Test(arguments: [
    ["up"], ["--url", "http://a", "--file", "FILE", "up"], ["--file", "FILE", "--step", "1m", "up"],
    ["--file", "FILE", "--start", "5m", "--end", "1m", "up"], ["--file", "FILE", "--time", "soon", "up"],
  ]) func `says what it was not given`(arguments: [String]) async throws {
    try await inWorld { world in
      try world.write("up 1\n", to: "series.txt")
      let arguments = arguments.map { $0 == "FILE" ? world.path("series.txt") : $0 }
      let answer = try await world.run(World.belfry, ["query"] + arguments)
      #expect(answer.code == 64, "\(answer.errors)")
    }
  }
}
