import Model
import TestKit
import Testing

@testable import Embedded

@Suite struct `An exposition` {
  /// Each sample as `labels value @time`.
  private func read(_ text: String, _ format: ExpositionParser.Format = .text) throws -> [String] {
    var parser = ExpositionParser(Array(text.utf8), format)
    var samples: [String] = []
    while let sample = try parser.next() {
      let time = sample.time.map { " @\($0.millisecondsSinceEpoch)" } ?? ""
      samples.append("\(try parser.labels(of: sample)) \(sample.value)\(time)")
    }
    return samples
  }

  @Test(arguments: [
    ("up 1\n", #"{__name__="up"} 1.0"#),
    ("up 1", #"{__name__="up"} 1.0"#),
    ("\n\n  # a comment\n#\n#nothing\nup\t1 \n\n", #"{__name__="up"} 1.0"#),
    (#"a{b="c"} 2 -77"#, #"{__name__="a", b="c"} 2.0 @-77"#),
    (#"a { b = "c" , d="" , } +Inf"#, #"{__name__="a", b="c"} inf"#),
    (#"a{b="c"}3"#, #"{__name__="a", b="c"} 3.0"#),
    (#"a{} 1e3"#, #"{__name__="a"} 1000.0"#),
    (#"a{b="1\\2\"3\n4\x}5"} NaN"#, #"{__name__="a", b="1\\2\"3\n4\\x}5"} nan(0x1)"#),
    (#"{"my.metric","x.y"="z",w="é"} -1.5"#, #"{__name__="my.metric", w="é", x.y="z"} -1.5"#),
    (#"{"only"} 0x1p-2"#, #"{__name__="only"} 0.25"#),
    ("# TYPE a counter\n# HELP a any text {\"\na 123456789012345678901\n", #"{__name__="a"} 1.2345678901234568e+20"#),
    ("# TYPE \"a.b\" gauge\n{\"a.b\"} 0.1\n", #"{__name__="a.b"} 0.1"#),
    ("a:b:c -0\n", #"{__name__="a:b:c"} -0.0"#),
    ("a inf\n", #"{__name__="a"} inf"#),
    ("a 4.9406564584124654e-324\n", #"{__name__="a"} 5e-324"#),
  ])
  func `in the text format gives`(_ text: String, _ expected: String) throws {
    #expect(try read(text) == [expected])
  }

  @Test(arguments: [
    ("up 1\nup\n", "line 2: 'up' has no value"),
    ("up one\n", "line 1: 'one' is not a number"),
    ("up 1_000\n", "line 1: '1_000' is not a number"),
    ("up 1e999\n", "line 1: '1e999' is not a number"),
    ("up 0x10\n", "line 1: '0x10' is not a number"),
    ("up +nan\n", "line 1: '+nan' is not a number"),
    ("up 1 1.5\n", "line 1: '1.5' is not a timestamp"),
    ("up 1 2 3\n", "line 1: '3' after the end of a sample"),
    ("<html>\n", "line 1: '<html>' is not the name of a metric"),
    ("a{b=\"c\" 1\n", "line 1: labels without a closing brace"),
    ("a{b=\"c} 1\n", "line 1: a text in quotes that isn't closed"),
    ("a{b=c} 1\n", "line 1: 'c' where a label, ',' or '}' is expected"),
    ("a{b=\"c\" d=\"e\"} 1\n", "line 1: 'd' where a label, ',' or '}' is expected"),
    ("a{,} 1\n", "line 1: ',' where a label, ',' or '}' is expected"),
    ("a{b=\"c\",b=\"d\"} 1\n", "line 1: the label 'b' stands twice in one sample"),
    ("a{b:c=\"d\"} 1\n", "line 1: 'b:c' is not the name of a label"),
    ("{b=\"c\"} 1\n", "line 1: a sample without the name of its metric"),
    ("1up 1\n", "line 1: '1' where a label, ',' or '}' is expected"),
    ("# TYPE a thing\n", "line 1: 'thing' is not a type of metric"),
    ("a 1\r\n", "line 1: '1\r' is not a number"),
  ])
  func `that is malformed fails with its line`(_ text: String, _ expected: String) {
    #expect {
      try read(text)
    } throws: {
      "\($0)" == expected
    }
  }

  @Test func `in UTF-8 that isn't fails`() {
    var parser = ExpositionParser(Array("a{b=\"".utf8) + [0xff] + Array("\"} 1\n".utf8), .text)
    #expect(throws: ExpositionError.self) {
      if let sample = try parser.next() { _ = try parser.labels(of: sample) }
    }
  }

  @Test func `of OpenMetrics is read with exemplars passed over`() throws {
    let text = """
      # HELP foo_seconds any
      # TYPE foo_seconds histogram
      # UNIT foo_seconds seconds
      foo_seconds_bucket{le="1.0"} 7 1520879607.789 # {trace_id="a}\\"b"} 0.67 1520879607.7
      foo_seconds_bucket{le="+Inf"} 17 # {} 9.8
      foo_seconds_count 17
      foo_seconds_created 1520872607.123
      # EOF
      """
    #expect(
      try read(text + "\n", .openMetrics) == [
        #"{__name__="foo_seconds_bucket", le="1.0"} 7.0 @1520879607789"#,
        #"{__name__="foo_seconds_bucket", le="+Inf"} 17.0"#,
        #"{__name__="foo_seconds_count"} 17.0"#,
        #"{__name__="foo_seconds_created"} 1520872607.123"#,
      ])
    #expect(try read(text, .openMetrics).count == 4)
  }

  @Test(arguments: [
    ("a 1\n", "line 1: the data doesn't end with '# EOF'"),
    ("", "line 1: the data doesn't end with '# EOF'"),
    ("a 1\n\n# EOF\n", "line 2: an empty line, which OpenMetrics doesn't have"),
    ("# EOF\na 1\n", "line 2: data after '# EOF'"),
    ("# comment\n# EOF\n", "line 1: '# comment\n' is neither HELP, TYPE, UNIT nor EOF"),
    ("a  1\n# EOF\n", "line 1: 'a' has no value"),
    ("# TYPE a untyped\n# EOF\n", "line 1: 'untyped' is not a type of metric"),
    ("a 1 # \n# EOF\n", "line 1: an exemplar without labels"),
  ])
  func `of OpenMetrics that is malformed fails with its line`(_ text: String, _ expected: String) {
    #expect {
      try read(text, .openMetrics)
    } throws: {
      "\($0)" == expected
    }
  }

  @Test func `with too many labels or too long ones fails`() throws {
    let text = Array(#"a{b="c",d="efgh"} 1"#.utf8)
    for limits in [LabelLimits(count: 2), LabelLimits(name: 7), LabelLimits(value: 3)] {
      var parser = ExpositionParser(text, .text)
      let sample = try #require(try parser.next())
      #expect(throws: ExpositionError.self) { try parser.labels(of: sample, limits: limits) }
      _ = try parser.labels(of: sample, limits: LabelLimits(count: 3, name: 8, value: 4))
    }
  }

  @Test func `of any bytes is read without stopping`() {
    let pieces: [[UInt8]] =
      ["a", "{", "}", "\"", "\\", "=", ",", " ", "\n", "# TYPE ", "# EOF", "# HELP", "1", "e", ".", "+Inf", "é", "0x"]
      .map { Array($0.utf8) } + [[0xff], [0]]
    for seed in fuzzSeeds(3000) {
      var random = SplitMix64(seed: seed)
      let text = (0..<Int(random.next() % 60)).flatMap { _ in pieces[Int(random.next() % UInt64(pieces.count))] }
      for format in [ExpositionParser.Format.text, .openMetrics] {
        var parser = ExpositionParser(text, format)
        var samples = 0
        while let sample = try? parser.next() {
          #expect(sample.series.upperBound <= text.count && !sample.series.isEmpty)
          _ = try? parser.labels(of: sample)
          samples += 1
          guard samples <= text.count else {
            Issue.record("seed \(seed) never ends")
            return
          }
        }
      }
    }
  }

  @Test func `has numbers as strtod reads them`() throws {
    for seed in fuzzSeeds(2000) {
      var random = SplitMix64(seed: seed)
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      let short = Double(Int64(bitPattern: random.next()) >> Int64(random.next() % 60)) / [1, 10, 1000][Int(seed % 3)]
      for number in [value, short] {
        #expect(ExpositionNumber.value(Array("\(number)".utf8)[...])?.bitPattern == number.bitPattern)
      }
    }
  }
}
