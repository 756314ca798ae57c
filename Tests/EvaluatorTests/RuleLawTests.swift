import Evaluator
import Model
import TestKit
import Testing

@Suite struct `Laws of evaluation` {
  /// A random history of one rule: each evaluation has some of four series, or fails.
  private func history(
    _ seed: UInt64, _ visit: (Timestamp, [AlertTransition], RuleGroupState, _ present: Set<String>?) -> Void
  ) -> (hold: Duration, keep: Duration) {
    var random = SplitMix64(seed: seed)
    let hold = Duration.seconds(Int.random(in: 0...4, using: &random) * 30)
    let keep = Duration.seconds(Int.random(in: 0...3, using: &random) * 45)
    let usesValue = Bool.random(using: &random)
    let labels = usesValue ? [Label("level", "{{ $value }}")] : []
    var state = RuleGroupState(group([rule("Down", hold: hold, keep: keep, labels: labels)], limit: 6))
    var now = at(0)
    for _ in 0..<80 {
      now = now + .seconds(Int.random(in: 1...3, using: &random) * 15)
      if Int.random(in: 0..<8, using: &random) == 0 {
        visit(now, state.step(rule: 0, .failure(.query(.timedOut)), at: now).transitions, state, nil)
        continue
      }
      let names = ["a", "b", "c", "d"].filter { _ in Int.random(in: 0..<3, using: &random) > 0 }
      let samples = names.shuffled(using: &random).map { name in
        sample(name, usesValue ? Double(Int.random(in: 0...1, using: &random)) : 1)
      }
      let answer = QueryAnswer(samples: samples)
      visit(now, state.step(rule: 0, .success(answer), at: now).transitions, state, Set(names))
    }
    return (hold, keep)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `an alert never fires before its hold, and never resolves before its keep`(seed: UInt64) {
    var fired: [(active: Timestamp, fired: Timestamp)] = []
    var kept: [Duration] = []
    let (hold, keep) = history(seed) { now, transitions, _, _ in
      for transition in transitions where transition.alert.state == .firing {
        fired.append((transition.alert.activeAt, now))
        #expect(transition.alert.firedAt == now)
      }
      for transition in transitions where transition.from == .firing && transition.alert.state == .resolved {
        kept.append(now - (transition.alert.keepFiringSince ?? now))
      }
    }
    for (active, fired) in fired { #expect(fired - active >= hold) }
    for time in kept where keep > .zero { #expect(time >= keep) }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `every firing is matched by one resolution, and states only follow one another`(seed: UInt64) {
    var states: [Labels: AlertState] = [:]
    var last: RuleGroupState?
    _ = history(seed) { _, transitions, state, _ in
      for transition in transitions {
        let labels = transition.alert.labels
        #expect(states[labels] == transition.from)
        #expect(transition.from != transition.alert.state)
        states[labels] = transition.alert.state == .resolved ? nil : transition.alert.state
      }
      #expect(Set(state.alerts.map(\.labels)) == Set(states.keys))
      for alert in state.alerts { #expect(states[alert.labels] == alert.state) }
      last = state
    }
    var ending = last
    let removed = ending?.end(at: at(100_000)) ?? []
    #expect(Set(removed.map(\.alert.labels)) == Set(states.keys))
    #expect(removed.allSatisfy { $0.reason == .ruleRemoved && $0.alert.state == .resolved })
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `a failing evaluation changes no alert, and no state is made up`(seed: UInt64) {
    var before: [Alert] = []
    _ = history(seed) { _, transitions, state, present in
      if let present {
        for alert in state.alerts where !present.contains(alert.labels["instance"]) || alert.keepFiringSince != nil {
          #expect(alert.state == .firing)
        }
      } else if state.rules[0].health != .ok {
        #expect(transitions.isEmpty)
        #expect(state.alerts == before)
      }
      before = state.alerts
    }
  }
}
