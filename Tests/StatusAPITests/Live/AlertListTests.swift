import JSON
import Model
import StatusAPI
import TestKit
import Testing

/// An alert that a number names; those of numbers 8 apart have the same labels in another group.
private func view(_ number: Int, value: Double = 1) -> AlertView {
  let scope = Scope.tenant("t\(number % 3)")
  let labels = Labels([Label("alertname", "A"), Label("n", "\(number / 2)")])
  let reference = RuleReference(
    group: ResourceID(scope, .ruleGroup, "g\(number % 2)"), rule: "A", provenance: Provenance(file: "f", line: 1))
  return AlertView(
    alert: Alert(
      scope: scope, labels: labels, annotations: [], state: .firing, value: value, activeAt: .epoch, firedAt: .epoch,
      rule: reference, generatorURL: ""))
}

@Suite struct `A list of alerts` {
  @Test(arguments: 1...6) func `is what a sorted dictionary would be`(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var list = AlertList()
    var naive: [AlertKey: AlertView] = [:]
    for _ in 0..<60 {
      let former = (list, naive.count)
      var changes: [AlertList.Change] = []
      for _ in 0..<Int.random(in: 0...400, using: &random) {
        let view = view(Int.random(in: 0..<3000, using: &random), value: .random(in: 0...9, using: &random))
        let key = AlertKey(view.alert)
        if Int.random(in: 0..<3, using: &random) == 0 {
          changes.append(.remove(key))
          naive[key] = nil
        } else {
          changes.append(.put(AlertEntry(view)))
          naive[key] = view
        }
      }
      list.apply(changes)
      #expect(former.0.count == former.1)
      let sorted = naive.sorted { $0.key < $1.key }
      #expect(Array(list).map(\.view) == sorted.map(\.value))
      #expect(list.indices.map { list[$0].key } == sorted.map(\.key))
      for number in 0..<20 {
        let key = AlertKey(view(number * 150).alert)
        #expect(list[key]?.view == naive[key])
        #expect(list.position(after: key) == sorted.count { $0.key <= key })
        let named = sorted.filter { $0.key.fingerprint == key.fingerprint }
        #expect(list.with(key.fingerprint).map(\.key) == named.map(\.key))
      }
    }
  }

  @Test func `begins at its first entry where nothing was read before`() {
    let list = AlertList((0..<5).map { AlertEntry(view($0)) })
    #expect(list.position(after: nil) == 0)
    #expect(AlertList().position(after: list[2].key) == 0)
  }
}

@Suite struct `A book of alerts` {
  @Test func `shows a reader its tenants and no others`() {
    let book = AlertBook(generation: 1, takenAt: .epoch, alerts: (0..<30).map { view($0) })
    #expect(book.alerts(for: .all).count == 30)
    #expect(book.alerts(for: .tenants(["t1"])).allSatisfy { $0.alert.scope == .tenant("t1") })
    let two = book.alerts(for: .tenants(["t1", "t2"]))
    #expect(Array(two).map(\.key) == book.alerts.filter { $0.alert.scope != .tenant("t0") }.map(\.key))
    #expect(book.alerts(of: "t0", for: .tenants(["t1"])).isEmpty)
    #expect(book.alerts(of: "t1", for: .all).count == 10)
    #expect(book.alerts(for: .tenants(["nobody"])).isEmpty)
  }

  @Test func `renders an entry once, and anew only what a changed value is part of`() {
    var times = 0
    func render(_ view: AlertView) -> [UInt8] {
      times += 1
      return Array("\(view.alert.value)".utf8)
    }
    let entry = AlertEntry(view(1))
    #expect(entry.fragment(.api, render) == entry.fragment(.api, render))
    _ = entry.fragment(.alertmanager, render)
    #expect(times == 2)
    let changed = AlertEntry(view(1, value: 2), replacing: entry)
    #expect(changed.fragment(.api, render) == Array("2.0".utf8))
    #expect(changed.fragment(.alertmanager, render) == Array("1.0".utf8))
    #expect(times == 3)
    var silenced = view(1)
    silenced.silencedBy = ["s"]
    _ = AlertEntry(silenced, replacing: entry).fragment(.alertmanager, render)
    #expect(times == 4)
  }
}
