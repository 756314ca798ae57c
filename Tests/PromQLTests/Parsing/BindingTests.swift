import PromQL
import TestKit
import Testing

@Suite struct `An expression bound to a tenant` {
  @Test(arguments: [
    ("up", #"up{ns="a"}"#), (#"x{b="c"}[5m]"#, #"x{b="c",ns="a"}[5m]"#), (#"x{ns="a"}"#, #"x{ns="a"}"#),
    ("sum by (y) (rate(x[5m])) / -(z)", #"sum by (y) (rate(x{ns="a"}[5m])) / -(z{ns="a"})"#),
    ("max_over_time(x[1h:]) + 1", #"max_over_time(x{ns="a"}[1h:]) + 1"#), (#"{"a.b"}"#, #"{"a.b",ns="a"}"#),
    ("topk(scalar(n), x)", #"topk(scalar(n{ns="a"}), x{ns="a"})"#),
    (#"info(x, {b=~".+"})"#, #"info(x{ns="a"}, {b=~".+",ns="a"})"#),
    ("absent(+x offset 5m) or vector(1)", #"absent(+x{ns="a"} offset 5m) or vector(1)"#), ("time()", "time()"),
    ("quantile(0.5, x @ 1)", #"quantile(0.5, x{ns="a"} @ 1.000)"#), ("\"s\"", "\"s\""),
  ])
  func `asks only for its own series`(text: String, bound: String) throws {
    let expr = try #require(Expr.parse(text).expr)
    let result = try expr.bound(label: "ns", to: "a")
    #expect(result.description == bound)
    #expect(try result.bound(label: "ns", to: "a") == result)
  }

  @Test(arguments: [
    #"up + x{1️⃣ns="b"2️⃣}"#, #"x{b="c",1️⃣ns=~"a"2️⃣}[5m]"#, #"sum(x{1️⃣ns!="b"2️⃣})"#, #"x{ns="a",1️⃣ns="b"2️⃣}"#,
    #"1 + 1️⃣info(x{ns="a"})2️⃣"#, #"x{1️⃣ns!~"b"2️⃣}[1h:]"#,
  ])
  func `may not ask for others`(marked: String) throws {
    let text = MarkedText(marked)
    let expr = try #require(Expr.parse(text.text).expr)
    let problem = #expect(throws: ExpressionProblem.self) { try expr.bound(label: "ns", to: "a") }
    #expect(problem?.range == text.offset(1)..<text.offset(2))
  }

  @Test func `compares bytes`() throws {
    let expr = try #require(Expr.parse("x{ns=\"\u{212A}\"}").expr)
    #expect(throws: ExpressionProblem.self) { try expr.bound(label: "ns", to: "K") }
  }

  @Test func `says what it may not ask for`() throws {
    let expr = try #require(Expr.parse(#"x{ns="b"}"#).expr)
    let problem = #expect(throws: ExpressionProblem.self) { try expr.bound(label: "ns", to: "a") }
    #expect(problem?.message == #"'ns="b"' asks for series beyond ns="a", which is all that may be read here"#)
    #expect(problem?.fix == #"remove it: ns="a" is added by itself"#)
  }
}
