import Synchronization

/// Counts the open streams of events.
final class OpenStreams: Sendable {
  /// Why a stream isn't opened.
  enum Refusal: Error, Hashable {
    case tooMany
    case tooManyOfReader
  }

  private struct State {
    var all = 0
    var readers: [ReaderKey: Int] = [:]
  }

  private let limit: Int
  private let limitPerReader: Int
  private let state = Mutex(State())

  init(limit: Int, limitPerReader: Int) {
    self.limit = limit
    self.limitPerReader = limitPerReader
  }

  /// Counts one more; it is counted until the place is let go of.
  func open(for reader: ReaderKey) throws(Refusal) -> Place {
    let refusal: Refusal? = state.withLock { state in
      guard state.all < limit else { return .tooMany }
      guard state.readers[reader, default: 0] < limitPerReader else { return .tooManyOfReader }
      state.all += 1
      state.readers[reader, default: 0] += 1
      return nil
    }
    if let refusal { throw refusal }
    return Place(of: reader, in: self)
  }

  /// How many are open.
  var count: Int { state.withLock { $0.all } }

  /// A place among the open streams. It is given back when nothing holds it any more, so that a stream whose answer is
  /// never written costs nothing for long.
  final class Place: Sendable {
    private let reader: ReaderKey
    private let streams: OpenStreams

    fileprivate init(of reader: ReaderKey, in streams: OpenStreams) {
      self.reader = reader
      self.streams = streams
    }

    deinit {
      streams.state.withLock { state in
        state.all -= 1
        let left = (state.readers[reader] ?? 1) - 1
        state.readers[reader] = left > 0 ? left : nil
      }
    }
  }
}
