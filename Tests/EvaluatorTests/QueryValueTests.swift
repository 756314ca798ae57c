import Evaluator
import Model
import PromQL
import TestKit
import Testing

@Suite struct `Reading any query's value` {
  private func value(_ result: String, type: String, status: Int = 200) throws(QueryError) -> ValueAnswer {
    let text = #"{"status":"success","data":{"resultType":"\#(type)","result":\#(result)}}"#
    return try QueryResponse.value(HTTPResponse(status: status, body: Array(text.utf8)), acceptsPartial: false)
  }

  @Test func `a matrix becomes series`() throws {
    let answer = try value(
      #"""
      [{"metric":{"__name__":"up","i":"a"},"values":[[1435781430.781,"1"],[1435781445,"NaN"],[1435781460.5,"-Inf"]]},
       {"values":[[1,"2"]],"metric":{}},{"metric":{"h":"x"},"histograms":[[1,{"count":"1"}]]}]
      """#, type: "matrix")
    guard case .matrix(let series) = answer.value else {
      Issue.record("\(answer)")
      return
    }
    #expect(series.map(\.labels) == [["__name__": "up", "i": "a"], .empty])
    #expect(
      series.map { $0.times.map(\.millisecondsSinceEpoch) }
        == [[1_435_781_430_781, 1_435_781_445_000, 1_435_781_460_500], [1000]])
    #expect(series.map { $0.values.map(\.description) } == [["1.0", "nan", "-inf"], ["2.0"]])
    #expect(answer.warnings == ["1 native histogram samples were left out"])
  }

  @Test(
    arguments: [
      ("[]", "matrix", .matrix([])), ("[]", "vector", .vector([])), ("[1,\"42\"]", "scalar", .scalar(42)),
      ("[1,\"42\"]", "string", .string("42")), ("[1,\"a\\nb\"]", "string", .string("a\nb")),
      ("[1,\"-Inf\"]", "scalar", .scalar(-.infinity)),
      (#"[{"metric":{"a":"b"},"value":[1,"2"]}]"#, "vector", .vector([QuerySample(["a": "b"], 2)])),
    ] as [(String, String, QueryValue)])
  func `each type is what it says it is`(result: String, type: String, expected: QueryValue) throws {
    #expect(try value(result, type: type) == ValueAnswer(expected))
  }

  @Test(arguments: [
    (#"[1,"x"]"#, "scalar"), ("[]", "scalar"), (#"[{"metric":{},"values":[[1,"2"]]}]"#, "vector"),
    (#"[{"metric":{},"value":[1,"2"]}]"#, "matrix"), ("[]", "streams"),
  ])
  func `a type that doesn't fit is told`(result: String, type: String) {
    #expect(throws: QueryError.unexpected(type)) { try value(result, type: type) }
  }

  @Test(arguments: ["[[1]]", "[[]]", "[1]", #"[["1","2"]]"#, "[[1,2]]", #"[[1e300,"2"]]"#])
  func `samples that are none are told`(values: String) {
    #expect(throws: QueryError.self) { try value(#"[{"metric":{},"values":\#(values)}]"#, type: "matrix") }
  }

  @Test func `a range is a form too`() {
    let source = HTTPSampleSource(url: "https://prom.example.com/a/?x=1", transport: PlainHTTP())
    let times = QueryTimes(from: at(60), through: at(120), step: .milliseconds(1500))
    let request = source.request("up", times, timeout: .seconds(10))
    #expect(request.url == "https://prom.example.com/a/api/v1/query_range?x=1")
    #expect(String(decoding: request.body, as: UTF8.self) == "query=up&start=60&end=120&step=1.500&timeout=10s")
  }
}
