package import Model
package import Specs

/// One silence, with everything it needs to say whether it is in force.
package struct Silence: Hashable, Sendable {
  /// Where a silence stands; the raw values are Alertmanager's words.
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Before its start, or, for recurring work, between two occurrences.
    case pending
    case active
    case expired
  }

  /// Its scope decides which alerts it concerns: platform all, a tenant those of its projects too, a project its own.
  package var id: ResourceID
  package var matchers: [Matcher]
  package var startsAt: Timestamp
  package var endsAt: Timestamp
  /// In force only while this contains the time; `nil`: throughout.
  package var recurrence: TimeIntervalSpec?
  package var comment: String
  /// An acknowledgement: it mutes what fires since its start or longer, until that resolves. The resolution is told,
  /// and so is what fires later.
  package var untilResolved: Bool

  package init(
    id: ResourceID, matchers: [Matcher], startsAt: Timestamp, endsAt: Timestamp, recurrence: TimeIntervalSpec? = nil,
    comment: String, untilResolved: Bool = false
  ) {
    self.id = id
    self.matchers = matchers
    self.startsAt = startsAt
    self.endsAt = endsAt
    self.recurrence = recurrence
    self.comment = comment
    self.untilResolved = untilResolved
  }

  /// Whether it is about an alert that its matchers accept; `firingSince`: `nil` for one that has resolved.
  package func concerns(firingSince: Timestamp?) -> Bool {
    guard untilResolved else { return true }
    return firingSince.map { $0 <= startsAt } ?? false
  }

  /// Where it stands at `now`; both ends belong to it.
  package func state(at now: Timestamp, in zones: Zones) -> State {
    if now < startsAt { return .pending }
    if now > endsAt { return .expired }
    guard let recurrence else { return .active }
    return recurrence.contains(now, in: zones) ? .active : .pending
  }
}

/// All silences by scope, and which of them mute a label set.
package struct SilenceSet: Sendable {
  private var byScope: [Scope: ScopedSilences] = [:]

  package init(_ silences: some Sequence<Silence> = []) {
    for (scope, silences) in Dictionary(grouping: silences, by: \.id.scope) {
      byScope[scope] = ScopedSilences(silences)
    }
  }

  /// Every silence, by id.
  package var all: [Silence] { byScope.values.flatMap(\.silences).sorted { $0.id < $1.id } }

  package subscript(id: ResourceID) -> Silence? { byScope[id.scope]?.silences.first { $0.id == id } }

  /// Puts silences in place of those with the same ids, and takes others away.
  package mutating func apply(setting: [Silence], removing: [ResourceID]) {
    var changes: [Scope: (set: [Silence], gone: Set<ResourceID>)] = [:]
    for silence in setting {
      changes[silence.id.scope, default: ([], [])].set.append(silence)
      changes[silence.id.scope, default: ([], [])].gone.insert(silence.id)
    }
    for id in removing { changes[id.scope, default: ([], [])].gone.insert(id) }
    for (scope, change) in changes {
      let kept = (byScope[scope]?.silences ?? []).filter { !change.gone.contains($0.id) }
      let silences = kept + change.set
      byScope[scope] = silences.isEmpty ? nil : ScopedSilences(silences)
    }
  }

  /// The silences in force at `now` for an alert of `scope`, nearest scope first.
  ///
  /// `firingSince`: when the alert began to fire; `nil` once it has resolved.
  package func muting(
    _ labels: Labels, firingSince: Timestamp?, in scope: Scope, at now: Timestamp, zones: Zones
  ) -> [ResourceID] {
    view(of: scope).muting(labels, firingSince: firingSince, at: now, zones: zones)
  }

  /// The part that concerns one scope, to be asked many times.
  func view(of scope: Scope) -> SilenceView {
    SilenceView(parts: scope.lineage.compactMap { byScope[$0] })
  }
}

/// The silences that concern one scope.
struct SilenceView: Sendable {
  fileprivate let parts: [ScopedSilences]

  var isEmpty: Bool { parts.isEmpty }

  func muting(_ labels: Labels, firingSince: Timestamp?, at now: Timestamp, zones: Zones) -> [ResourceID] {
    var muting: [ResourceID] = []
    for part in parts {
      part.index.forEachAccepting(labels) { position in
        let silence = part.silences[position]
        if silence.concerns(firingSince: firingSince), silence.state(at: now, in: zones) == .active {
          muting.append(silence.id)
        }
        return true
      }
    }
    return muting
  }

  /// The silences that are about an alert, in force or not.
  func matching(_ labels: Labels, firingSince: Timestamp?) -> [ResourceID] {
    parts.flatMap { part in
      part.index.accepting(labels).map { part.silences[$0] }.filter { $0.concerns(firingSince: firingSince) }.map(\.id)
    }
  }

  func mutes(_ labels: Labels, firingSince: Timestamp?, at now: Timestamp, zones: Zones) -> Bool {
    for part in parts {
      var isMuted = false
      part.index.forEachAccepting(labels) { position in
        isMuted =
          part.silences[position].concerns(firingSince: firingSince)
          && part.silences[position].state(at: now, in: zones) == .active
        return !isMuted
      }
      if isMuted { return true }
    }
    return false
  }
}

/// The silences of one scope with their index.
private struct ScopedSilences: Sendable {
  let silences: [Silence]
  let index: MatcherIndex

  init(_ silences: [Silence]) {
    self.silences = silences.sorted { $0.id < $1.id }
    index = MatcherIndex(self.silences.map(\.matchers))
  }
}
