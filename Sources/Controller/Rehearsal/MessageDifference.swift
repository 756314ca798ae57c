import Model
import Notifier
import Specs

/// What differs between the messages that a channel was expected to get and those that it got, one by one.
struct MessageDifference {
  private(set) var lines: [DifferenceLine] = []
  private(set) var summary = ""

  /// `start`: the beginning of the test, from which the times of messages count. `implied`: what alerts of a scope have
  /// besides the labels of their rule.
  init(
    _ expectation: MessageExpectation, got: [NotificationRehearsal.Told], from start: Timestamp,
    implied: (Scope) -> Labels
  ) {
    guard let expected = expectation.messages else {
      guard let count = expectation.count, count != got.count else { return }
      summary = "expected \(plural(count, "message")), got \(got.count)"
      for message in got { lines += Self.whole(message, start, implied) }
      return
    }
    for index in 0..<max(expected.count, got.count) {
      if index >= got.count {
        lines += Self.whole(expected[index])
      } else if index >= expected.count {
        lines += Self.whole(got[index], start, implied)
      } else {
        compare(expected[index], got[index], number: index + 1, start, implied)
      }
    }
    guard !lines.isEmpty else { return }
    summary =
      expected.count == got.count
      ? "the messages differ" : "expected \(plural(expected.count, "message")), got \(got.count)"
  }

  private mutating func compare(
    _ expected: ExpectedMessage, _ got: NotificationRehearsal.Told, number: Int, _ start: Timestamp,
    _ implied: (Scope) -> Labels
  ) {
    var inner: [DifferenceLine] = []
    let time = got.time - start
    if let wanted = expected.time, wanted != time {
      inner.append(DifferenceLine(.expected, "time: " + wanted.prometheus))
      inner.append(DifferenceLine(.got, "time: " + time.prometheus))
    }
    for (word, wanted, alerts) in [
      ("firing", expected.firing, got.message.firing), ("resolved", expected.resolved, got.message.resolved),
    ] {
      let difference = AlertDifference(expected: wanted, got: alerts.map { $0.compared(implied($0.scope)) })
      guard !difference.isEmpty else { continue }
      inner.append(DifferenceLine(.both, word + ":"))
      inner += difference.lines.indented
    }
    guard !inner.isEmpty else { return }
    lines.append(DifferenceLine(.both, "message \(number), sent at \(time.prometheus):"))
    lines += inner.indented
  }

  private static func whole(_ message: ExpectedMessage) -> [DifferenceLine] {
    let time = message.time.map { " at " + $0.prometheus } ?? ""
    return [DifferenceLine(.expected, "message" + time + ":")]
      + message.firing.map { DifferenceLine(.expected, "  firing " + $0.labels.text) }
      + message.resolved.map { DifferenceLine(.expected, "  resolved " + $0.labels.text) }
  }

  private static func whole(
    _ told: NotificationRehearsal.Told, _ start: Timestamp, _ implied: (Scope) -> Labels
  ) -> [DifferenceLine] {
    func text(_ alert: Alert) -> String { alert.compared(implied(alert.scope)).shown.text }
    return [DifferenceLine(.got, "message at " + (told.time - start).prometheus + ":")]
      + told.message.firing.map { DifferenceLine(.got, "  firing " + text($0)) }
      + told.message.resolved.map { DifferenceLine(.got, "  resolved " + text($0)) }
  }
}

extension [DifferenceLine] {
  fileprivate var indented: [DifferenceLine] { map { DifferenceLine($0.side, "  " + $0.text) } }
}

extension Alert {
  fileprivate func compared(_ implied: Labels) -> ComparedAlert {
    ComparedAlert(
      labels: labels.pairs, implied: implied.pairs.filter { labels[$0.name] == $0.value }, annotations: annotations)
  }
}
