import Model
import StatusAPI

/// What will happen to an alert, worked out from how it stands: a value, so that every situation can be tried.
struct NextSteps {
  /// The rule's own times; `nil` where the rule is gone.
  struct Rule {
    var hold: Duration
    var keepFiringFor: Duration
    var interval: Duration
    var lastEvaluationAt: Timestamp?
  }

  /// One group that the alert is in.
  struct Group {
    var nextFlush: Timestamp
    var groupInterval: Duration
    var repeatInterval: Duration
    var isMuted: Bool
    var mutedBy: [ResourceID]
    var hold: NotificationGroupView.Hold?
    var channels: [Channel]
  }

  /// What a channel knows of the group.
  struct Channel {
    var id: ResourceID
    var lastSentAt: Timestamp?
    var wasTold: Bool
    var isUnderWay: Bool
  }

  let now: Timestamp
  let alert: Alert
  var rule: Rule?
  var groups: [Group] = []
  /// Those that match and are the reader's to see.
  var silences: [SilenceView] = []
  var inhibitions: [InhibitionView] = []
  /// Newest first.
  var deliveries: [DeliveryRecord] = []
  var isRouted = true

  /// Soonest first; what has no time last.
  var steps: [NextStepView] {
    let all = ownSteps + groups.flatMap(steps) + silenceSteps + inhibitionSteps + retries + missingRoute
    return all.enumerated().sorted { left, right in
      switch (left.element.at, right.element.at) {
      case (let first?, let second?) where first != second: first < second
      case (.some, nil): true
      case (nil, .some): false
      default: left.offset < right.offset
      }
    }.map(\.element)
  }

  // MARK: The alert itself

  private var ownSteps: [NextStepView] {
    guard let rule else { return [] }
    switch alert.state {
    case .pending:
      let due = evaluation(notBefore: alert.activeAt + rule.hold, rule)
      let hold = rule.hold > .zero ? " (for: \(rule.hold.prometheus))" : ""
      return [NextStepView(at: due, what: .fires, why: "fires unless the condition ends before\(hold)")]
    case .firing:
      guard let since = alert.keepFiringSince else {
        let keeping =
          rule.keepFiringFor > .zero ? ", and \(rule.keepFiringFor.prometheus) more (keep_firing_for)" : ""
        return [NextStepView(at: nil, what: .resolves, why: "fires for as long as the condition holds\(keeping)")]
      }
      return [
        NextStepView(
          at: evaluation(notBefore: since + rule.keepFiringFor, rule), what: .resolves,
          why: "the condition ended at \(since); resolves unless it holds again before "
            + "(keep_firing_for: \(rule.keepFiringFor.prometheus))")
      ]
    case .resolved: return []
    }
  }

  /// The first evaluation at an instant or later.
  private func evaluation(notBefore due: Timestamp, _ rule: Rule) -> Timestamp {
    let due = max(due, now)
    guard let last = rule.lastEvaluationAt, rule.interval > .zero, due > last else { return due }
    let interval = rule.interval.wholeMilliseconds
    let rest = last.duration(to: due).wholeMilliseconds
    return last + .milliseconds((rest + interval - 1) / interval * interval)
  }

  // MARK: Groups

  private func steps(of group: Group) -> [NextStepView] {
    var steps: [NextStepView] = []
    let isFiring = alert.state == .firing
    let waiting = group.channels.filter { isFiring ? !$0.wasTold : $0.wasTold }
    let names = waiting.map(\.id.text).joined(separator: ", ")
    if let hold = group.hold {
      let why = "\(hold.reason) keeps it back until then; then it is told if it still fires"
      steps.append(NextStepView(at: hold.until, what: .holdEnds, why: why))
    }
    if group.nextFlush >= now || !waiting.isEmpty {
      let why =
        if !group.mutedBy.isEmpty || group.isMuted {
          "its group is looked through; nothing is told of it while it is muted"
        } else if waiting.isEmpty {
          "its group is looked through; it has been told, so only what changed is told"
        } else if isFiring {
          "its group is looked through and it is told to \(names)"
        } else {
          "its group is looked through and its end is told to \(names)"
        }
      steps.append(NextStepView(at: group.nextFlush, what: .flush, why: why))
    }
    for interval in group.mutedBy {
      let why = "the time interval '\(interval.name)' mutes its route; it is told at the first flush after that"
      steps.append(NextStepView(at: nil, what: .waits, why: why))
    }
    for channel in group.channels { steps += self.steps(of: channel, in: group) }
    return steps
  }

