import Model
import Synchronization

/// What became of a message for one number.
enum SMSFate {
  case taken(id: String)
  /// `isSettled`: nothing can be gained for this number by trying again.
  case failed(DeliveryError, isSettled: Bool)

  /// `known`: what became of it before. What may have arrived is tried again once.
  init(_ error: DeliveryError, after known: SMSFate?) {
    let isSettled =
      switch (error, known) {
      case (.rejected, _), (.ambiguous, .failed(.ambiguous, _)?): true
      default: false
      }
    self = .failed(error, isSettled: isSettled)
  }

  var isSettled: Bool {
    switch self {
    case .taken: true
    case .failed(_, let isSettled): isSettled
    }
  }
}

/// What became of the messages that are tried again for some of the numbers, so that the others don't get them twice.
/// It is gone after a restart or a change of the channel.
final class SMSMemory: Sendable {
  private struct Entry {
    let since: Timestamp
    var fates: [String: SMSFate] = [:]
  }

  private struct State {
    var entries: [String: Entry] = [:]
    /// Their keys, the oldest first.
    var order: [String] = []
  }

  /// A channel has far fewer messages under way.
  private static let limit = 200

  private let state = Mutex(State())

  /// `nil` unless the number had each message of the post.
  func fate(of post: Post, for number: String) -> SMSFate? {
    state.withLock { state in
      let fates = post.messages.map { state.entries[$0.deliveryID]?.fates[number] }
      return fates.contains { $0 == nil } ? nil : fates.compactMap { $0 }.first
    }
  }

  func note(_ fate: SMSFate, of post: Post, for number: String) {
    state.withLock { state in
      for message in post.messages { state.entries[message.deliveryID]?.fates[number] = fate }
    }
  }

  /// Whether there is time to try again: a half of what a message may wait for its destination, so that it ends as one
  /// that was taken by some, and not as one that nobody has and that all are sent anew. Time counts from the first call.
  func hasTime(for post: Post, at now: Timestamp) -> Bool {
    state.withLock { state in
      var hasTime = true
      for message in post.messages {
        let key = message.deliveryID
        guard let entry = state.entries[key] else {
          state.entries[key] = Entry(since: now)
          state.order.append(key)
          continue
        }
        if now - entry.since >= max(message.groupInterval, .seconds(10)) / 2 { hasTime = false }
      }
      while state.order.count > Self.limit { state.entries[state.order.removeFirst()] = nil }
      return hasTime
    }
  }

  func forget(_ post: Post) {
    let keys = Set(post.messages.map(\.deliveryID))
    state.withLock { state in
      for key in keys { state.entries[key] = nil }
      state.order.removeAll { keys.contains($0) }
    }
  }
}
