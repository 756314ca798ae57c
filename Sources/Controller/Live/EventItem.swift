import Model
import StatusAPI
import Synchronization

/// One event as the hub keeps it: rendered when the first reader takes it, and then shared.
final class EventItem: Sendable {
  /// Who is told.
  enum Audience: Sendable {
    case scope(Scope)
    case everybody
    case some(@Sendable (Visibility) -> Bool)

    func includes(_ reader: Visibility) -> Bool {
      switch self {
      case .scope(let scope): reader.allows(scope)
      case .everybody: true
      case .some(let isConcerned): isConcerned(reader)
      }
    }
  }

  let kind: StatusEvent.Kind
  let at: Timestamp
  let audience: Audience
  private let render: @Sendable (_ seesAll: Bool) -> [UInt8]
  /// For who sees everything, and for others where that differs.
  private let rendered = Mutex<(whole: [UInt8]?, part: [UInt8]?)>((nil, nil))

  init(
    _ kind: StatusEvent.Kind, at: Timestamp, _ audience: Audience,
    render: @escaping @Sendable (_ seesAll: Bool) -> [UInt8]
  ) {
    self.kind = kind
    self.at = at
    self.audience = audience
    self.render = render
  }

  /// Its JSON, and how many bytes were rendered for that.
  func data(seesAll: Bool) -> (data: [UInt8], added: Int) {
    let isWhole = if case .everybody = audience { seesAll } else { true }
    if let known = rendered.withLock({ isWhole ? $0.whole : $0.part }) { return (known, 0) }
    let data = render(isWhole)
    return rendered.withLock { rendered in
      if let known = isWhole ? rendered.whole : rendered.part { return (known, 0) }
      if isWhole { rendered.whole = data } else { rendered.part = data }
      return (data, data.count)
    }
  }

  var renderedBytes: Int { rendered.withLock { ($0.whole?.count ?? 0) + ($0.part?.count ?? 0) } }

  /// Whose it is, as far as the reader may know: what is everybody's counts as one of its own scopes.
  func scope(for reader: Visibility) -> Scope {
    if case .scope(let scope) = audience { scope } else { reader.ownScope }
  }
}

extension Visibility {
  /// A scope that the reader may see.
  var ownScope: Scope {
    guard case .tenants(let tenants) = self, let tenant = tenants.min() else { return .platform }
    return .tenant(tenant)
  }
}

/// Makes numbers of events opaque: neither can a reader count what it isn't told, nor is an id of another process taken
/// for one of this.
struct EventIDs: Sendable {
  private let key = UInt64.random(in: 0 ... .max)

  func id(of number: UInt64) -> UInt64 {
    var (left, right) = (UInt32(number >> 32), UInt32(truncatingIfNeeded: number))
    for round in 0..<4 { (left, right) = (right, left ^ mixed(right, round)) }
    return UInt64(left) << 32 | UInt64(right)
  }

  /// The number of an id that this gave; any number for another.
  func number(of id: UInt64) -> UInt64 {
    var (left, right) = (UInt32(id >> 32), UInt32(truncatingIfNeeded: id))
    for round in (0..<4).reversed() { (left, right) = (right ^ mixed(left, round), left) }
    return UInt64(left) << 32 | UInt64(right)
  }

  /// A keyed hash (the standard library's is SipHash), the rounds of a Feistel network.
  private func mixed(_ half: UInt32, _ round: Int) -> UInt32 {
    var hasher = Hasher()
    hasher.combine(key)
    hasher.combine(round)
    hasher.combine(half)
    return UInt32(truncatingIfNeeded: hasher.finalize())
  }
}
