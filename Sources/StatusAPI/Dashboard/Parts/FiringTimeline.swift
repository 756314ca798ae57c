import Model

/// How many alerts fired at each moment of a span, by gravity: counted backwards from now over the transitions.
struct FiringTimeline {
  /// From `at` on, until the next step.
  struct Step: Hashable {
    var at: Timestamp
    /// By ``Gravity/rank``.
    var firing: [Int]

    var total: Int { firing.reduce(0, +) }
  }

  let start: Timestamp
  let end: Timestamp
  /// From when on the transitions are known: `start`, or later where there were too many to read.
  let knownFrom: Timestamp
  /// Ascending; the first is at ``knownFrom``.
  let steps: [Step]

  /// `firing`: what fires at `end`. `transitions`: newest first, as far back as `knownFrom`.
  init(firing: [Labels], transitions: [AlertTransition], from start: Timestamp, knownFrom: Timestamp, to end: Timestamp)
  {
    self.start = start
    self.end = end
    self.knownFrom = max(start, knownFrom)
    var counts = Array(repeating: 0, count: Gravity.allCases.count)
    for labels in firing { counts[Gravity(labels).rank] += 1 }
    var backwards: [Step] = []
    for transition in transitions where transition.at <= end && transition.at > self.knownFrom {
      let isFiring = transition.alert.state == .firing
      let wasFiring = transition.from == .firing
      guard isFiring != wasFiring else { continue }
      if backwards.last?.at != transition.at { backwards.append(Step(at: transition.at, firing: counts)) }
      let rank = Gravity(transition.alert.labels).rank
      // Before a beginning there was one less, before an end one more.
      counts[rank] = max(0, counts[rank] + (isFiring ? -1 : 1))
    }
    backwards.append(Step(at: self.knownFrom, firing: counts))
    steps = backwards.reversed()
  }

  /// The most that fired at once.
  var peak: Int { steps.map(\.total).max() ?? 0 }

  var isQuiet: Bool { peak == 0 }
}

/// The timeline as a drawing: one stepped area for each gravity, the gravest at the bottom.
struct TimelineDrawing {
  let timeline: FiringTimeline
  static let width = 960.0
  static let height = 132.0
  private static let top = 10.0
  private static let bottom = 112.0

  /// The scale's end: 1, 2 or 5 times a power of ten, at or above the peak.
  var ceiling: Int {
    var unit = 1
    while true {
      for factor in [1, 2, 4, 5, 10] where unit * factor >= max(timeline.peak, 2) { return unit * factor }
      unit *= 10
    }
  }

  private func x(_ instant: Timestamp) -> Double {
    let span = (timeline.end - timeline.start).inSeconds
    return span > 0 ? (instant - timeline.start).inSeconds / span * Self.width : 0
  }

  private func y(_ count: Int) -> Double {
    Self.bottom - Double(count) / Double(ceiling) * (Self.bottom - Self.top)
  }

  func write(to writer: inout HTMLWriter) {
    let words = writer.phrase(.timelineWords, String(timeline.peak))
    writer.element(
      "svg", class: "timeline",
      [
        "viewBox": "0 0 \(Int(Self.width)) \(Int(Self.height))", "role": "img", "aria-label": words,
        "preserveAspectRatio": "none",
      ]
    ) {
      writeGrid(to: &$0)
      for gravity in Gravity.allCases.reversed() { writeArea(gravity, to: &$0) }
      if timeline.knownFrom > timeline.start { writeUnknown(to: &$0) }
    }
  }

  /// The scale's lines; their words stand outside of the drawing, which is stretched.
  private func writeGrid(to writer: inout HTMLWriter) {
    for part in [0, ceiling / 2, ceiling] {
      writer.void(
        "line",
        ["class": "grid", "x1": "0", "x2": text(Self.width), "y1": text(y(part)), "y2": text(y(part))])
      writer.markup("</line>")
    }
  }

  private func writeArea(_ gravity: Gravity, to writer: inout HTMLWriter) {
    // Each area reaches down to the axis, and the graver ones are drawn over it.
    let heights = timeline.steps.map { ($0.at, $0.firing.prefix(gravity.rank + 1).reduce(0, +)) }
    guard timeline.steps.contains(where: { $0.firing[gravity.rank] > 0 }), let first = heights.first else { return }
    var path = "M\(text(x(first.0))) \(text(y(0)))"
    for (index, step) in heights.enumerated() {
      let end = index + 1 < heights.count ? heights[index + 1].0 : timeline.end
      path += "V\(text(y(step.1)))H\(text(x(end)))"
    }
    path += "V\(text(y(0)))Z"
    writer.void("path", class: "area " + gravity.rawValue, ["d": path])
    writer.markup("</path>")
  }

  private func writeUnknown(to writer: inout HTMLWriter) {
    writer.void(
      "rect",
      [
        "class": "unknown", "x": "0", "y": text(Self.top), "width": text(x(timeline.knownFrom)),
        "height": text(Self.bottom - Self.top),
      ])
    writer.markup("</rect>")
  }

  /// One digit behind the point, without Foundation.
  private func text(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths / 10).\(abs(tenths % 10))"
  }
}
