import PromQL
import TestKit
import Testing

@Suite struct `What is no expression` {
  /// Texts with marks around what the problem names, the problem, and the remedy.
  @Test(
    arguments: [
      ("1️⃣2️⃣", "there is no expression", "write one, such as up == 0"),
      ("1️⃣rat2️⃣(x[5m])", "'rat' is not a function; did you mean 'rate'?", "write rate"),
      ("1️⃣Rate2️⃣(x[5m])", "'Rate' is not a function; did you mean 'rate'?", "write rate"),
      (
        "1️⃣holt_winters2️⃣(x[5m], 1, 1)", "'holt_winters' is not a function; did you mean 'double_exponential_smoothing'?",
        "write double_exponential_smoothing"
      ),
      ("1️⃣foo2️⃣(x)", "'foo' is not a function", nil),
      ("rate(1️⃣x2️⃣)", "rate needs a range vector, 'x' is an instant vector", "write x[5m]"),
      ("rate(1️⃣x offset 1h2️⃣)", "rate needs a range vector, 'x offset 1h' is an instant vector", "write x[5m] offset 1h"),
      ("rate(1️⃣sum(x)2️⃣)", "rate needs a range vector, 'sum(x)' is an instant vector", "write sum(x)[5m:], a subquery"),
      (
        "sum(1️⃣x[5m]2️⃣)", "sum needs an instant vector, 'x[5m]' is a range vector",
        "remove the range, or apply a function such as rate(…) first"
      ),
      ("abs(1️⃣12️⃣)", "abs needs an instant vector, '1' is a scalar", "write vector(1)"),
      (
        "topk(1️⃣x2️⃣, y)", "topk needs, as its first argument, a scalar, 'x' is an instant vector",
        "write scalar(x), or a number"
      ),
      (
        "histogram_quantile(1️⃣x, 0.92️⃣)",
        "the arguments of histogram_quantile stand the other way round: it takes a scalar and an instant vector",
        "write histogram_quantile(0.9, x)"
      ),
      ("1️⃣round(x, 1, 2)2️⃣", "round takes 1 to 2 arguments, here are 3", "write round(instant vector[, scalar])"),
      ("1️⃣time(1)2️⃣", "time takes no arguments, here is one", "write time()"),
      ("1️⃣sum()2️⃣", "sum takes one argument, here is none", "write sum(instant vector)"),
      ("1️⃣topk(x)2️⃣", "topk takes a parameter and an expression, here is one", "write topk(scalar, instant vector)"),
      ("rate(x[5m]1️⃣,2️⃣)", "no argument follows the last comma", "remove the comma"),
      (
        "count_values(1️⃣\"\"2️⃣, x)", "count_values needs the name of a label for the values, this one is empty",
        "write a name, such as \"version\""
      ),
      (
        "info(x, 1️⃣y2️⃣)", "the second argument of info says only which labels to add, 'y' is more than that",
        "write matchers in braces without a metric: {label=~\".+\"}"
      ),
      (
        #"count_values(1️⃣"a\xc5z"2️⃣, x)"#, #"invalid label name "a\xc5z""#,
        #"write the characters themselves, or \u and four digits"#
      ),
      // Parentheses, braces, brackets
      ("sum1️⃣(2️⃣x", "this '(' is never closed", "write ) behind the arguments"),
      ("1️⃣(2️⃣x", "this '(' is never closed", "write ) behind its contents"),
      ("x1️⃣)2️⃣", "')' closes nothing", nil),
      ("1️⃣()2️⃣", "the parentheses are empty", "write an expression between them"),
      ("sum(x1️⃣]2️⃣", "']' stands where ',' or ')' should", nil),
      ("x1️⃣{2️⃣", "this '{' is never closed", "write } behind the matchers"),
      ("x1️⃣[2️⃣5m", "this '[' is never closed", "write ] behind the duration"),
      ("x{a=1️⃣\"2️⃣b}", "the string that begins here has no closing \" on its line", "write \" at its end"),
      // Matchers
      ("x{a=1️⃣b2️⃣}", "'b' stands where a string should", "write \"b\""),
      ("x{a1️⃣}2️⃣", "'}' stands where =, !=, =~ or !~ should", "write a=\"…\""),
      ("x{a=\"b\" 1️⃣c2️⃣=\"d\"}", "'c' stands where ',' or '}' should", "write , between matchers"),
      ("x{1️⃣,2️⃣}", "there is no matcher in front of ','", "remove the comma"),
      ("x{a1️⃣==2️⃣\"b\"}", "'==' doesn't compare labels", "write ="),
      (
        "x{a=~1️⃣\"(\"2️⃣}", "\"(\" is not a pattern of RE2: missing ): (",
        "escape what is meant literally, in backquotes: `a\\.b`"
      ),
      (
        "1️⃣{}2️⃣", "'{}' would select every series: no matcher of it refuses the empty value",
        "name a metric, or write a matcher such as job=\"api\" or job=~\".+\""
      ),
      (
        "1️⃣{a=~\".*\",b!=\"c\"}2️⃣",
        "'{a=~\".*\",b!=\"c\"}' would select every series: no matcher of it refuses the empty value",
        "name a metric, or write a matcher such as job=\"api\" or job=~\".+\""
      ),
      ("x{1️⃣__name__=\"y\"2️⃣}", "the metric is named twice: 'x' and 'y'", "remove one"),
      ("x{1️⃣\"y\"2️⃣}", "the metric is named twice: 'x' and 'y'", "remove one"),
      // Operators
      ("x 1️⃣=2️⃣ 1", "'=' compares nothing outside of braces", "write =="),
      ("x 1️⃣&&2️⃣ y", "'&' is no operator", "write and"),
      ("x 1️⃣<>2️⃣ y", "'<>' is no operator", "write !="),
      ("x +1️⃣2️⃣", "the expression ends where an operand should stand", nil),
      ("x * 1️⃣*2️⃣ y", "'*' stands where an operand should", nil),
      ("x 1️⃣y2️⃣", "'y' follows an expression without an operator between them", nil),
      ("x 1️⃣by2️⃣ (a)", "'by' doesn't follow an aggregation", "write it behind sum, max, count, …"),
      ("1 1️⃣==2️⃣ 2", "'==' between two scalars has nothing to filter", "write == bool"),
      ("x + 1️⃣bool2️⃣ y", "'bool' belongs to comparisons, '+' is none", "remove bool"),
      ("x </ 1️⃣bool2️⃣ y", "'bool' belongs to comparisons, '</' is none", "remove bool"),
      ("x and 1️⃣12️⃣", "'and' combines instant vectors, '1' is a scalar", "write vector(1)"),
      (
        "1️⃣x[5m]2️⃣ + 1", "'+' combines scalars and instant vectors, 'x[5m]' is a range vector",
        "put it into a function such as rate(…) or avg_over_time(…), or remove the range"
      ),
      (
        "x == 1️⃣\"a\"2️⃣", "'==' combines scalars and instant vectors, \"a\" is a string",
        "compare labels within a selector's braces"
      ),
      ("-1️⃣x[5m]2️⃣", "'-' stands before a scalar or an instant vector, 'x[5m]' is a range vector", nil),
      ("x + 1️⃣on(a)2️⃣ 1", "'on(a)' matches instant vectors, one side here is a scalar", "remove it"),
      ("x + 1️⃣fill(0)2️⃣ 1", "'fill(0)' fills instant vectors, one side here is a scalar", "remove it"),
      ("x + 1️⃣group_left2️⃣ y", "'group_left' needs on(…) or ignoring(…) in front of it", "write on(label) group_left"),
      ("x and on(a) 1️⃣group_left2️⃣ y", "'and' always compares many with many, it takes no 'group_left'", "remove it"),
      (
        "x + on(a) 1️⃣group_left(a)2️⃣ y", "label 'a' stands in on(…), so both sides have it, and in 'group_left(a)' too",
        "remove it from one of them"
      ),
      (
        "x + on(a) 1️⃣bool2️⃣ y", "'bool' stands too late",
        "write bool first, then on or ignoring, then group_left or group_right"
      ),
      ("x + on 1️⃣y2️⃣", "'y' stands where '(' and the names of labels should", "write (label), or () for none"),
      ("sum(x) by (1️⃣without2️⃣)", "'without' stands where a label's name, ',' or ')' should", nil),
      ("sum by (a) (x) 1️⃣by (b)2️⃣", "the labels are given twice", "remove one of the two"),
      ("sum by (a) 1️⃣x2️⃣", "'x' stands where '(' and what sum combines should", "write sum by (label) (expression)"),
      ("1️⃣on2️⃣ + 1", "'on' is a word of PromQL that can't name a metric", "write {\"on\"} if a metric is called so"),
      // Ranges and modifiers
      ("x[1️⃣0s2️⃣]", "a range must be longer than 0, '0s' isn't", "write a duration, such as [5m]"),
      ("x[1️⃣-5m2️⃣]", "a range must be longer than 0, '-5m' isn't", "write a duration, such as [5m]"),
      ("x[5m:1️⃣02️⃣]", "a step must be longer than 0, '0' isn't", "write a duration, or leave the step out: [1h:]"),
      ("x[1️⃣]2️⃣", "a range is missing", "write a duration, such as [5m]"),
      ("sum(x)1️⃣[5m]2️⃣", "a range belongs to a selector, 'sum(x)' is none", "write [5m:] for a subquery"),
      ("1️⃣x[5m]2️⃣[1h:]", "a subquery needs an instant vector, 'x[5m]' is a range vector", nil),
      ("x offset 5m 1️⃣[1m]2️⃣", "the range stands behind the offset", "write the range in front of it"),
      ("x @ 5 1️⃣[1m]2️⃣", "the range stands behind the @", "write the range in front of it"),
      ("x offset 5m 1️⃣offset 1m2️⃣", "'offset' is given twice", "remove one"),
      ("x @ 1 1️⃣@ end()2️⃣", "'@' is given twice", "remove one"),
      (
        "sum(x) 1️⃣offset 5m2️⃣", "'offset' shifts a selector or a subquery, 'sum(x)' is neither",
        "write it behind each selector within, or a subquery [5m:] in front of it"
      ),
      ("x @ 1️⃣foo2️⃣", "'foo' stands where a time, in seconds since 1970, or start() or end() should", "write a number"),
      ("x @ 1️⃣1e302️⃣", "'1e30' is beyond every time that can be told", nil),
      ("x offset1️⃣2️⃣", "the expression ends where an offset should stand", "write a duration, such as 5m"),
      ("x[1️⃣max2️⃣(1m, 2m)]", "'max' stands where a duration should", "write max_of(a, b)"),
      ("x[5m / 1️⃣02️⃣]", "'/' divides by 0", nil),
      ("x[1️⃣300y2️⃣]", "'300y' is longer than the 292 years that a duration can be", nil),
      ("x anchored 1️⃣smoothed2️⃣", "'smoothed' stands beside 'anchored'", "write one of anchored and smoothed, once"),
      ("x[5m:] 1️⃣anchored2️⃣", "'anchored' extends a selector, 'x[5m:]' is none", "remove it"),
      // Letters
      (
        "1️⃣1.5h2️⃣", "'1.5h' is neither a number nor a duration",
        "write whole numbers with units y, w, d, h, m, s or ms: 90m for 1.5h"
      ),
      (
        "1️⃣5m1h2️⃣", "the units of '5m1h' don't go from the longest to the shortest, each once",
        "write y, w, d, h, m, s and ms in this order: 1h30m"
      ),
      (
        "1️⃣1x2️⃣", "'1x' is neither a number nor a duration",
        "write a number such as 1.5, 1e9 or 0x1F, or a duration such as 1h30m"
      ),
      (
        "1️⃣1e9992️⃣", "'1e999' is neither a number nor a duration",
        "write a number such as 1.5, 1e9 or 0x1F, or a duration such as 1h30m"
      ),
      ("\"1️⃣\\d2️⃣\"", "'\\d' is no escape of a string", "write \\\\d for a backslash, or put the string in backquotes"),
      ("x1️⃣\u{a0}2️⃣+ 1", "an unusual space (U+00A0) stands here", "write a plain space"),
      ("x{a=1️⃣“2️⃣b”}", "'“' (U+201C) is a typographic quote", "write \""),
      ("x 1️⃣–2️⃣ 1", "'–' (U+2013) is no minus", "write -"),
      ("h1️⃣éllo2️⃣", "'éllo' can't stand outside of quotes", "write such names in quotes: {\"…\"}"),
      ("a1️⃣.2️⃣b", "'.' stands alone", "write names with dots in quotes: {\"my.metric\"}"),
      (
        "rate(x[1️⃣$2️⃣__interval])", "'$' begins no variable: nothing fills in what a dashboard would",
        "write the value itself"
      ),
      ("x1️⃣;2️⃣", "';' ends nothing here", "remove it: a rule has one expression"),
      ("x1️⃣\u{1}2️⃣", "a control character (U+0001) stands here", "remove it"),
    ] as [(String, String, String?)])
  func `is refused with its place and the remedy`(marked: String, message: String, fix: String?) {
    let text = MarkedText(marked)
    let parsed = Expr.parse(text.text)
    #expect(parsed.expr == nil)
    #expect(parsed.problems.first?.message == message)
    #expect(parsed.problems.first?.range == text.offset(1)..<text.offset(2))
    #expect(parsed.problems.first?.fix == fix)
  }

