import Model
import Patterns
import Testing

@Suite struct `Matching labels` {
  @Test(
    arguments: [
      (Matcher.Operator.equal, "a", "a", true), (.equal, "a", "b", false), (.equal, "", "", true),
      (.equal, "", "x", false),
      (.notEqual, "a", "a", false), (.notEqual, "a", "b", true), (.notEqual, "a", "", true), (.notEqual, "", "", false),
      (.matches, "a|b", "b", true), (.matches, "a|b", "ab", false), (.matches, "a.*", "abc", true),
      (.matches, ".*", "", true),
      (.matches, ".+", "", false), (.matchesNot, "a|b", "b", false), (.matchesNot, "a|b", "c", true),
      (.matchesNot, ".+", "", true),
    ] as [(Matcher.Operator, String, String, Bool)])
  func `compares as Alertmanager does`(operation: Matcher.Operator, value: String, label: String, accepts: Bool) throws
  {
    let matcher = try Matcher("l", operation, value)
    #expect(matcher.accepts(label) == accepts)
    #expect(matcher.accepts(["l": label, "other": "x"] as Labels) == accepts)
  }

  @Test func `a missing label is the empty text`() throws {
    #expect(try Matcher("l", .notEqual, "a").accepts(Labels.empty))
    #expect(try Matcher("l", .matches, "a?").accepts(Labels.empty))
    #expect(!Matcher("l", equals: "a").accepts(Labels.empty))
  }

  @Test func `all of a list must pass`() throws {
    let matchers = [Matcher("a", equals: "1"), try Matcher("b", .notEqual, "2")]
    #expect(matchers.accept(["a": "1"]))
    #expect(!matchers.accept(["a": "1", "b": "2"]))
    #expect([Matcher]().accept(.empty))
  }

  @Test func `a pattern that RE2 doesn't know is refused where one is asked for`() throws {
    #expect(throws: PatternSyntaxError.self) { try Matcher("l", .matches, "(") }
    #expect(try Matcher("l", .equal, "(").accepts("("))
  }

  @Test func `prints and sorts as Alertmanager does`() throws {
    let sorted = [
      Matcher("a", equals: "1"), try Matcher("a", .notEqual, "1"), try Matcher("a", .matches, "1"),
      try Matcher("a", .matchesNot, "1"), Matcher("a", equals: "2"), Matcher("b", equals: "0"),
    ]
    #expect(sorted.reversed().sorted() == sorted)
    #expect(sorted[2].description == #"a=~"1""#)
    #expect(Matcher("a", equals: #"x"y"#).description == #"a="x\"y""#)
    #expect(try Matcher("a", .matches, "x") == Matcher("a", .matches, "x"))
  }
}
