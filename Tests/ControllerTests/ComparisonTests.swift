import Model
import Testing

@testable import Controller

@Suite struct `Comparing with an Alertmanager` {
  private static let start = CivilTime(year: 2026, month: 11, day: 20, hour: 8).instant()

  private func look(
    told: [Labels] = [], muted: [Labels] = [], groups: [Labels] = []
  ) -> AlertmanagerComparison.Look {
    var look = AlertmanagerComparison.Look()
    (look.told, look.muted, look.groups) = (Set(told), Set(muted), Set(groups))
    return look
  }

  private func compared(
    _ looks: [(AlertmanagerComparison.Look, AlertmanagerComparison.Look)], patience: Duration = .seconds(30)
  ) -> AlertmanagerComparison {
    var comparison = AlertmanagerComparison(patience: patience, ignoring: ["tenant", "replica"])
    for (index, pair) in looks.enumerated() {
      comparison.look(belfry: pair.0, alertmanager: pair.1, at: Self.start + .seconds(15 * index))
    }
    return comparison
  }

  @Test func `finds nothing where only ignored labels differ`() {
    let ours = look(told: [["alertname": "Down", "tenant": "shop"]], groups: [["alertname": "Down"]])
    let theirs = look(told: [["alertname": "Down", "replica": "a"]], groups: [["alertname": "Down"]])
    let comparison = compared([(ours, theirs), (ours, theirs), (ours, theirs), (ours, theirs)])
    #expect(comparison.differences.isEmpty && comparison.passing.isEmpty)
    #expect((comparison.alertCount, comparison.groupCount) == (1, 1))
  }

  @Test func `reports what one has for longer than the patience`() {
    let ours = look(told: [["alertname": "Down"], ["alertname": "Full"]], groups: [["alertname": "Down"]])
    let theirs = look(told: [["alertname": "Down"]])
    let comparison = compared([(ours, theirs), (ours, theirs), (ours, theirs)])
    #expect(
      comparison.differences.map(\.difference) == [
        .init(subject: .alert, labels: ["alertname": "Full"], only: .belfry),
        .init(subject: .group, labels: ["alertname": "Down"], only: .belfry),
      ])
    #expect(comparison.differences.allSatisfy { $0.looks == 3 && $0.isOpen })
    let text = ComparisonReport(comparison).text
    #expect(
      text.hasPrefix(
        "only Belfry has alert {alertname=\"Full\"}  (2026-11-20T08:00:00.000Z to now, 3 looks)")
        || text.hasPrefix("only Belfry has alert {alertname=\"Full\"}  (2026-11-20T08:00:00Z to now, 3 looks)"),
      "\(text)")
    #expect(text.hasSuffix("2 differences in 3 looks at 2 alerts in 1 group"))
  }

  @Test func `lets pass what one side only sees a little later`() {
    let some = look(told: [["alertname": "Down"]])
    let comparison = compared([(some, look()), (some, some), (look(), some), (some, some), (some, look())])
    #expect(comparison.differences.isEmpty)
    #expect(comparison.passing.count == 2)
  }

  @Test func `counts the time of an unbroken difference only`() {
    let some = look(told: [["alertname": "Down"]])
    let comparison = compared([(some, look()), (some, some), (some, look()), (some, some), (some, look())])
    #expect(comparison.differences.isEmpty)
  }

  @Test func `tells an alert that one mutes from one that it hasn't`() {
    let ours = look(muted: [["alertname": "Down"]])
    let theirs = look(told: [["alertname": "Down"]])
    let comparison = compared([(ours, theirs), (ours, theirs), (ours, theirs)])
    #expect(
      comparison.differences.map(\.difference) == [
        .init(subject: .muting, labels: ["alertname": "Down"], only: .alertmanager)
      ])
  }
}