  @Test func `is told with all its problems`() {
    let text = "sum(rat(x[5m]), 1) + {a=b, c~\"d\"} and 5 == 6 foo + rate(y)"
    #expect(
      Expr.parse(text).problems.map(\.message) == [
        "'rat' is not a function; did you mean 'rate'?",
        "'b' stands where a string should",
        "'~' can't stand here",
        "'==' between two scalars has nothing to filter",
        "'foo' follows an expression without an operator between them",
        "rate needs a range vector, 'y' is an instant vector",
      ])
  }

  @Test(arguments: [
    ("mad_over_time(x[5m])", "'mad_over_time' is experimental in Prometheus", "promql-experimental-functions"),
    ("limitk(1, x)", "'limitk' is experimental in Prometheus", "promql-experimental-functions"),
    ("x[5m * 2]", "a duration with operators is experimental in Prometheus", "promql-duration-expr"),
    ("x offset (5m)", "a duration with operators is experimental in Prometheus", "promql-duration-expr"),
    ("x[5m] anchored", "'anchored' is experimental in Prometheus", "promql-extended-range-selectors"),
    ("a + fill(0) b", "'fill' is experimental in Prometheus", "promql-binop-fill-modifiers"),
  ])
  func `needs a flag of the server`(text: String, message: String, feature: String) throws {
    let parsed = Expr.parse(text, experimental: false)
    #expect(parsed.problems.map(\.message) == [message])
    #expect(parsed.problems.map(\.fix) == ["start the server with --enable-feature=\(feature)"])
    #expect(try #require(Expr.parse(text).expr).experimentalUses.map(\.feature) == [feature])
  }

  @Test(arguments: ["x[5m]", "x offset -5m", "x[300]", "x </ 5", "1h30m + x[5m:1m] == 1 or sum(x)"])
  func `isn't what every Prometheus knows`(text: String) {
    #expect(Expr.parse(text, experimental: false).problems.filter { $0.message.contains("experimental") }.isEmpty)
  }
}
