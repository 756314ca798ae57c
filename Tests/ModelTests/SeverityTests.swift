import Model
import Testing

@Suite struct `A scale of severities` {
  @Test func `knows the words that people use, whatever their case`() {
    let words = [
      ("critical", SeverityLevel.critical), ("Page", .critical), ("P0", .critical), ("p1", .error), ("ERROR", .error),
      ("warn", .warning), ("P2", .warning), ("info", .info), ("P3", .info), ("none", .info),
    ]
    for (word, level) in words { #expect(SeverityScale.standard.level(of: word) == level) }
    #expect(SeverityScale.standard.level(of: "") == nil)
    #expect(SeverityScale.standard.level(of: "urgent") == nil)
  }

  @Test func `puts the gravest first and what it doesn't know last`() {
    let scale = SeverityScale([.init("sev1", .critical), .init("SEV2", .warning), .init("sev1", .info)])
    #expect(["x", "sev2", "Sev1"].sorted { scale.rank(of: $0) < scale.rank(of: $1) } == ["Sev1", "sev2", "x"])
    #expect(scale.level(of: "SEV1") == .critical)
    #expect(scale.rank(of: "critical") == 3)
    #expect(SeverityScale([]).rank(of: "critical") == 0)
    #expect(SeverityScale([]).level(of: "critical") == nil)
  }

  @Test func `orders levels by gravity`() {
    #expect(SeverityLevel.allCases.sorted() == [.critical, .error, .warning, .info])
    #expect(SeverityLevel.allCases.map(\.rank) == [0, 1, 2, 3])
  }
}
