import PromQL
import Testing

@Suite struct `A long expression` {
  @Test(arguments: [
    ("up", 10, "up"),
    (
      "sum by (job) (rate(http_requests_total[5m]))", 30,
      """
      sum by (job) (
        rate(
          http_requests_total[5m]
        )
      )
      """
    ),
    (
      "aaaaaaaaaa + on (x) group_left (y) bbbbbbbbbb > 5", 20,
      """
          aaaaaaaaaa
        + on (x) group_left (y)
          bbbbbbbbbb
      >
        5
      """
    ),
    (
      "-(aaaaaaaaaaaa) * 2", 10,
      """
        -(
          aaaaaaaaaaaa
        )
      *
        2
      """
    ),
    (
      "max_over_time(sum(aaaaaaa)[1h:5m] offset 5m)", 20,
      """
      max_over_time(
        sum(
          aaaaaaa
        )[1h:5m] offset 5m
      )
      """
    ),
    (
      "clamp(xxxxxxxxxx, 0, 1)", 15,
      """
      clamp(
        xxxxxxxxxx,
        0,
        1
      )
      """
    ),
  ])
  func `is broken over lines`(text: String, width: Int, pretty: String) throws {
    let expr = try #require(Expr.parse(text).expr)
    #expect(expr.pretty(width: width) == pretty)
    #expect(Expr.parse(pretty).expr == expr)
  }
}
