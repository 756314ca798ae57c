import Evaluator
import Model
import PromQL
import TestKit
import Testing

@Suite struct `Reading a query's answer` {
  private func answer(_ text: String, status: Int = 200, partial: Bool = false) throws(QueryError) -> QueryAnswer {
    try QueryResponse.answer(HTTPResponse(status: status, body: Array(text.utf8)), acceptsPartial: partial)
  }

  private static let vector = #"""
    {"status":"success","data":{"resultType":"vector","result":[
    {"metric":{"__name__":"up","instance":"web-1"},"value":[1435781451.781,"1.5"]},
    {"metric":{"z":"1","a":"2"},"value":[1435781451,"NaN"]},
    {"metric":{},"value":[1435781451,"+Inf"]},
    {"metric":{"h":"x"},"histogram":[1435781451,{"count":"1","sum":"2","buckets":[]}]},
    {"metric":{"x":"-"},"value":[1435781451,"-Inf"]}]}}
    """#

  @Test func `a vector becomes samples, histograms left out`() throws {
    let answer = try answer(Self.vector)
    #expect(
      answer.samples.map(\.labels) == [
        ["__name__": "up", "instance": "web-1"], ["a": "2", "z": "1"], [:], ["x": "-"],
      ])
    #expect(answer.samples.map(\.value.description) == ["1.5", "nan", "inf", "-inf"])
    #expect(answer.warnings == ["1 native histogram samples were left out"])
  }

  @Test func `a scalar becomes one sample without labels`() throws {
    let answer = try answer(#"{"status":"success","data":{"resultType":"scalar","result":[1,"42"]}}"#)
    #expect(answer.samples == [QuerySample(.empty, 42)])
  }

  @Test func `an empty vector is an answer, whatever the order of its members`() throws {
    #expect(
      try answer(#"{"data":{"result":[],"stats":{},"resultType":"vector"},"infos":["x"],"status":"success"}"#).samples
        .isEmpty)
  }

  @Test(
    arguments: [
      (
        #"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"1"]]}]}}"#,
        .wrongType("matrix")
      ),
      (#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#, .wrongType("matrix")),
      (#"{"status":"success","data":{"resultType":"string","result":[1,"text"]}}"#, .wrongType("string")),
      (#"{"status":"success","data":{"resultType":"string","result":[1,"12"]}}"#, .wrongType("string")),
      (
        #"{"status":"success","isPartial":true,"data":{"resultType":"vector","result":[]}}"#,
        .partial("the server says 'isPartial: true'")
      ),
      (
        #"{"status":"success","data":{"resultType":"vector","result":[]},"warnings":["store 2 is down"]}"#,
        .partial("store 2 is down")
      ),
      (#"{"status":"error","errorType":"bad_data","error":"parse error"}"#, .rejected("parse error")),
      (#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"b"},"va"#, .truncated),
      ("<html><body>Sign in</body></html>", .notJSON("HTML")),
      ("", .notJSON("nothing")),
      ("not found\nsecond", .notJSON("'not found'")),
      (#"[1,2]"#, .notJSON("other JSON")),
    ] as [(String, QueryError)])
  func `what doesn't count is told`(text: String, error: QueryError) {
    #expect(throws: error) { try answer(text) }
  }

  @Test(
    arguments: [
      (400, #"{"status":"error","errorType":"bad_data","error":"1:5: parse error"}"#, .rejected("1:5: parse error")),
      (422, #"{"status":"error","errorType":"execution","error":"too many samples"}"#, .rejected("too many samples")),
      (422, #"{"status":"error","errorType":"422","error":"cannot parse"}"#, .rejected("cannot parse")),
      (503, #"{"status":"error","errorType":"timeout","error":"query timed out"}"#, .timedOut),
      (503, "Service Unavailable", .serverError(status: 503, words: "'Service Unavailable'")),
      (502, "<html>", .serverError(status: 502, words: "HTML")),
      (401, "", .serverError(status: 401, words: "nothing")),
      (504, "", .timedOut),
      (
        400, "Client sent an HTTP request to an HTTPS server.",
        .serverError(status: 400, words: "'Client sent an HTTP request to an HTTPS server.'")
      ),
      (302, "<a href>", .serverError(status: 302, words: "HTML")),
    ] as [(Int, String, QueryError)])
  func `a status other than success is told by what it means`(status: Int, text: String, error: QueryError) {
    #expect(throws: error) { try answer(text, status: status) }
  }

  @Test func `a source may be told to accept what is partial`() throws {
    let text = #"{"status":"success","isPartial":true,"data":{"resultType":"vector","result":[]},"warnings":["w"]}"#
    #expect(try answer(text, partial: true).warnings == ["w"])
  }

  @Test(arguments: fuzzSeeds(200))
  func `whatever the bytes, they are read or refused`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let original = Array(Self.vector.utf8)
    for _ in 0..<50 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0...3, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(Array("[]{},:\"-0e".utf8).randomElement(using: &random) ?? 0, at: index)
        default: bytes.removeLast(bytes.count - index)
        }
        if bytes.isEmpty { break }
      }
      _ = try? QueryResponse.answer(HTTPResponse(status: 200, body: bytes), acceptsPartial: false)
    }
  }
}

@Suite struct `Asking over HTTP` {
  /// A transport that gives one answer and remembers what it was asked.
  private final class OneAnswer: HTTPTransport {
    let result: Result<HTTPResponse, TransportError>

    init(_ result: Result<HTTPResponse, TransportError>) {
      self.result = result
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
      try result.get()
    }
  }

  @Test func `the query is a form sent by POST`() {
    let source = HTTPSampleSource(
      url: "https://prom.example.com/a/?nocache=1", headers: [Label("Authorization", "Bearer x")],
      transport: OneAnswer(.failure(.cancelled)))
    let request = source.request(
      #"up{job="a b"} + 1"#, QueryTimes(at: Timestamp(millisecondsSinceEpoch: 1_435_781_451_078)), timeout: .seconds(10)
    )
    #expect(request.method == "POST")
    #expect(request.url == "https://prom.example.com/a/api/v1/query?nocache=1")
    #expect(
      String(decoding: request.body, as: UTF8.self)
        == "query=up%7Bjob%3D%22a+b%22%7D+%2B+1&time=1435781451.078&timeout=10s")
    #expect(request.headers.contains(Label("Authorization", "Bearer x")))
    #expect(request.headers.contains(Label("Content-Type", "application/x-www-form-urlencoded")))
    #expect(request.options.timeout == .seconds(10))
    #expect(request.responseLimit == 64 << 20)
  }

  @Test(
    arguments: [
      (.unreachable("connection refused"), .unreachable("connection refused")),
      (.timedOut(requestWasSent: true), .timedOut),
      (.tooLarge(limit: 64 << 20), .tooLarge(limit: 64 << 20)),
      (.brokenOff("closed"), .truncated),
      (.untrusted("expired"), .unreachable("expired")),
      (.cancelled, .cancelled),
    ] as [(TransportError, QueryError)])
  func `a failed exchange is told by what it means`(failure: TransportError, error: QueryError) async {
    let source = HTTPSampleSource(url: "http://127.0.0.1:1", transport: OneAnswer(.failure(failure)))
    await #expect(throws: error) { try await source.query("up", at: at(1), timeout: .seconds(1)) }
  }
}
