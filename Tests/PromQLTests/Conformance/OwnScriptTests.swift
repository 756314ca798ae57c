import Testing

@testable import PromQL

@Suite struct `Scripts of our own` {
  @Test(arguments: OwnScripts.all.map(\.name))
  func `give what they expect`(_ name: String) throws {
    let script = try #require(OwnScripts.all.first { $0.name == name })
    let report = ConformanceRunner.report(on: ConformanceScript(script.text))
    for failure in report.failures { Issue.record("\(name):\(failure)") }
    #expect(report.setAside.isEmpty && report.passed > 0)
  }
}
