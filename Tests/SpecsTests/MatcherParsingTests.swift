import Model
import Testing

@Suite struct `Reading matchers` {
  @Test(arguments: [
    ("", []),
    ("{}", []),
    ("  { }  ", []),
    (#"severity="critical""#, [#"severity="critical""#]),
    ("severity=critical", [#"severity="critical""#]),
    (#"{a="b", c=~"d|e", f!="g",h!~"i"}"#, [#"a="b""#, #"c=~"d|e""#, #"f!="g""#, #"h!~"i""#]),
    ("a=b,", [#"a="b""#]),
    ("{a=b,}", [#"a="b""#]),
    (#"a = "b" , c = d"#, [#"a="b""#, #"c="d""#]),
    (#""my label"="x""#, [#"my label="x""#]),
    (#"a="""#, [#"a="""#]),
    ("a=", [#"a="""#]),
    (#"a="b\n\"c\"\\""#, [#"a="b\n\"c\"\\""#]),
    (#"a="\u00e4\x41""#, [#"a="\\u00e4\\x41""#]),
    (#""ä"="\u00e4\x41""#, [#"ä="äA""#]),
    (#"a="b,c",d=e"#, [#"a="b,c""#, #"d="e""#]),
    ("name=🙂", [#"name="🙂""#]),
    ("ä=b", [#"ä="b""#]),
    ("a=b c", [#"a="b c""#]),
    (#"a=b\c"#, [#"a="b\\c""#]),
    ("{a=b", [#"a="b""#]),
    ("a=b}x", [#"a="b}x""#]),
    (#"foo=~".*[a-z]+""#, [#"foo=~".*[a-z]+""#]),
  ])
  func `takes both of Alertmanager's syntaxes`(text: String, expected: [String]) throws {
    #expect(try Matcher.parseList(text).map(\.description) == expected)
  }

  @Test(arguments: [
    ("a", MatcherSyntaxError.Problem.expectedOperator, 1),
    ("a!b", .expectedOperator, 1),
    ("=b", .expectedName, 0),
    (#"{"a"=b"#, .unclosedBrace, 0),
    (#""a"=b}"#, .unopenedBrace, 5),
    (#"a="b"#, .unclosedQuote, 2),
    (#""a"="\q""#, .unknownEscape, 5),
    (#""a"=b c"#, .expectedCommaOrBrace, 6),
    (",a=b", .expectedName, 0),
    ("a=b,,c=d", .expectedName, 4),
    ("{}{}", .expectedCommaOrBrace, 2),
  ])
  func `says what is wrong and where`(text: String, problem: MatcherSyntaxError.Problem, offset: Int) {
    #expect(throws: MatcherSyntaxError(problem, at: offset)) { try Matcher.parseList(text) }
  }

  @Test func `places a pattern's error at the pattern`() {
    let error = #expect(throws: MatcherSyntaxError.self) { try Matcher.parseList(#"ok=a, b=~"(""#) }
    #expect(error?.offset == 9)
  }

  @Test func `tells when the older syntax was taken`() throws {
    #expect(try !MatcherList(parsing: "a=b").isClassic)
    #expect(try !MatcherList(parsing: "ä=b").isClassic)
    #expect(try MatcherList(parsing: "a=b c").isClassic)
    #expect(try MatcherList(parsing: #"a="\u00e4""#).isClassic)
  }

  @Test func `takes one matcher where one is asked for`() throws {
    #expect(try Matcher(parsing: "a!=b") == Matcher("a", .notEqual, "b"))
    #expect(throws: MatcherSyntaxError(.notOne(2), at: 0)) { try Matcher(parsing: "a=b,c=d") }
    #expect(throws: MatcherSyntaxError(.notOne(0), at: 0)) { try Matcher(parsing: "") }
  }

  @Test func `reads back what it prints`() throws {
    for text in [#"a="b""#, #"a=~"x|\"y\"""#, #"b!="""#, #"c!~"\\d+\n""#] {
      let matchers = try Matcher.parseList(text)
      #expect(try Matcher.parseList(matchers.map(\.description).joined(separator: ",")) == matchers)
    }
  }
}
