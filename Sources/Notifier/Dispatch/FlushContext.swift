import Model
import Specs

/// The surroundings at one instant, with what is the same for all alerts of a scope worked out once.
struct FlushContext {
  let now: Timestamp
  let surroundings: Surroundings
  private var scopes: [Int: ScopeView] = [:]

  /// What one scope's alerts share.
  struct ScopeView {
    let scope: Scope
    let notify: ScopeSettings.Notify
    let silences: SilenceView
    /// Whether its notifications are bounded by the hour.
    let isLimited: Bool
  }

  init(now: Timestamp, surroundings: Surroundings) {
    self.now = now
    self.surroundings = surroundings
  }

  mutating func view(_ position: Int, of scope: Scope) -> ScopeView {
    if let known = scopes[position] { return known }
    let view = ScopeView(
      scope: scope, notify: surroundings.notify(in: scope, at: now), silences: surroundings.silences.view(of: scope),
      isLimited: !surroundings.hourlyLimits(of: scope).isEmpty)
    scopes[position] = view
    return view
  }

  func isSilenced(_ alert: AlertStore.Glimpse, _ view: ScopeView) -> Bool {
    !view.silences.isEmpty
      && view.silences.mutes(alert.labels, firingSince: alert.firingSince, at: now, zones: surroundings.zones)
  }
}

/// A group's alerts, sorted into what may be told and what may not.
struct FlushContents {
  /// What is told in the same way: really, or only observed.
  struct Part {
    var slots: [Int] = []
    var firing: [Fingerprint] = []
    var resolved: [Fingerprint] = []

    var isEmpty: Bool { slots.isEmpty }

    mutating func add(_ slot: Int, _ fingerprint: Fingerprint, isFiring: Bool) {
      slots.append(slot)
      if isFiring { firing.append(fingerprint) } else { resolved.append(fingerprint) }
    }

    mutating func sort() {
      firing.sort()
      resolved.sort()
    }
  }

  var sent = Part()
  var observed = Part()
  /// Alerts that are muted, by slot.
  var muted: [(slot: Int, fingerprint: Fingerprint, isFiring: Bool)] = []
  /// Scopes of alerts that fire and are to be told, where their notifications are bounded by the hour; by position.
  var limitedScopes: [Int] = []
  /// Resolved alerts of scopes that notify nobody.
  var dropped: [(slot: Int, fingerprint: Fingerprint)] = []
}
