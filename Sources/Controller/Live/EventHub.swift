import Model
import StatusAPI
import Synchronization

/// The last events, from which each reader of the stream takes what it may see at its own pace.
///
/// Nobody is handed anything: a reader holds a number, and what it doesn't take in time is gone. So a slow one costs
/// nothing, and is told that events were lost by the end of its stream.
final class EventHub: Sendable {
  fileprivate struct State {
    /// Event `n` stands at `n % capacity`.
    var ring: [EventItem?]
    /// The number of the oldest event that is kept, and that of the next.
    var first: UInt64 = 1
    var next: UInt64 = 1
    var bytes = 0
    var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
    var lastWaiting: UInt64 = 0
    var readers = 0
  }

  private let state: Mutex<State>
  private let ids = EventIDs()
  private let capacity: Int
  private let byteLimit: Int

  /// `capacity`: how many events are kept; a storm of so many at once doesn't cost a reader its stream.
  /// `byteLimit`: how many bytes of rendered events.
  init(capacity: Int = 16_384, byteLimit: Int = 16 << 20) {
    self.capacity = capacity
    self.byteLimit = byteLimit
    state = Mutex(State(ring: Array(repeating: nil, count: capacity)))
  }

  /// Whether anybody reads the stream.
  var hasReaders: Bool { state.withLock { $0.readers > 0 } }

  // MARK: In

  func publish(_ transitions: [AlertTransition]) {
    publish(
      transitions.map { transition in
        EventItem(.alert, at: transition.at, .scope(transition.alert.scope)) { _ in StatusEvent.data(transition) }
      })
  }

  func publish(_ deliveries: [DeliveryRecord]) {
    publish(
      deliveries.map { delivery in
        EventItem(.delivery, at: delivery.finishedAt, .scope(delivery.owner)) { _ in StatusEvent.data(delivery) }
      })
  }

  /// A sync is told to everybody; how much it changed only to those who see everything.
  func publish(_ sync: SyncRecord) {
    publish([
      EventItem(.sync, at: sync.finishedAt, .everybody) { seesAll in
        StatusEvent.data(SyncView(record: seesAll ? sync : sync.redacted))
      }
    ])
  }

  /// Documents changed for these readers.
  func publishChange(for isConcerned: @escaping @Sendable (Visibility) -> Bool, at now: Timestamp) {
    publish([EventItem(.status, at: now, .some(isConcerned)) { _ in StatusEvent.statusData(lost: false) }])
  }

  private func publish(_ items: [EventItem]) {
    guard !items.isEmpty else { return }
    let waiting = state.withLock { state in
      for item in items {
        if state.next - state.first == UInt64(capacity) { state.dropOldest(capacity) }
        state.ring[Int(state.next % UInt64(capacity))] = item
        state.next += 1
      }
      defer { state.waiting = [:] }
      return state.waiting.values
    }
    for reader in waiting { reader.resume() }
  }

  // MARK: Out

  /// The events after the one named `last`, as far as they are kept, and then those to come.
  func events(after last: UInt64?, for reader: Visibility, at now: Timestamp) -> AsyncStream<StatusEvent> {
    let (place, hasLost) = state.withLock { state in
      state.readers += 1
      guard let last else { return (state.next, false) }
      let number = ids.number(of: last)
      guard number < state.next, number + 1 >= state.first else { return (state.next, true) }
      return (number + 1, false)
    }
    let subscription = Subscription(self, reader, from: place, lostAt: hasLost ? now : nil)
    return AsyncStream { await subscription.next() }
  }

  /// What comes at or behind `place` and the reader may see; `nil` when that isn't kept any more, or the task is
  /// cancelled.
  fileprivate func next(from place: UInt64, for reader: Visibility) async -> (event: StatusEvent, place: UInt64)? {
    var place = place
    while !Task.isCancelled {
      let found = state.withLock { state -> Found in
        guard place >= state.first else { return .gone }
        while place < state.next {
          let item = state.ring[Int(place % UInt64(capacity))]
          if let item, item.audience.includes(reader) { return .item(item, place) }
          place += 1
        }
        return .nothing
      }
      switch found {
      case .gone: return nil
      case .nothing: await more(than: place)
      case .item(let item, let place):
        let (data, added) = item.data(seesAll: reader == .all)
        if added > 0 { grow(by: added) }
        let event = StatusEvent(
          id: ids.id(of: place), kind: item.kind, at: item.at, scope: item.scope(for: reader), data: data)
        return (event, place + 1)
      }
    }
    return nil
  }

  private enum Found {
    case item(EventItem, UInt64)
    case nothing, gone
  }

  private func grow(by bytes: Int) {
    state.withLock { state in
      state.bytes += bytes
      while state.bytes > byteLimit, state.next - state.first > 1 { state.dropOldest(capacity) }
    }
  }

  /// Waits until there is an event of number `place`, or the task is cancelled.
  private func more(than place: UInt64) async {
    let ticket = state.withLock { state in
      state.lastWaiting += 1
      return state.lastWaiting
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isThere = state.withLock { state in
          if state.next > place || Task.isCancelled { return true }
          state.waiting[ticket] = continuation
          return false
        }
        if isThere { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume()
    }
  }

  fileprivate func left() { state.withLock { $0.readers -= 1 } }
}

extension EventHub.State {
  fileprivate mutating func dropOldest(_ capacity: Int) {
    let place = Int(first % UInt64(capacity))
    bytes -= ring[place]?.renderedBytes ?? 0
    ring[place] = nil
    first += 1
  }
}

/// One reader's place in the stream.
private final class Subscription: Sendable {
  private let hub: EventHub
  private let reader: Visibility
  /// `lostAt`: since when it isn't told yet that events were lost.
  private let state: Mutex<(place: UInt64, lostAt: Timestamp?)>

  init(_ hub: EventHub, _ reader: Visibility, from place: UInt64, lostAt: Timestamp?) {
    self.hub = hub
    self.reader = reader
    state = Mutex((place, lostAt))
  }

  deinit { hub.left() }

  func next() async -> StatusEvent? {
    let (place, lostAt) = state.withLock { state in
      defer { state.lostAt = nil }
      return (state.place, state.lostAt)
    }
    if let lostAt {
      return StatusEvent(
        id: hub.id(before: place), kind: .status, at: lostAt, scope: reader.ownScope,
        data: StatusEvent.statusData(lost: true))
    }
    guard let (event, next) = await hub.next(from: place, for: reader) else { return nil }
    state.withLock { $0.place = next }
    return event
  }
}

extension EventHub {
  /// The id that leads to the event of number `place` and those behind it.
  fileprivate func id(before place: UInt64) -> UInt64 { ids.id(of: place - 1) }
}
