import Synchronization

/// Counts the connections, all together and by address.
final class Connections: Sendable {
  /// What a connection may do.
  enum Admission: Hashable, Sendable {
    /// Ask for anything.
    case regular
    /// Ask a probe; anything else is told to come back later.
    case spare
    /// Nothing: it is closed.
    case refused
  }

  /// How many connections beyond the limit are taken, so that probes go on being answered.
  static let spares = 32

  private struct State {
    var regular = 0
    var spare = 0
    var addresses: [RemoteAddress: Int] = [:]
  }

  private let limit: Int
  private let limitPerAddress: Int
  private let state = Mutex(State())

  init(limit: Int, limitPerAddress: Int) {
    self.limit = limit
    self.limitPerAddress = limitPerAddress
  }

  /// Counts a connection, unless it is refused; ``leave(_:from:)`` is called when it ends.
  func admit(_ address: RemoteAddress) -> Admission {
    state.withLock { state in
      if state.regular < limit, state.addresses[address, default: 0] < limitPerAddress {
        state.regular += 1
        state.addresses[address, default: 0] += 1
        return .regular
      }
      guard state.spare < Self.spares else { return .refused }
      state.spare += 1
      return .spare
    }
  }

  func leave(_ admission: Admission, from address: RemoteAddress) {
    state.withLock { state in
      switch admission {
      case .regular:
        state.regular -= 1
        let left = (state.addresses[address] ?? 1) - 1
        state.addresses[address] = left > 0 ? left : nil
      case .spare: state.spare -= 1
      case .refused: break
      }
    }
  }
}
