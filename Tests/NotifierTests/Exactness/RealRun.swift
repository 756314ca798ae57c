import Model
import Notifier
import TestKit

/// One scenario played in real time to both notifiers at once.
struct RealRun {
  let scenario: Scenario
  var alertmanager: [Told]
  var belfry: [Told]
  /// By how much the script's steps, and looks at the clock between them, were late, at most, in milliseconds.
  var lateness: Int

  /// What the runs share.
  struct Stage: Sendable {
    let clock: PacedClock
    let hooks: HookServer
    let http: any HTTPTransport & MailTransport
  }

  /// Plays a scenario from beginning to end. `id`: a word that no other run has.
  init(_ scenario: Scenario, id: String, on stage: Stage) async throws {
    self.scenario = scenario
    let (clock, hooks) = (stage.clock, stage.hooks)
    let (theirs, ours) = (id + "-alertmanager", id + "-belfry")
    var server = try await RealAlertmanager(scenario, over: stage.http, clock: clock) { hooks.url(theirs, $0) }
    let runner = try stage.runner(scenario.setup) { hooks.url(ours, $0) }
    let answers = (HookAnswers(), HookAnswers())
    hooks.set(answers.0, for: theirs)
    hooks.set(answers.1, for: ours)
    let origin = clock.now + .milliseconds(200)
    var script = try BelfryScript(scenario, from: origin) { hooks.url(ours, $0) }

    lateness = try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await runner.run() }
      var lateness = 0
      for beat in Self.beats(scenario) {
        let due = origin + .milliseconds(beat.at)
        try await clock.sleep(until: due, tolerance: nil)
        defer { lateness = max(lateness, Int((PacedClock.systemNow - due).wholeMilliseconds)) }
        guard let event = beat.event else {
          if beat.reminds { try await server.remind(at: due) }
          continue
        }
        if case .answer(let hook, let first, let then) = event.step {
          for answers in [answers.0, answers.1] { answers.set(hook, first: first, then: then) }
        }
        switch try script.input(event) {
        case .transitions(let transitions): await runner.receive(transitions)
        case .change(let change): await runner.apply(change)
        case nil: break
        }
        try await server.perform(event, from: origin)
      }
      group.cancelAll()
      return lateness
    }
    alertmanager = try hooks.told(theirs, in: scenario, from: origin)
    belfry = try hooks.told(ours, in: scenario, from: origin)
  }

  private struct Beat {
    let at: Int
    var event: Scenario.Event?
    var reminds = false
  }

  /// The script, with a reminder every second between, and often enough a look at how late it is.
  private static func beats(_ scenario: Scenario) -> [Beat] {
    var beats = scenario.script.map { Beat(at: $0.at, event: $0) }
    beats += stride(from: 150, through: scenario.length, by: 250).map { Beat(at: $0, reminds: $0 % 1000 == 900) }
    beats.append(Beat(at: scenario.length))
    return beats.sorted { $0.at < $1.at }
  }
}
