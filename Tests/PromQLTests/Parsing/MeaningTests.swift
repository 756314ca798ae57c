import PromQL
import Testing

@Suite struct `The meaning of an expression` {
  @Test(arguments: [
    (#"x{a="1",b="2"}"#, #"{b='2', a="1", __name__="x"}"#), ("sum by (a, b) (x)", "sum(x) by (b, a)"), ("(x)", "+x"),
    ("x[300]", "x[5m]"), ("60m", "1h"), ("1e3", "1000"), ("x offset 0s", "x"), ("sum by () (x)", "sum(x)"),
    ("a + ignoring () b", "a + b"), ("((a + b)) * c", "(a + b) * c"), ("x[(5m)]", "x[5m]"), ("300", "5m"),
    ("a + on (x, y) b", "a + on (y, x) b"), ("X @ 1", "X @ 1.000"),
  ])
  func `is the same`(left: String, right: String) throws {
    #expect(try #require(Expr.parse(left).expr).meaning == #require(Expr.parse(right).expr).meaning)
  }

  @Test(arguments: [
    ("x", "y"), ("a + b", "b + a"), (#"x{a="b"}"#, #"x{a!="b"}"#), ("sum(x)", "sum without () (x)"),
    ("x[5m]", "x[5m:]"),
    ("a - b - c", "a - (b - c)"), ("x offset 5m", "x offset -5m"), ("a == b", "a == bool b"), ("a + b", "a + on () b"),
    ("x @ start()", "x @ end()"), ("-x", "x"), ("sum by (a) (x)", "sum by (b) (x)"), ("1", "\"1\""), ("x[5m]", "x[6m]"),
    ("a + on (x) group_left () b", "a + on (x) group_right () b"), ("a + fill_left (1) b", "a + fill_right (1) b"),
  ])
  func `differs`(left: String, right: String) throws {
    #expect(try #require(Expr.parse(left).expr).meaning != #require(Expr.parse(right).expr).meaning)
  }

  @Test func `is the same on every run`() throws {
    #expect(try #require(Expr.parse("sum by (a) (rate(x[5m])) > 1").expr).meaning == 8_655_339_148_078_881_370)
  }
}

@Suite struct `Expressions as they are written` {
  @Test(arguments: [
    ("sum(x)", " sum ( x ) # total\n"), (#"x{a="b"}"#, "x{a='b'}"), ("x[5m]", "x[300]"), ("x{a=`\\d`}", #"x{a="\\d"}"#),
    ("x > 1000", "x > 1e3"), ("x > 1_000", "x > 1000"),
  ])
  func `are equal over layout, quotes and numbers`(left: String, right: String) {
    #expect(Expression(left) == Expression(right))
  }

  @Test(arguments: [
    ("ab", "a b"), ("x{a=\"b c\"}", "x{a=\"bc\"}"), ("sum by (SUM) (x)", "sum by (sum) (x)"), ("x > 1", "x > 2"),
    ("\"x\"", "x"), ("", "#a\n0"), ("a{b=\"", "a{b="), ("a = “x”", "a = “y”"),
  ])
  func `differ where tokens do`(left: String, right: String) {
    #expect(Expression(left) != Expression(right))
  }
}
