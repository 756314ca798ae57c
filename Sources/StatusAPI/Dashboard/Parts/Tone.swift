import Model
import Diagnostics

/// How urgent a word is: its colour and the shape beside it, since colour alone tells nothing to many.
enum Tone: String, CaseIterable {
  case good, busy, warning, bad, neutral, info

  var icon: Icon {
    switch self {
    case .good: .good
    case .busy: .busy
    case .warning: .warning
    case .bad: .bad
    case .neutral: .neutral
    case .info: .info
    }
  }

  init(_ status: SyncStatus) {
    switch status {
    case .synced: self = .good
    case .progressing, .outOfSync: self = .busy
    case .partial: self = .warning
    case .held: self = .bad
    case .suspended, .unknown: self = .neutral
    }
  }

  init(_ status: HealthStatus) {
    switch status {
    case .healthy: self = .good
    case .progressing: self = .busy
    case .degraded: self = .bad
    case .suspended, .unknown: self = .neutral
    }
  }

  init(_ outcome: DeliveryRecord.Outcome) {
    switch outcome {
    case .delivered: self = .good
    case .observed, .held: self = .neutral
    case .throttled: self = .warning
    case .rejected, .unreachable: self = .bad
    }
  }

  init(_ state: AlertState) {
    switch state {
    case .firing: self = .bad
    case .pending: self = .warning
    case .resolved: self = .good
    }
  }

  init(_ state: SilenceView.State) {
    switch state {
    case .active: self = .info
    case .pending: self = .busy
    case .expired: self = .neutral
    }
  }

  init(_ severity: Diagnostic.Severity) {
    switch severity {
    case .error: self = .bad
    case .warning: self = .warning
    }
  }
}

/// How grave an alert is, by its label `severity`.
enum Gravity: String, CaseIterable, Hashable, Sendable {
  case critical, error, warning, info, other

  init(_ labels: Labels) {
    let name = labels["severity"]
    switch SeverityScale.standard.level(of: name) {
    case .critical: self = .critical
    case .error: self = .error
    case .warning: self = .warning
    case .info: self = .info
    case nil: self = .other
    }
  }

  /// 0 for the gravest.
  var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  var phrase: Phrase {
    switch self {
    case .critical: .critical
    case .error: .errorLevel
    case .warning: .warningLevel
    case .info: .infoLevel
    case .other: .otherLevel
    }
  }

  var icon: Icon {
    switch self {
    case .critical, .error: .bad
    case .warning: .warning
    case .info: .info
    case .other: .neutral
    }
  }
}
