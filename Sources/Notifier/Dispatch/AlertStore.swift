import Model

/// The alerts of one dispatcher: each label set of a scope once, with the groups it is in.
struct AlertStore: Sendable {
  /// One alert and what is known of it.
  struct Slot: Sendable {
    var alert: Alert
    /// The same labels from further rules: it fires until all of them have resolved.
    var others: [Alert] = []
    var scope: Int
    /// Positions of its groups.
    var groups: [Int] = []
    /// Another number after each change; no two alerts of a dispatcher ever have the same.
    var version: UInt64
  }

  private struct Key: Hashable {
    let fingerprint: UInt64
    let scope: Int
  }

  private(set) var slots: [Slot?] = []
  private(set) var count = 0
  /// How many of them have ended and stand beside one with the same labels that came later.
  private(set) var endCount = 0
  private var free: [Int] = []
  private var positions: [Key: Int] = [:]
  /// The scopes seen so far; a slot names its scope by the position here.
  private(set) var scopes: [Scope] = []
  private var scopePositions: [Scope: Int] = [:]
  private var lastScope = -1
  private var lastVersion: UInt64 = 0

  /// The position of a scope, given one if it has none.
  mutating func position(of scope: Scope) -> Int {
    // Batches come scope by scope.
    if lastScope >= 0, scopes[lastScope] == scope { return lastScope }
    if let known = scopePositions[scope] {
      lastScope = known
    } else {
      lastScope = scopes.count
      scopePositions[scope] = lastScope
      scopes.append(scope)
    }
    return lastScope
  }

  mutating func find(_ alert: Alert) -> Int? {
    positions[Key(fingerprint: alert.fingerprint.value, scope: position(of: alert.scope))]
  }

  mutating func insert(_ alert: Alert) -> Int {
    let scope = position(of: alert.scope)
    lastVersion += 1
    let position = place(Slot(alert: alert, scope: scope, version: lastVersion))
    positions[Key(fingerprint: alert.fingerprint.value, scope: scope)] = position
    count += 1
    return position
  }

  /// Puts in an alert that has ended beside one with its labels that fires again: it is only found by its position.
  mutating func insertEnded(_ alert: Alert) -> Int {
    lastVersion += 1
    let slot = Slot(alert: alert, scope: position(of: alert.scope), version: lastVersion)
    count += 1
    endCount += 1
    return place(slot)
  }

  private mutating func place(_ slot: Slot) -> Int {
    let position = free.popLast() ?? slots.count
    if position == slots.count { slots.append(slot) } else { slots[position] = slot }
    return position
  }

  mutating func remove(_ position: Int) {
    guard let slot = slots[position] else { return }
    let key = Key(fingerprint: slot.alert.fingerprint.value, scope: slot.scope)
    if positions[key] == position { positions[key] = nil } else { endCount -= 1 }
    slots[position] = nil
    free.append(position)
    count -= 1
  }

  /// A rule says that the alert at `position` fires.
  mutating func fire(_ position: Int, _ alert: Alert) -> Slot.Effect {
    lastVersion += 1
    return slots[position]?.fire(alert, version: lastVersion) ?? .none
  }

  /// A rule says that the alert at `position` fires no longer.
  mutating func resolve(_ position: Int, _ alert: Alert) -> Slot.Effect {
    lastVersion += 1
    return slots[position]?.resolve(alert, version: lastVersion) ?? .none
  }

  subscript(position: Int) -> Slot? {
    _read { yield slots[position] }
    _modify { yield &slots[position] }
  }

  /// What a flush needs of an alert: a slot is large, and isn't copied for it.
  func glimpse(_ position: Int) -> Glimpse? {
    guard let scope = slots[position]?.scope, let labels = slots[position]?.alert.labels,
      let fingerprint = slots[position]?.alert.fingerprint
    else { return nil }
    return Glimpse(
      labels: labels, fingerprint: fingerprint, scope: scope, isFiring: slots[position]?.alert.state == .firing,
      firedAt: slots[position]?.alert.firedAt)
  }

  /// A part of one alert.
  struct Glimpse {
    let labels: Labels
    let fingerprint: Fingerprint
    let scope: Int
    let isFiring: Bool
    let firedAt: Timestamp?

    /// `nil` once it has resolved.
    var firingSince: Timestamp? { isFiring ? firedAt : nil }
  }

  /// The positions of all alerts, ascending.
  var occupied: [Int] { slots.indices.filter { slots[$0] != nil } }

  /// Whether the alert at a position is the one that is found by its labels.
  func isCurrent(_ position: Int) -> Bool {
    guard let scope = slots[position]?.scope, let fingerprint = slots[position]?.alert.fingerprint else { return false }
    return positions[Key(fingerprint: fingerprint.value, scope: scope)] == position
  }

  /// The positions of alerts with a fingerprint, whatever their scope.
  func positions(of fingerprint: Fingerprint) -> [Int] {
    scopes.indices.compactMap { positions[Key(fingerprint: fingerprint.value, scope: $0)] }
  }
}

extension AlertStore.Slot {
  /// What a change of a source does to the alert.
  enum Effect {
    case none, changed, fired, resolved
  }

  var isFiring: Bool { alert.state == .firing }

  /// A rule says that the alert fires.
  fileprivate mutating func fire(_ new: Alert, version: UInt64) -> Effect {
    self.version = version
    if alert.state != .firing {
      alert = new
      return .fired
    }
    if alert.rule.isSame(as: new.rule) {
      alert = new
    } else if let index = others.firstIndex(where: { $0.rule.isSame(as: new.rule) }) {
      others[index] = new
    } else {
      others.append(new)
    }
    return .changed
  }

  /// A rule says that it fires no longer.
  ///
  /// A rule that isn't known as a source was moved or renamed meanwhile: it then speaks for the first source.
  fileprivate mutating func resolve(_ new: Alert, version: UInt64) -> Effect {
    guard alert.state == .firing else { return .none }
    self.version = version
    if !others.isEmpty {
      if let index = others.firstIndex(where: { $0.rule.isSame(as: new.rule) }) {
        others.remove(at: index)
      } else {
        alert = others.removeFirst()
      }
      return .changed
    }
    alert = new
    return .resolved
  }
}

extension RuleReference {
  /// Whether both name the same rule, wherever it is written.
  fileprivate func isSame(as other: RuleReference) -> Bool { rule == other.rule && group == other.group }
}
