import Evaluator
import Model
import Testing

@Suite struct `The phases of an alert` {
  private static let minute = Hold(beforeFiring: .seconds(60))
  private static let kept = Hold(beforeFiring: .seconds(60), afterwards: .seconds(300))

  /// Prometheus's state table: phase, whether the condition holds at second 600, hold, next phase, change.
  @Test(
    arguments: [
      (
        .pending(since: at(600)), true, Hold(), .firing(activeAt: at(600), since: at(600), keptSince: nil),
        .startedFiring
      ),
      (.pending(since: at(600)), true, minute, .pending(since: at(600)), nil),
      (
        .pending(since: at(540)), true, minute, .firing(activeAt: at(540), since: at(600), keptSince: nil),
        .startedFiring
      ),
      (.pending(since: at(541)), true, minute, .pending(since: at(541)), nil),
      (.pending(since: at(0)), false, kept, .pending(since: at(0)), .ended),
      (
        .firing(activeAt: at(0), since: at(60), keptSince: at(590)), true, kept,
        .firing(activeAt: at(0), since: at(60), keptSince: nil), nil
      ),
      (
        .firing(activeAt: at(0), since: at(60), keptSince: nil), false, kept,
        .firing(activeAt: at(0), since: at(60), keptSince: at(600)), nil
      ),
      (
        .firing(activeAt: at(0), since: at(60), keptSince: at(301)), false, kept,
        .firing(activeAt: at(0), since: at(60), keptSince: at(301)), nil
      ),
      (
        .firing(activeAt: at(0), since: at(60), keptSince: at(300)), false, kept,
        .firing(activeAt: at(0), since: at(60), keptSince: at(300)), .ended
      ),
      (
        .firing(activeAt: at(0), since: at(60), keptSince: nil), false, minute,
        .firing(activeAt: at(0), since: at(60), keptSince: nil), .ended
      ),
      (
        .firing(activeAt: at(580), since: at(590), keptSince: nil), true, minute, .pending(since: at(580)), .holdRaised
      ),
      (
        .firing(activeAt: at(580), since: at(590), keptSince: at(595)), false, kept, .pending(since: at(580)),
        .holdRaised
      ),
    ] as [(ActivePhase, Bool, Hold, ActivePhase, ActivePhase.Change?)])
  func `follow Prometheus's table`(
    phase: ActivePhase, isActive: Bool, hold: Hold, next: ActivePhase, change: ActivePhase.Change?
  ) {
    var phase = phase
    #expect(phase.step(isActive: isActive, at: at(600), hold: hold) == change)
    #expect(phase == next)
  }
}
