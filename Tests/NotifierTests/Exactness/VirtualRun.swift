import Model
import Notifier
import Specs
import Synchronization

/// What the hooks of a scenario answer, as the script says.
final class HookAnswers: Sendable {
  private let answers = Mutex<[String: (first: [Int], then: Int)]>([:])

  func set(_ hook: String, first: [Int], then: Int) { answers.withLock { $0[hook] = (first, then) } }

  /// The next answer's status.
  func next(_ hook: String) -> Int {
    answers.withLock { answers in
      guard let answer = answers[hook] else { return 200 }
      guard !answer.first.isEmpty else { return answer.then }
      return answers[hook]?.first.removeFirst() ?? 200
    }
  }
}

extension Scenario {
  /// What Belfry's notifier tells under a virtual clock: exact, and in no time.
  func virtualSequence() throws -> [Told] {
    var script = try BelfryScript(self, from: start) { "http://127.0.0.1/" + $0 }
    var simulation = Simulation(try setup.resources { "http://127.0.0.1/" + $0 })
    let answers = HookAnswers()
    simulation.outcome = { Self.outcome(answers.next($0.delivery.key.channel.name)) }
    for event in self.script {
      let now = start + .milliseconds(event.at)
      simulation.run(until: now)
      if case .answer(let hook, let first, let then) = event.step { answers.set(hook, first: first, then: then) }
      switch try script.input(event) {
      case .transitions(let transitions): simulation.state.receive(transitions, at: now)
      case .change(let change): _ = simulation.state.apply(change, at: now)
      case nil: break
      }
    }
    simulation.run(until: start + .milliseconds(length))
    return simulation.told.map(told)
  }

  private static func outcome(_ status: Int) -> DeliveryError? {
    switch status {
    case 200: nil
    case 429: .throttled(retryAfter: nil)
    case 500...: .unreachable("answered \(status)")
    default: .rejected("answered \(status)")
    }
  }

  private func told(_ told: Simulation.Told) -> Told {
    let hook = setups.lazy.flatMap(\.receivers).flatMap(\.hooks).first { $0.name == told.channel.name }
    let limit = hook?.maxAlerts ?? 0
    let alerts = limit > 0 ? Array(told.alerts.prefix(limit)) : told.alerts
    func names(_ state: AlertState) -> [String] {
      alerts.filter { $0.state == state }.map { alert in
        let note = alert.annotations.first { $0.name == "note" }?.value
        return name(of: alert.labels) + (note.map { "\"\($0)\"" } ?? "")
      }.sorted()
    }
    return Told(
      at: Int((told.at - start).wholeMilliseconds), hook: told.channel.name, group: told.groupKey,
      firing: names(.firing), resolved: names(.resolved), cut: told.alerts.count - alerts.count)
  }

  /// The first configuration and those that come later.
  private var setups: [Setup] {
    [setup]
      + script.compactMap { event in
        if case .configure(let setup) = event.step { setup } else { nil }
      }
  }
}
