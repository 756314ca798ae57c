import Model
import TestKit
import Testing

@testable import PromQL

@Suite struct `Series notation` {
  private typealias Value = SeriesNotation.Value

  @Test(
    arguments: [
      ("", []),
      ("1 2.5 -3 +4", [1, 2.5, -3, 4]),
      ("1x2", [1, 1, 1]),
      ("1+2x3", [1, 3, 5, 7]),
      ("10-2x2", [10, 8, 6]),
      ("-2+4x3", [-2, 2, 6, 10]),
      ("-2-4x1", [-2, -6]),
      ("0.1+0.1x2", [0.1, 0.2, 0.1 + 0.1 + 0.1]),
      ("1e3 1E-3 .5 5. 1_000", [1000, 0.001, 0.5, 5, 1000]),
      ("0x3", [0, 0, 0, 0]),
      ("Inf +Inf -inf", [.infinity, .infinity, -.infinity]),
      ("1x0  \t 2", [1, 2]),
      ("1+Infx1", [1, .infinity]),
    ] as [(String, [Double])])
  func `repeats and steps`(_ text: String, _ expected: [Double]) throws {
    #expect(try SeriesNotation.values(of: text) == expected.map { .number($0) })
    #expect(try SeriesNotation.parse("up " + text).values == expected.map { .number($0) })
  }

  @Test(
    arguments: [
      ("_", [.missing]),
      ("_x3 1", [.missing, .missing, .missing, .number(1)]),
      ("_x0", []),
      ("stale NaN", [.number(.stalenessMarker), .number(.nan)]),
      ("stalex1 NaNx1", [.number(.stalenessMarker), .number(.stalenessMarker), .number(.nan), .number(.nan)]),
      ("{{}}", [.nativeHistogram]),
      (
        "{{schema:1 sum:-3.1 buckets:[5 10 7] offset:-3 counter_reset_hint:gauge}}x1 7",
        [.nativeHistogram, .nativeHistogram, .number(7)]
      ),
      (
        "{{schema:0 buckets:[1 2]}}+{{schema:0 buckets:[1]}}x2", [.nativeHistogram, .nativeHistogram, .nativeHistogram]
      ),
    ] as [(String, [SeriesNotation.Value])])
  func `knows gaps, ends and native histograms`(_ text: String, _ expected: [SeriesNotation.Value]) throws {
    #expect(try SeriesNotation.parse("up{a='b'} " + text).values == expected)
  }

  @Test(
    arguments: [
      ("up", ["__name__": "up"]),
      ("{}", [:]),
      ("up{}", ["__name__": "up"]),
      ("{__name__=\"up\",a=\"x\"}", ["__name__": "up", "a": "x"]),
      ("{\"my.metric\", \"my label\"=\"x\"}", ["__name__": "my.metric", "my label": "x"]),
      ("job:up:sum{a='x', b=`y\\n`,}", ["__name__": "job:up:sum", "a": "x", "b": "y\\n"]),
      ("sum{by=\"1\", offset=\"2\"}", ["__name__": "sum", "by": "1", "offset": "2"]),
      ("up{a=\"\"}", ["__name__": "up"]),
      ("up{a=\"}\\\"\"}  ", ["__name__": "up", "a": "}\""]),
    ] as [(String, Labels)])
  func `reads series`(_ text: String, _ labels: Labels) throws {
    #expect(try SeriesNotation.labels(of: text) == labels)
    #expect(try SeriesNotation.parse(text + " 1") == SeriesNotation(labels, [.number(1)]))
  }

  @Test(arguments: [
    ("", 0), ("1 2", 0), ("up{a=~\"x\"} 1", 4), ("up{a} 1", 4), ("up{a=\"x\"", 8), ("up{a=\"x\" b=\"y\"} 1", 9),
    ("up 1 ?", 5), ("up 1+2", 6), ("up 1x", 5), ("up{} 1y2", 6), ("up 1+-2x3", 4), ("up 1 {{schema:1 ", 5),
    ("up {{colour:3}}", 5), ("up 1e999", 3), ("{\"a\", \"b\"} 1", 9), ("up 1x1000000000", 3), ("up _x99999999999", 3),
    ("up 1+1x1000000 1", 3), ("up{}1", 4), ("up 1,2", 4),
  ])
  func `says where a mistake is`(_ text: String, _ offset: Int) {
    let error = #expect(throws: SeriesSyntaxError.self) { try SeriesNotation.parse(text) }
    #expect(error?.offset == offset, "\(error.debugDescription)")
  }

  @Test func `puts values one step apart`() throws {
    let series = try SeriesNotation.parse("up 1 _ stale 4").samples(
      from: Timestamp(millisecondsSinceEpoch: 1000), step: .seconds(15))
    #expect(series.times.map(\.millisecondsSinceEpoch) == [1000, 31_000, 46_000])
    #expect(series.values[1].isStalenessMarker)
  }

  @Test(arguments: fuzzSeeds(300))
  func `never traps`(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let pieces = [
      "up", "{", "}", "a", "=", "\"x\"", ",", " ", "1", "x", "+", "-", "_", "stale", "NaN", "{{", "}}", "schema:1", "[",
      "]",
      "@st", "30s", ".", "e", "\t", "é", "9999999999", "'", "`", "\\",
    ]
    let count = Int.random(in: 0...14, using: &random)
    let text = (0..<count).compactMap { _ in pieces.randomElement(using: &random) }.joined()
    _ = try? SeriesNotation.parse(text, limit: 1000)
    _ = try? SeriesNotation.labels(of: text)
    _ = try? SeriesStartTimes.parse(text, limit: 1000)
    _ = SeriesStartTimes.isMeant(by: text)
  }
}

@Suite struct `Start times of series` {
  @Test(
    arguments: [
      ("up@st _ 5s -30s", [nil, 5, -30]),
      ("up{a=\"b\"}@st -10sx2 _x2", [-10, -10, -10, nil, nil]),
      ("up@st -10s-5sx2", [-10, -15, -20]),
      ("up@st -10s+15sx1 0s", [-10, 5, 0]),
    ] as [(String, [Int?])])
  func `are offsets`(_ text: String, _ seconds: [Int?]) throws {
    #expect(SeriesStartTimes.isMeant(by: text))
    #expect(try SeriesStartTimes.parse(text).offsets == seconds.map { $0.map { .seconds($0) } })
  }

  @Test func `aren't values`() {
    #expect(!SeriesStartTimes.isMeant(by: "up{a=\"@st\"} 1"))
    #expect(!SeriesStartTimes.isMeant(by: "up 1"))
  }

  @Test(arguments: ["up@st 5", "up@st 5sx", "up@st 1s+1s", "up@st 1s+1s+1sx2", "up@st 1sx99999999", "up 1"])
  func `may be wrong`(_ text: String) {
    #expect(throws: SeriesSyntaxError.self) { try SeriesStartTimes.parse(text) }
  }
}
