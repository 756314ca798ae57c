import Diagnostics
import Specs
import Testing

@Suite struct `Reading without lints` {
  private static let text = """
    groups:
    - name: checkout
      rules:
      - alert: A
        expr: sum by (job) (up)
        for: 1s
        annotations: {summary: '{{ $labels.instance }}'}
      # belfry/disable experimental-expression: all servers have the flag
      - alert: B
        expr: mad_over_time(x[5m]) > 1
      - alert: C
        expr: mad_over_time(x[5m]) > 1
      - alert: D
        expr: rat(x[5m]) > 1
    """

  private func found(lints: Bool) -> [String] {
    let file = SpecFile.parse(
      path: "tenants/shop/checkout/rules.yaml", bytes: Array(Self.text.utf8), options: SpecOptions(lints: lints))
    var tree = SpecTree()
    _ = tree.update([("tenants/shop/checkout/rules.yaml", file)])
    return tree.problems.filter { $0.code != "no-data-source" }.map { "\($0.severity.rawValue) \($0.code)" }.sorted()
  }

  @Test func `tells errors alone, and comments still switch them off`() {
    #expect(found(lints: false) == ["error experimental-expression", "error malformed-expression"])
    let all = found(lints: true)
    #expect(all.contains("warning impossible-label") && all.contains("warning missing-severity"))
    #expect(all.filter { $0.hasPrefix("error") } == found(lints: false))
  }
}
