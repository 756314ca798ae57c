import Model
import Specs

/// An alert that came.
struct ComparedAlert: Sendable {
  var labels: [Label]
  /// Those of `labels` that an expectation needn't name.
  var implied: [Label] = []
  var annotations: [Label]

  func matches(_ expected: ExpectedAlert) -> Bool {
    labels == full(expected.labels) && (expected.annotations ?? annotations) == annotations
  }

  /// The expected labels with the implied ones that they don't name.
  func full(_ expected: [Label]) -> [Label] {
    guard !implied.isEmpty else { return expected }
    let missing = implied.filter { label in !expected.contains { $0.name == label.name } }
    return (expected + missing).sorted { $0.name.precedesInBytes($1.name) }
  }

  /// The labels without the implied ones, for people.
  var shown: [Label] { labels.filter { !implied.contains($0) } }
}

/// What differs between the alerts expected and those that came; the order doesn't matter.
struct AlertDifference {
  private(set) var lines: [DifferenceLine] = []
  private(set) var missing = 0
  private(set) var unexpected = 0
  private(set) var different = 0

  init(expected: [ExpectedAlert], got: [ComparedAlert]) {
    var left = expected
    var right = got
    left.removeAll { alert in
      guard let index = right.firstIndex(where: { $0.matches(alert) }) else { return false }
      right.remove(at: index)
      return true
    }
    for alert in left {
      if let index = Self.nearest(to: alert, in: right) {
        different += 1
        compare(alert, right.remove(at: index))
      } else {
        missing += 1
        lines.append(DifferenceLine(.expected, alert.labels.text))
        lines += (alert.annotations ?? []).flatMap { Self.annotation($0, .expected) }
      }
    }
    for alert in right {
      unexpected += 1
      lines.append(DifferenceLine(.got, alert.shown.text))
      lines += alert.annotations.flatMap { Self.annotation($0, .got) }
    }
  }

  var isEmpty: Bool { lines.isEmpty }

  /// `1 alert differs, 2 are missing`.
  var summary: String {
    var parts: [String] = []
    if different > 0 { parts.append(plural(different, "alert") + (different == 1 ? " differs" : " differ")) }
    if missing > 0 { parts.append(plural(missing, "alert") + (missing == 1 ? " is missing" : " are missing")) }
    if unexpected > 0 {
      parts.append(plural(unexpected, "alert") + (unexpected == 1 ? " was" : " were") + " not expected")
    }
    return parts.joined(separator: ", ")
  }

  /// The alert that `expected` was most probably meant to be: at least half of the labels are equal.
  private static func nearest(to expected: ExpectedAlert, in alerts: [ComparedAlert]) -> Int? {
    func likeness(_ alert: ComparedAlert) -> Int {
      let annotations = expected.annotations ?? []
      return 2 * expected.labels.count { alert.labels.contains($0) }
        + annotations.count { alert.annotations.contains($0) }
    }
    let best = alerts.indices.max { likeness(alerts[$0]) < likeness(alerts[$1]) }
    guard let best else { return nil }
    return likeness(alerts[best]) >= expected.labels.count ? best : nil
  }

  private mutating func compare(_ expected: ExpectedAlert, _ got: ComparedAlert) {
    let wanted = got.full(expected.labels)
    lines.append(DifferenceLine(.both, wanted.filter { got.labels.contains($0) && !got.implied.contains($0) }.text))
    compare(wanted, got.labels) { label, side in
      [DifferenceLine(side, "  " + label.name + "=" + label.value.quotedAsGo)]
    }
    compare(expected.annotations ?? got.annotations, got.annotations, Self.annotation)
  }

  /// The pairs that only one of the two has, by name.
  private mutating func compare(
    _ expected: [Label], _ got: [Label], _ text: (Label, DifferenceLine.Side) -> [DifferenceLine]
  ) {
    for name in Set((expected + got).map(\.name)).sorted(by: { $0.precedesInBytes($1) }) {
      let left = expected.first { $0.name == name }
      let right = got.first { $0.name == name }
      guard left != right else { continue }
      if let left { lines += text(left, .expected) }
      if let right { lines += text(right, .got) }
    }
  }

  private static func annotation(_ label: Label, _ side: DifferenceLine.Side) -> [DifferenceLine] {
    let parts = label.value.split(separator: "\n", omittingEmptySubsequences: false)
    guard parts.count > 1 else { return [DifferenceLine(side, "  " + label.name + ": " + label.value)] }
    return [DifferenceLine(side, "  " + label.name + ":")] + parts.map { DifferenceLine(side, "    " + $0) }
  }
}

extension [Label] {
  /// `{a="b", c="d"}`.
  var text: String { "{" + map { $0.name + "=" + $0.value.quotedAsGo }.joined(separator: ", ") + "}" }
}
