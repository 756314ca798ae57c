import HummingbirdCore
import Model
import NIOCore
import ServiceLifecycle

/// Writes one stream of events until its source ends, its reader goes, its right ends, or the server stops.
///
/// One event is under way at a time: while the reader takes none, none is asked of the source, which ends a stream that
/// falls too far behind; and the connection ends when the reader takes nothing at all for a while. So a reader that
/// never reads costs what the source holds for it, for a bounded time.
struct EventStreaming: Sendable {
  private enum Signal: Sendable {
    case event(StatusEvent)
    case heartbeat
    case end
  }

  var events: AsyncStream<StatusEvent>
  var isWanted: @Sendable (StatusEvent) -> Bool
  var process: UInt64
  /// Whether what came after the reader's last event is not known any more.
  var isLost: Bool
  var clock: (any WallClock)?
  var heartbeat: Duration
  /// When the reader's right ends.
  var expires: Timestamp?
  /// Ends with the connection.
  var closing: EventLoopFuture<Void>
  /// Counted among the open streams for as long as this exists.
  var place: OpenStreams.Place

  @concurrent func write(to writer: inout any ResponseBodyWriter) async throws {
    try await writer.write(EventFrame.opening)
    if isLost { try await writer.write(EventFrame.lost) }
    let (signals, signal) = AsyncStream.makeStream(of: Signal.self)
    let (turns, turn) = AsyncStream.makeStream(of: Void.self)
    closing.whenComplete { _ in signal.finish() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await follow(turns, signal) }
      group.addTask { await beat(signal) }
      group.addTask { await end(signal) }
      defer { group.cancelAll() }
      turn.yield()
      loop: for await next in signals {
        switch next {
        case .event(let event):
          try await writer.write(EventFrame.bytes(of: event, process: process))
          turn.yield()
        case .heartbeat: try await writer.write(EventFrame.heartbeat)
        case .end:
          try await writer.write(EventFrame.farewell)
          break loop
        }
      }
    }
  }

  /// Hands on one event for each turn.
  private func follow(_ turns: AsyncStream<Void>, _ signal: AsyncStream<Signal>.Continuation) async {
    var turns = turns.makeAsyncIterator()
    guard await turns.next() != nil else { return }
    for await event in events where isWanted(event) {
      signal.yield(.event(event))
      guard await turns.next() != nil else { return }
    }
    signal.yield(.end)
  }

  private func beat(_ signal: AsyncStream<Signal>.Continuation) async {
    guard let clock else { return }
    while !Task.isCancelled {
      do {
        try await clock.sleep(until: clock.now + heartbeat, tolerance: .seconds(1))
      } catch {
        return
      }
      signal.yield(.heartbeat)
    }
  }

  /// Waits for the server to stop, or the reader's right to end.
  private func end(_ signal: AsyncStream<Signal>.Continuation) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { try? await gracefulShutdown() }
      if let clock, let expires { group.addTask { try? await clock.sleep(until: expires, tolerance: nil) } }
      await group.next()
      group.cancelAll()
    }
    signal.yield(.end)
  }
}