  private func steps(of channel: Channel, in group: Group) -> [NextStepView] {
    if channel.isUnderWay {
      return [
        NextStepView(
          at: nil, what: .waits, why: "a message to \(channel.id.text) is on its way", channel: channel.id)
      ]
    }
    guard alert.state == .firing, channel.wasTold, !group.isMuted, let sent = channel.lastSentAt else { return [] }
    let why =
      "told again to \(channel.id.text) if nothing changes (repeat_interval: \(group.repeatInterval.prometheus))"
    return [
      NextStepView(at: flush(after: sent + group.repeatInterval, group), what: .repeat, why: why, channel: channel.id)
    ]
  }

  /// The first flush later than an instant.
  private func flush(after due: Timestamp, _ group: Group) -> Timestamp {
    guard group.nextFlush <= due, group.groupInterval > .zero else { return group.nextFlush }
    let interval = group.groupInterval.wholeMilliseconds
    let rest = group.nextFlush.duration(to: due).wholeMilliseconds
    return group.nextFlush + .milliseconds((rest / interval + 1) * interval)
  }

  // MARK: What mutes it

  private var silenceSteps: [NextStepView] {
    guard alert.state != .resolved else { return [] }
    return silences.compactMap { silence in
      let name = "silence '\(silence.name)'"
      switch silence.state {
      case .expired: return nil
      case .active:
        guard !silence.untilResolved || alert.firedAt.map({ $0 <= silence.startsAt }) ?? false else { return nil }
        let until =
          silence.untilResolved ? "acknowledged until it resolves; \(name) ends at the latest then" : "\(name) ends"
        return NextStepView(
          at: silence.endsAt, what: .silenceEnds, why: until + ", and it is told at the first flush after that")
      case .pending:
        if silence.startsAt >= now {
          return NextStepView(at: silence.startsAt, what: .silenceBegins, why: "\(name) begins to mute it")
        }
        let interval = silence.timeInterval.map { " '\($0)'" } ?? ""
        return NextStepView(
          at: nil, what: .waits, why: "\(name) mutes it whenever its time interval\(interval) contains the time")
      }
    }
  }

  private var inhibitionSteps: [NextStepView] {
    inhibitions.map { inhibition in
      let source = inhibition.source.map { "alert \($0)" } ?? "another alert"
      let why = "told at the first flush after \(source) stops firing (inhibit rule '\(inhibition.rule.name)')"
      return NextStepView(at: nil, what: .waits, why: why)
    }
  }

  // MARK: Deliveries

  /// Of each channel and group, the newest attempt says whether there will be another.
  private var retries: [NextStepView] {
    var seen: Set<[String]> = []
    return deliveries.compactMap { delivery in
      guard seen.insert([delivery.channel.text, delivery.groupKey, String(delivery.endpoint)]).inserted else {
        return nil
      }
      switch delivery.outcome {
      case .delivered, .observed, .held: return nil
      case .rejected, .throttled, .unreachable:
        guard let next = delivery.nextAttemptAt, next >= now else { return nil }
        let why =
          "try \(delivery.attempt + 1) to \(delivery.channel.text), the one before having failed: \(delivery.detail)"
        return NextStepView(at: next, what: .retry, why: why, channel: delivery.channel)
      }
    }
  }

  private var missingRoute: [NextStepView] {
    guard !isRouted, alert.state != .resolved else { return [] }
    return [NextStepView(at: nil, what: .waits, why: "no route takes it, so nobody is told")]
  }
}

extension ResourceID {
  /// `shop/oncall`, and of the platform the name alone.
  fileprivate var text: String { scope == .platform ? name : "\(scope)/\(name)" }
}
