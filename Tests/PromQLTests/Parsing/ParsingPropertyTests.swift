import PromQL
import TestKit
import Testing

@Suite struct `Expressions, whatever they are` {
  @Test(arguments: fuzzSeeds(600))
  func `say the same when what still reads is printed and read again`(seed: UInt64) {
    var generator = RandomExpression(seed: seed)
    let tree = generator.expression()
    for text in [tree.description, tree.pretty(width: 30), tree.pretty(width: 0)] {
      let again = Expr.parse(text)
      #expect(again.expr == tree, "\(text) \(again.problems)")
      #expect(again.expr?.meaning == tree.meaning)
      #expect(again.expr?.type == tree.type)
    }
  }

  @Test(arguments: fuzzSeeds(200))
  func `of random bytes never trap`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let alphabet = Array("(){}[],:=~!<>+-*/%^@#\"'`\\ abexyon_0159.\n\u{a0}“–é$&|;".utf8)
    let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
    examine(String(decoding: bytes, as: UTF8.self))
  }

  @Test(arguments: fuzzSeeds(400))
  func `with mistakes are read or refused`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var generator = RandomExpression(seed: seed)
    let text = seed % 2 == 0 ? generator.expression().description : Self.samples[Int(seed) % Self.samples.count]
    examine(String(decoding: Mutation.mutated(Array(text.utf8), using: &random), as: UTF8.self))
  }

  @Test(arguments: fuzzSeeds(300))
  func `of random words never trap`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let words = (0..<Int.random(in: 1...12, using: &random)).map { _ in Self.words.randomElement(using: &random) ?? "" }
    examine(words.joined(separator: Bool.random(using: &random) ? " " : ""))
  }

  /// The laws of every text.
  private func examine(_ text: String) {
    let parsed = Expr.parse(text)
    #expect((parsed.expr == nil) == !parsed.problems.isEmpty, "\(text)")
    #expect(parsed.problems.count <= Expr.problemLimit)
    for problem in parsed.problems {
      #expect(0...text.utf8.count ~= problem.range.lowerBound && problem.range.upperBound <= text.utf8.count, "\(text)")
      #expect(!problem.message.isEmpty && problem.message.utf8.count < 500)
    }
    #expect(Expression(text) == Expression(text))
    guard let expr = parsed.expr else { return }
    #expect(Expr.parse(expr.description).expr == expr, "\(text) as \(expr)")
    #expect(expr.range.upperBound <= text.utf8.count)
    #expect(Expr.parse(text, experimental: false).problems.count == min(20, expr.experimentalUses.count))
    _ = try? expr.bound(label: "tenant", to: "a")
  }

  private static let samples = [
    #"sum by (job) (rate(http_requests_total{code=~"5..", job!="x"}[5m] offset 1h)) / on (job) group_left () up > 0.5"#,
    #"max_over_time(sum(x)[1h:5m] @ end()) unless ignoring (a, "b.c") {"my.metric", le="0.1"} == bool 1e3"#,
    #"histogram_quantile(0.99, sum without (le) (x[min_of(5m, step()*2)] smoothed offset -(1m+2m))) + fill(0) -a ^ 2"#,
    #"label_replace(up, "a", "$1", 'b', `(.*)`) # a comment"# + "\nand count_values(\"v\", y) atan2 z",
  ]

  private static let words = [
    "up", "sum", "by", "(", ")", "(a)", "[5m]", "[", "]", "{", "}", "{a=\"b\"}", ",", "offset", "5m", "1", "+", "-",
    "^",
    "and", "on", "ignoring", "group_left", "bool", "==", "fill", "fill_left", "@", "start()", "end", "anchored",
    "rate(",
    "min_of(", "step()", ":", "\"x\"", "=~", "!", "without", "topk(", "topk", "nan", "0x1f", "#", "info(", "</",
    "atan2",
  ]
}

@Suite struct `Very large expressions` {
  @Test(arguments: [
    ("(", ")"), ("abs(", ")"), ("-", ""), ("sum(", ")"), ("x ^ ", ""), ("(1 + x * (", "))"), ("{", "}"), ("x[", "]"),
    ("(x)[(", ")]"), ("x offset -(", ")"), ("x[-", "]"), ("a or b and c == d + e * (", ")"), ("x[1 ^ ", "]"),
    ("x[min_of(1, ", ")]"), ("x + on (a", ") x"), ("max_over_time((", ")[5m:])"),
  ])
  func `nest to a limit without stopping the process`(opening: String, closing: String) {
    for depth in [10, 400, 10_000] {
      let text =
        String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth)
      let parsed = Expr.parse(text)
      #expect((parsed.expr == nil) == !parsed.problems.isEmpty)
      if depth == 10_000 { #expect(parsed.expr == nil) }
      exercise(parsed.expr)
    }
  }

  @Test func `of nine hundred operators are read, and of a hundred thousand refused, without stopping the process`() {
    let nine = Expr.parse(Array(repeating: "a", count: 900).joined(separator: " + "))
    #expect(nine.problems.isEmpty)
    exercise(nine.expr)
    for sign in ["+", "or", "*", "^", "=="] {
      let many = Expr.parse(Array(repeating: "a", count: 100_000).joined(separator: " \(sign) "))
      #expect(many.expr == nil)
      #expect(many.problems.count == 1)
    }
  }

  @Test func `of ten megabytes are read without stopping the process`() {
    let wide = "label_join(up, \"a\", \",\"" + String(repeating: ", \"label1\"", count: 1_000_000) + ")"
    #expect(wide.utf8.count > 10_000_000)
    let parsed = Expr.parse(wide)
    #expect(parsed.problems.isEmpty)
    #expect(parsed.expr?.children.count == 1_000_003)
    let long = "up{a=\"" + String(repeating: "x", count: 10_000_000) + "\"}"
    #expect(Expr.parse(long).expr != nil)
    let labels = "sum by (" + String(repeating: "a, ", count: 1_000_000) + ") (up)"
    #expect(Expr.parse(labels).expr != nil)
    #expect(Expr.parse(String(repeating: "! ", count: 1_000_000)).problems.count == Expr.problemLimit)
  }

  /// All that walks a tree.
  private func exercise(_ expr: Expr?) {
    guard let expr else { return }
    var hasher = Hasher()
    expr.hash(into: &hasher)
    #expect(Expr.parse(expr.description).expr == expr)
    #expect(Expr.parse(expr.pretty()).expr?.meaning == expr.meaning)
    _ = expr.experimentalUses
    _ = expr.type
    _ = try? expr.bound(label: "a", to: "b")
  }
}
