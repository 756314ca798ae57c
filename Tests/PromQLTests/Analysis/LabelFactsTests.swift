import PromQL
import Testing

@Suite struct `The labels of a result` {
  /// One row: the labels that are certain, those that are impossible, and what holds for others.
  struct Row: Sendable, CustomTestStringConvertible {
    let text: String
    let certain: Set<String>
    let impossible: Set<String>
    let isOpen: Bool

    init(_ text: String, _ certain: Set<String> = [], not impossible: Set<String> = [], open isOpen: Bool) {
      self.text = text
      self.certain = certain
      self.impossible = impossible
      self.isOpen = isOpen
    }

    var testDescription: String { text }
  }

  static let names = ["__name__", "a", "b", "c", "le"]

  @Test(arguments: [
    Row("x", ["__name__"], open: true),
    Row(#"x{a="1", b="", c=~".*"}"#, ["__name__", "a"], not: ["b"], open: true),
    Row(#"x{a=~".+", b!="", c!="1"}"#, ["__name__", "a", "b"], open: true),
    Row("1", not: ["__name__", "a", "b", "c", "le"], open: false),
    Row("vector(1)", not: ["__name__", "a", "b", "c", "le"], open: false),
    Row("rate(x{a=\"1\"}[5m])", ["a"], not: ["__name__"], open: true),
    Row("last_over_time(x[5m])", ["__name__"], open: true),
    Row("-x", not: ["__name__"], open: true),
    Row("sum(x)", not: ["__name__", "a", "b", "c", "le"], open: false),
    Row("sum by (a, b) (x{a=\"1\"})", ["a"], not: ["__name__", "c", "le"], open: false),
    Row("sum without (a) (x{b=\"1\"})", ["b"], not: ["__name__", "a"], open: true),
    Row("topk(3, x{a=\"1\"})", ["__name__", "a"], open: true),
    Row("count_values(\"c\", x)", ["c"], not: ["__name__", "a", "b", "le"], open: false),
    Row(
      "histogram_quantile(0.9, sum by (le, a) (rate(x_bucket[5m])))", not: ["__name__", "b", "c", "le"], open: false),
    Row("absent(x{a=\"1\", b=~\"2\"})", ["a"], not: ["__name__", "b", "c", "le"], open: false),
    Row("absent(x{a=\"1\", a=\"2\"})", not: ["__name__", "a", "b", "c", "le"], open: false),
    Row("absent(sum(x{a=\"1\"}))", not: ["__name__", "a", "b", "c", "le"], open: false),
    Row("absent_over_time(x{a=\"1\"}[5m])", ["a"], not: ["__name__", "b", "c", "le"], open: false),
    Row("x > 1", ["__name__"], open: true),
    Row("x > bool 1", not: ["__name__"], open: true),
    Row("x * 2", not: ["__name__"], open: true),
    Row("2 < x", ["__name__"], open: true),
    Row("sum by (a) (x) / sum by (a, b) (y)", not: ["__name__", "b", "c", "le"], open: false),
    Row("x{a=\"1\"} / on (a) y", ["a"], not: ["__name__", "b", "c", "le"], open: false),
    Row("x / ignoring (a) y{b=\"1\"}", ["b"], not: ["__name__", "a"], open: true),
    Row("x / on (a) group_left (b) y{b=\"1\", a=\"1\"}", ["a", "b"], not: ["__name__"], open: true),
    Row("x{b=\"1\"} / on (a) group_left (b) sum by (a) (y)", not: ["__name__", "b"], open: true),
    Row("sum by (a) (x) * on (a) group_right y", not: ["__name__"], open: true),
    Row("sum by (a) (x) or sum by (b) (y)", not: ["__name__", "c", "le"], open: false),
    Row("sum by (a) (x) or vector(0)", not: ["__name__", "b", "c", "le"], open: false),
    Row("x{a=\"1\"} and on (b) y{b=\"1\"}", ["__name__", "a", "b"], open: true),
    Row("x and sum by (a) (y)", ["__name__"], not: ["b", "c", "le"], open: false),
    Row("x{a=\"1\"} unless sum by (b) (y)", ["__name__", "a"], open: true),
    Row("label_replace(sum(x), \"a\", \"$1\", \"b\", \"(.*)\")", not: ["__name__", "b", "c", "le"], open: false),
    Row("label_replace(sum(x), \"a\", \"1\", \"\", \".*\")", ["a"], not: ["__name__", "b", "c", "le"], open: false),
    Row("label_replace(x{a=\"1\"}, \"a\", \"\", \"b\", \"1\")", ["__name__"], open: true),
    Row(
      "label_join(sum by (a) (x{a=\"1\"}), \"b\", \"-\", \"a\")", ["a", "b"], not: ["__name__", "c", "le"], open: false),
    Row("info(sum by (a) (x))", open: true),
    Row("hour()", not: ["__name__", "a", "b", "c", "le"], open: false),
  ])
  func `follow the expression`(row: Row) throws {
    let facts = try #require(Expr.parse(row.text).expr).labelFacts
    #expect(Set(Self.names.filter { facts.certainty(of: $0) != nil }) == row.certain)
    #expect(Set(Self.names.filter { facts.impossibility(of: $0) != nil }) == row.impossible)
    #expect(facts.isOpen == row.isOpen)
  }

  @Test func `come with the part of the expression that is the reason`() throws {
    let text = "max(y) + on (a) group_left () sum by (a) (rate(x[5m]))"
    let facts = try #require(Expr.parse(text).expr).labelFacts
    let reason = try #require(facts.impossibility(of: "b"))
    #expect(reason.kind == .aggregatedBy)
    #expect(reason.range == 0..<6)
  }
}
