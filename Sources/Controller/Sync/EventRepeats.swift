import Model
import Synchronization

/// Keeps a warning or an error that comes again and again from filling the log: ten a minute of one name and subject
/// are written, and the next one that is says how many weren't. Changes of state (`info`) are always written.
final class EventRepeats: Sendable {
  /// What becomes of an event.
  enum Verdict: Hashable, Sendable {
    /// It is written, with how many like it were left out before.
    case write(leftOut: Int)
    case leaveOut
  }

  static let limit = 10
  static let span = Duration.seconds(60)
  /// How many names and subjects are told apart.
  static let memory = 1_000

  private struct Key: Hashable {
    var name: String
    var subject: String
  }

  private struct Run {
    var begun: Timestamp
    var written = 0
    var leftOut = 0
  }

  private struct State {
    var runs: [Key: Run] = [:]
    var written: [EventLog.Level: Int] = [:]
    var leftOut = 0
  }

  private let state = Mutex(State())

  /// `subject`: what the event is about: the values of its first two fields.
  func verdict(on name: String, _ level: EventLog.Level, subject: String, at now: Timestamp) -> Verdict {
    state.withLock { state in
      guard level != .info else {
        state.written[level, default: 0] += 1
        return .write(leftOut: 0)
      }
      let key = Key(name: name, subject: subject)
      var run = state.runs[key] ?? Run(begun: now)
      let before = run.leftOut
      if now - run.begun >= Self.span || now < run.begun { run = Run(begun: now, leftOut: before) }
      guard run.written < Self.limit else {
        run.leftOut += 1
        state.leftOut += 1
        state.runs[key] = run
        return .leaveOut
      }
      run.written += 1
      run.leftOut = 0
      if state.runs[key] == nil, state.runs.count >= Self.memory { state.runs.removeAll(keepingCapacity: true) }
      state.runs[key] = run
      state.written[level, default: 0] += 1
      return .write(leftOut: before)
    }
  }

  /// How many events were written, by level, and how many were left out.
  var counts: (written: [EventLog.Level: Int], leftOut: Int) { state.withLock { ($0.written, $0.leftOut) } }
}
