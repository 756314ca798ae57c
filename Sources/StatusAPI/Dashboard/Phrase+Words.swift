import JSON
import Model

extension Phrase {
  func text(_ language: Language) -> String {
    language == .chinese ? texts.chinese : texts.english
  }

  /// The text with `{0}`, `{1}` replaced by `values`.
  func filled(_ language: Language, _ values: [String] = []) -> String {
    let text = text(language)
    guard !values.isEmpty else { return text }
    var filled = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      filled += rest[..<open]
      rest = rest[open...].dropFirst()
      let digit = rest.first.flatMap(\.wholeNumberValue)
      if let digit, values.indices.contains(digit) { filled += values[digit] }
      rest = rest.drop { $0 != "}" }.dropFirst()
    }
    return filled + rest
  }

  /// What scripts say, and the words they make rows of.
  private static let forScripts: [Phrase] = [
    .timeAgo, .timeAhead, .unitSeconds, .unitMinutes, .unitHours, .unitDays, .liveNow, .liveAgain, .liveStale,
    .shownOf, .loading, .firing, .pending, .silenced, .inhibited, .muted, .unrouted, .critical, .errorLevel,
    .warningLevel, .infoLevel, .otherLevel, .noGroup, .nothingFits, .nothingFires, .tokenRefused, .serverSilent,
    .waiting,
  ]

  /// The texts of scripts as a JSON object.
  static func scriptTexts(_ language: Language) -> String {
    var writer = JSONWriter(capacity: 1024)
    writer.object {
      for phrase in forScripts { $0.member(phrase.rawValue, phrase.text(language)) }
    }
    return writer.text
  }

  init(_ status: SyncStatus) {
    switch status {
    case .synced: self = .synced
    case .progressing: self = .progressing
    case .partial: self = .partial
    case .held: self = .held
    case .outOfSync: self = .outOfSync
    case .suspended: self = .suspended
    case .unknown: self = .unknown
    }
  }

  init(_ status: HealthStatus) {
    switch status {
    case .healthy: self = .healthy
    case .progressing: self = .progressing
    case .degraded: self = .degraded
    case .suspended: self = .suspended
    case .unknown: self = .unknown
    }
  }

  init(_ reason: HeldReason) {
    switch reason {
    case .validationFailed: self = .validationFailed
    case .notAuthorised: self = .notAuthorised
    case .guardTripped: self = .guardTripped
    case .historyRewritten: self = .historyRewritten
    case .stillReferenced: self = .stillReferenced
    case .dependencyHeld: self = .dependencyHeld
    }
  }

  init(_ state: AlertState) {
    switch state {
    case .pending: self = .pending
    case .firing: self = .firing
    case .resolved: self = .resolved
    }
  }

  init(_ outcome: DeliveryRecord.Outcome) {
    switch outcome {
    case .delivered: self = .delivered
    case .rejected: self = .rejected
    case .throttled: self = .throttled
    case .unreachable: self = .notReached
    case .observed: self = .observed
    case .held: self = .heldBack
    }
  }

  init(_ state: SilenceView.State) {
    switch state {
    case .active: self = .silenceActive
    case .pending: self = .silencePending
    case .expired: self = .silenceExpired
    }
  }

  init(_ trigger: SyncTrigger) {
    switch trigger {
    case .startup: self = .triggerStartup
    case .poll: self = .triggerPoll
    case .webhook: self = .triggerWebhook
    case .signal: self = .triggerSignal
    case .retry: self = .triggerRetry
    }
  }
}
