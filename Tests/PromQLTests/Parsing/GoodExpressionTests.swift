import PromQL
import Testing

@Suite struct `Expressions of PromQL` {
  /// A text and how Prometheus prints it.
  @Test(
    arguments: [
      // Numbers
      ("1", "1"), ("0x1F", "31"), ("0X1f", "31"), ("0xEEE", "3822"), ("017", "15"), ("08", "8"), ("010.5", "10.5"),
      ("1_000", "1000"), ("1_000.25", "1000.25"), ("0x_ff", "255"), (".5", "0.5"), ("5.", "5"), ("5.e3", "5000"),
      ("1e3", "1000"), ("1E-3", "0.001"), ("+1", "1"), ("-1", "-1"), ("--1", "1"), ("-0", "-0"), ("Inf", "Inf"),
      ("Inf ^ 2", "Inf ^ 2"), ("+Inf ^ 2", "+Inf ^ 2"),
      ("-iNf", "-Inf"), ("nAn", "NaN"), ("-nan", "NaN"), ("1e21", "1000000000000000000000"), ("1e-7", "0.0000001"),
      ("9223372036854775807", "9223372036854776000"), ("99999999999999999999", "100000000000000000000"),
      ("5m", "5m"), ("1h30m", "1h30m"), ("90m", "1h30m"), ("-1d", "-1d"), ("1y2w3d4h5m6s7ms", "382d4h5m6s7ms"),
      // Strings
      (#""a\tb""#, #""a\tb""#), (#"'a"b\''"#, #""a\"b'""#), (#"`a\d`"#, #""a\\d""#),
      (#""\x41\102\u00e9\U0001F600""#, "\"ABé😀\""),
      // Selectors
      ("up", "up"), ("a:b:c", "a:b:c"), (":a", ":a"), ("up {}", "up"), (#"up{a="b", c!='d',}"#, #"up{a="b",c!="d"}"#),
      (#"{__name__="x"}"#, #"{__name__="x"}"#), (#"{"up"}"#, "up"),
      (#"{"my.metric", "a.b"=~"c"}"#, #"{"my.metric","a.b"=~"c"}"#),
      (#"{"on"}"#, #"{"on"}"#), (#"x{on="a",by="b",Inf="c",sum="d"}"#, #"x{on="a",by="b",Inf="c",sum="d"}"#),
      (#"{a="",b!=""}"#, #"{a="",b!=""}"#), ("x # a\r# b\n{#c\n}", "x"),
      // Words as metrics
      ("sum", "sum"), (#"sum{a="b"}"#, #"sum{a="b"}"#), ("SUM", "SUM"),
      ("by + offset offset 5m", "by + offset offset 5m"),
      ("and and or or unless", "and and or or unless"), ("start + end + step + range", "start + end + step + range"),
      ("anchored anchored", "anchored anchored"), ("fill + fill_left", "fill + fill_left"), ("min_of{}", "min_of"),
      // Modifiers
      ("x[5m]", "x[5m]"), ("x[300]", "x[5m]"), ("x[1.5]", "x[1s500ms]"), ("x[ 5m ]", "x[5m]"),
      ("x offset 0s", "x offset 0s"),
      ("x offset -5m", "x offset -5m"), ("x offset - 5m", "x offset -5m"), ("x offset 300", "x offset 5m"),
      ("x offset 5m @ 10.5", "x @ 10.500 offset 5m"), ("x[5m] @ -1 offset 1h", "x[5m] @ -1.000 offset 1h"),
      ("x @ start()", "x @ start()"), ("X @ END() OFFSET 1m", "X @ end() offset 1m"), ("x @ 5m", "x @ 300.000"),
      ("x[1h:5m]", "x[1h:5m]"), ("x[1h:] offset 5m", "x[1h:] offset 5m"),
      ("sum(x)[1h:5m] @ end()", "sum(x)[1h:5m] @ end()"),
      ("x offset 5m [1h:]", "x offset 5m[1h:]"), ("rate(x[5m])[1h:]", "rate(x[5m])[1h:]"), ("-x[1h:]", nil),
      ("x[5m] anchored", "x[5m] anchored"), ("x smoothed @ 1", "x @ 1.000 smoothed"),
      ("x anchored[5m]", "x[5m] anchored"),
      // Durations with operators
      ("x[5m * 2]", "x[5m * 2]"), ("x[-5m + 10m]", "x[-5m + 10m]"), ("x[-(5m) ^ 2 + step()]", "x[-(5m) ^ 2 + step()]"),
      ("x[2 ^ 3 ^ 2s]", "x[2 ^ 3 ^ 2s]"), ("x[(2 ^ 3) ^ 2s]", "x[(2 ^ 3) ^ 2s]"),
      ("x[1m:step()/2]", "x[1m:step() / 2]"),
      ("x[MAX_OF(range(), 5m)]", "x[max_of(range(), 5m)]"), ("x offset (5m)", "x offset (5m)"),
      ("x offset -(1m*2)", "x offset -(1m * 2)"), ("x offset step() * 2", "x offset step() * 2"),
      ("x offset 1m + 2", "x offset 1m + 2"), ("x offset -2^2", "x offset -2s ^ 2"),
      ("x offset -min_of(1,2)", "x offset -min_of(1, 2)"),
      // Operators
      ("-1^2", "-1 ^ 2"), ("- x * y", "-x * y"), ("2 ^ -1 * 3", "2 ^ -1 * 3"),
      ("a + b * c ^ d ^ e", "a + b * c ^ d ^ e"),
      ("a and b or c unless d", "a and b or c unless d"), ("a </ 1 == bool b >/ 2", "a </ 1 == bool b >/ 2"),
      ("a Atan2 b", "a atan2 b"),
      ("1 == BOOL 2", "1 == bool 2"), ("a + on() b", "a + on () b"), ("a + ignoring() b", "a + b"),
      ("a - ON(x,) Group_Left(y) b", "a - on (x) group_left (y) b"),
      ("a / ignoring(x) group_right b", "a / ignoring (x) group_right () b"),
      (#"a * on("a.b", by, Sum) c"#, #"a * on ("a.b", by, Sum) c"#), ("a + fill(1) b", "a + fill (1) b"),
      ("a == bool on(x) fill_right (-1) fill_left(+2) b", "a == bool on (x) fill_left (2) fill_right (-1) b"),
      ("a + on() 1", "a + 1"), ("+x", "+x"), ("-(-x)", "-(-x)"), ("a and on(x) b", "a and on (x) b"),
      // Calls
      ("time()", "time()"), ("start() + end() + step() + range()", "start() + end() + step() + range()"),
      ("min_of(1, 2)", "min_of(1, 2)"), ("round(x, 5)", "round(x, 5)"),
      (#"label_join(x, "a", ",")"#, #"label_join(x, "a", ",")"#),
      (#"info(x, {a=~".*"})"#, #"info(x, {a=~".*"})"#), ("vector(5m)", "vector(5m)"), ("rate (x[5m])", "rate(x[5m])"),
      // Aggregations
      ("SUM(x)", "sum(x)"), ("sum BY (a,) (x)", "sum by (a) (x)"), ("sum(x) without (b, a)", "sum without (b, a) (x)"),
      ("sum by () (x)", "sum(x)"), ("sum without () (x)", "sum without () (x)"),
      ("topk by (a) (5, x)", "topk by (a) (5, x)"),
      (#"count_values("v.w", x)"#, #"count_values("v.w", x)"#),
      ("sum by (sum, by, offset, bool) (x)", "sum by (sum, by, offset, bool) (x)"),
      ("sum by (a:b) (x)", #"sum by ("a:b") (x)"#), ("limit_ratio(-0.5, x)", "limit_ratio(-0.5, x)"),
    ] as [(String, String?)])
  func `are read and printed`(text: String, printed: String?) {
    let parsed = Expr.parse(text)
    #expect(parsed.expr?.description == printed, "\(parsed.problems)")
    guard let expr = parsed.expr else { return }
    #expect(Expr.parse(expr.description).expr == expr)
  }

  @Test(arguments: [
    ("a - b - c", "(a - b) - c"), ("a ^ b ^ c", "a ^ (b ^ c)"), ("-a ^ b", "-(a ^ b)"), ("-a * b", "(-a) * b"),
    ("a or b and c", "a or (b and c)"), ("a == b + c", "a == (b + c)"), ("a + b % c", "a + (b % c)"),
    ("a * b atan2 c", "(a * b) atan2 c"), ("2 ^ -1 * 3", "(2 ^ -1) * 3"), ("a > b </ c", "(a > b) </ c"),
    ("a + b offset 5m", "a + (b offset 5m)"), ("a unless b and c", "(a unless b) and c"), ("-a ^ -b", "-(a ^ (-b))"),
    ("x offset 1m * 2", "(x offset 1m) * 2"), ("-x @ 5", "-(x @ 5)"),
  ])
  func `bind by precedence`(text: String, grouped: String) throws {
    let plain = try #require(Expr.parse(text).expr)
    // Parentheses that don't change anything don't show in the meaning; those that do, do.
    let explicit = try #require(Expr.parse(grouped).expr)
    #expect(plain.meaning == explicit.meaning)
  }

  @Test func `know where their parts stand`() throws {
    let text = "sum by (a) (rate(x{b=\"c\"}[5m] offset 1h)) > -1"
    let expr = try #require(Expr.parse(text).expr)
    #expect(
      texts(expr, text) == [
        text, "sum by (a) (rate(x{b=\"c\"}[5m] offset 1h))", "rate(x{b=\"c\"}[5m] offset 1h)",
        "x{b=\"c\"}[5m] offset 1h", "-1",
      ])
  }

  private func texts(_ expr: Expr, _ text: String) -> [String] {
    [String(decoding: Array(text.utf8)[expr.range], as: UTF8.self)] + expr.children.flatMap { texts($0, text) }
  }
}
