import Evaluator
import Model
import PromQL
import Specs

/// The stretch of the past over which rules are tried, and how closely.
struct BacktestWindow: Hashable, Sendable {
  /// The most points that one query asks for: Prometheus refuses more than 11,000 for each series.
  static let queryPoints = 10_000
  /// The most points where no step is asked for.
  static let usualPoints = 6000
  /// The most points that a step may lead to.
  static let mostPoints = 200_000

  let length: Duration
  /// `nil`: the interval of each rule's group, or as many of it as keep to ``usualPoints``.
  let step: Duration?

  /// The instants at which a group is evaluated, ending at `now`.
  func times(of group: GroupDefinition, until now: Timestamp) -> QueryTimes {
    let step = step ?? usualStep(group.interval)
    let milliseconds = max(1, step.wholeMilliseconds)
    let end = now.millisecondsSinceEpoch - now.millisecondsSinceEpoch % milliseconds
    let count = max(1, length.wholeMilliseconds / milliseconds)
    return QueryTimes(
      from: Timestamp(millisecondsSinceEpoch: end - (count - 1) * milliseconds),
      through: Timestamp(millisecondsSinceEpoch: end), step: .milliseconds(milliseconds))
  }

  private func usualStep(_ interval: Duration) -> Duration {
    let interval = max(1, interval.wholeMilliseconds)
    let most = Int64(Self.usualPoints)
    let least = max(interval, (length.wholeMilliseconds + most - 1) / most)
    guard least > interval else { return .milliseconds(interval) }
    let round: [Int64] = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600]
    let fitting = round.map { $0 * 1000 }.first { $0 >= least && $0 % interval == 0 }
    return .milliseconds(fitting ?? (least + interval - 1) / interval * interval)
  }

  /// A stretch in parts, none of which asks for more points than a server gives.
  static func parts(of times: QueryTimes) -> [QueryTimes] {
    guard let step = times.step?.wholeMilliseconds, step > 0 else { return [times] }
    let width = Int64(queryPoints - 1) * step
    var parts: [QueryTimes] = []
    var start = times.start.millisecondsSinceEpoch
    while start <= times.end.millisecondsSinceEpoch {
      let end = min(start + width, times.end.millisecondsSinceEpoch)
      parts.append(
        QueryTimes(
          from: Timestamp(millisecondsSinceEpoch: start), through: Timestamp(millisecondsSinceEpoch: end),
          step: .milliseconds(step)))
      start = end + step
    }
    return parts
  }
}

/// How often and how long a rule would have fired, by the live evaluator's own state stepping through the past.
struct Backtest: Sendable {
  /// How often an alert began to fire.
  private(set) var firings = 0
  /// The time that alerts fired, summed over them; one that fires at the end counts up to there.
  private(set) var total = Duration.zero
  private(set) var longest = Duration.zero
  /// How often the condition began to hold.
  private(set) var activations = 0
  /// How many fire at the end.
  private(set) var firingAtEnd = 0
  /// One of each that fired, with how often.
  private(set) var fired: [AlertIdentity: (alert: Alert, firings: Int)] = [:]
  /// Why the rule would have failed, and how often: two alerts with the same labels, or more than its limit.
  private(set) var failure: String?
  private(set) var failures = 0
  let times: QueryTimes

  /// `series`: what the whole expression gave over `times`, with the group's offset taken off.
  ///
  /// Nothing is pending at the beginning.
  init(_ definition: GroupDefinition, rule index: Int, _ series: [SampleSeries], over times: QueryTimes) {
    self.times = times
    var spec = definition.spec
    spec.rules = [definition.spec.rules[index]]
    var group = RuleGroupState(
      GroupDefinition(
        id: definition.id, spec: spec, context: definition.context, file: definition.file,
        provenance: [definition.reference(index).provenance]))
    guard let step = times.step?.wholeMilliseconds, step > 0 else { return }
    var cursors = Array(repeating: 0, count: series.count)
    var instant = times.start
    let offset = definition.spec.queryOffset ?? .zero
    while instant <= times.end {
      let samples = Self.samples(of: series, at: instant - offset, &cursors)
      take(group.step(rule: 0, .success(QueryAnswer(samples: samples)), at: instant), at: instant)
      if case .failing(let failure, _) = group.rules[0].health {
        self.failure = self.failure ?? failure.description
        failures += 1
      }
      instant = instant + .milliseconds(step)
    }
    for alert in group.alerts where alert.state == .firing {
      firingAtEnd += 1
      end(of: alert, at: times.end)
    }
  }

  private static func samples(of series: [SampleSeries], at instant: Timestamp, _ cursors: inout [Int]) -> [QuerySample]
  {
    var samples: [QuerySample] = []
    for (position, one) in series.enumerated() {
      while cursors[position] < one.times.count, one.times[cursors[position]] < instant { cursors[position] += 1 }
      guard cursors[position] < one.times.count, one.times[cursors[position]] == instant else { continue }
      samples.append(QuerySample(one.labels, one.values[cursors[position]]))
    }
    return samples
  }

  private mutating func take(_ step: RuleStep, at now: Timestamp) {
    for transition in step.transitions {
      if transition.from == nil { activations += 1 }
      switch (transition.from, transition.alert.state) {
      case (nil, .firing), (.pending, .firing):
        firings += 1
        fired[AlertIdentity(transition.alert), default: (transition.alert, 0)].firings += 1
      case (.firing, .resolved): end(of: transition.alert, at: now)
      default: break
      }
    }
  }

  private mutating func end(of alert: Alert, at now: Timestamp) {
    guard let firedAt = alert.firedAt else { return }
    let length = now - firedAt
    total += length
    longest = max(longest, length)
  }
}
