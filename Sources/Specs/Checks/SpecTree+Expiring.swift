package import Diagnostics
package import Model

extension SpecTree {
  /// Controls that have ended, and those that soon will: silences, approvals, `notify` and `sync` of a scope, signing
  /// keys. In reading order.
  ///
  /// `soon`: how long before its end a control is told of. Silences are told of after their end alone: that one ends
  /// soon is what they are for.
  package func expiring(at now: Timestamp, soon: Duration = .seconds(7 * 86_400)) -> [Diagnostic] {
    scopes.flatMap { resources(in: $0) }.flatMap { resource in
      resource.ends.compactMap { end in end.diagnostic(of: resource, at: now, soon: soon) }
    }.sorted()
  }
}

/// One control's end.
private struct ControlEnd {
  /// In a sentence: `the silence`.
  var what: String
  var until: Timestamp
  /// What is the case behind it.
  var then: String
  var fix: String
  var isToldAhead = true

  func diagnostic(of resource: Resource, at now: Timestamp, soon: Duration) -> Diagnostic? {
    if until <= now {
      return Diagnostic(.warning, "has-ended", "\(what) ended at \(until): \(then)", at: resource.span, fix: fix)
    }
    guard isToldAhead, until - now <= soon else { return nil }
    return Diagnostic(.warning, "ends-soon", "\(what) ends at \(until): then \(then)", at: resource.span, fix: fix)
  }
}

extension Resource {
  /// The ends that this resource names.
  fileprivate var ends: [ControlEnd] {
    switch spec {
    case .silence(let silence):
      guard let end = silence.endsAt ?? silence.startsAt.map({ silence.window(firstApplied: $0).end }) else {
        return []
      }
      return [
        ControlEnd(
          what: "the silence", until: end, then: "it silences nothing", fix: "remove it, or give it a new end",
          isToldAhead: false)
      ]
    case .approval(let approval):
      return [
        ControlEnd(
          what: "the Approval", until: approval.until, then: "it allows nothing",
          fix: "remove it, or renew it by a reviewed commit")
      ]
    case .platform(let settings), .tenant(let settings), .project(let settings):
      let notify = settings.notify == .send ? nil : settings.notifyUntil
      let sync = settings.sync == .auto ? nil : settings.syncUntil
      return [
        notify.map {
          ControlEnd(
            what: "'notify: \(settings.notify.rawValue)'", until: $0, then: "notifications are sent",
            fix: "remove 'notify' and 'notify_until', or set a later time")
        },
        sync.map {
          ControlEnd(
            what: "'sync: \(settings.sync.rawValue)'", until: $0, then: "commits are followed",
            fix: "remove 'sync' and 'sync_until', or set a later time")
        },
      ].compactMap(\.self)
    case .roleBinding(let binding):
      return binding.subjects.flatMap { subject -> [ControlEnd] in
        guard case .user(let email, let keys) = subject else { return [] }
        return keys.compactMap { key in
          key.validUntil.map {
            ControlEnd(
              what: "a signing key of \(email)", until: $0, then: "no new commit that it signs counts",
              fix: "add the next key, and keep this one for old commits")
          }
        }
      }
    case .dataSource, .ruleGroup, .route, .channel, .timeInterval, .inhibitRule, .template: return []
    }
  }
}
