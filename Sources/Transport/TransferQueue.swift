import Model
import Synchronization

/// One exchange on its way to the thread, and where its outcome goes.
struct Submission: Sendable {
  enum Exchange: Sendable {
    case http(HTTPRequest, CheckedContinuation<Result<RawResponse, TransportError>, Never>)
    case mail(MailSubmission, CheckedContinuation<Result<String, MailError>, Never>)

    /// Ends an exchange that never began or is broken off.
    func fail(_ error: TransportError) {
      switch self {
      case .http(_, let continuation): continuation.resume(returning: .failure(error))
      case .mail(_, let continuation): continuation.resume(returning: .failure(.transport(error)))
      }
    }
  }

  var ticket: Ticket
  var exchange: Exchange
}

/// An answer as the thread leaves it; what costs time is done with it elsewhere.
struct RawResponse: Sendable {
  var status: Int
  var head: [UInt8]
  var body: [UInt8]
}

/// Stands for one exchange wherever it is, and knows whether anybody still wants it.
final class Ticket: Sendable {
  private let cancelled = Atomic(false)

  var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

  func cancel() {
    cancelled.store(true, ordering: .releasing)
  }
}

/// What callers have for the thread. Any thread puts in, the one of ``TransferLoop`` takes out.
final class TransferQueue: Sendable {
  /// What came since the last time.
  struct Batch: Sendable {
    var submissions: [Submission] = []
    var cancellations: [Ticket] = []
    var isStopping = false

    var isEmpty: Bool { submissions.isEmpty && cancellations.isEmpty && !isStopping }
  }

  private struct State {
    var batch = Batch()
    /// The thread sleeps, or is about to, and needs a wake to look here.
    var isWaiting = false
    var hasEnded = false
    var endWaiters: [CheckedContinuation<Void, Never>] = []

    /// Notes that the thread must be woken, once for each sleep.
    mutating func needsWake() -> Bool {
      defer { isWaiting = false }
      return isWaiting
    }
  }

  private let state = Mutex(State())
  private let multi: MultiHandle

  init(multi: MultiHandle) {
    self.multi = multi
  }

  /// Hands over an exchange; it is cancelled at once when the thread is stopping.
  func submit(_ submission: Submission) {
    let isTaken = put { batch in
      if batch.isStopping { return false }
      batch.submissions.append(submission)
      return true
    }
    if !isTaken { submission.exchange.fail(.cancelled) }
  }

  /// Has the thread give up the exchange, wherever it stands.
  func cancel(_ ticket: Ticket) {
    ticket.cancel()
    put { if !$0.isStopping { $0.cancellations.append(ticket) } }
  }

  func stop() {
    put { $0.isStopping = true }
  }

  /// Returns once the thread has ended.
  func waitForEnd() async {
    await withCheckedContinuation { continuation in
      let hasEnded = state.withLock { state in
        if !state.hasEnded { state.endWaiters.append(continuation) }
        return state.hasEnded
      }
      if hasEnded { continuation.resume() }
    }
  }

  /// What came since the last call. Thread only. Once it is stopping, it stays so.
  func take() -> Batch {
    state.withLock { state in
      state.isWaiting = false
      if state.batch.isEmpty { return state.batch }
      let batch = state.batch
      state.batch = Batch(isStopping: batch.isStopping)
      return batch
    }
  }

  /// Whether nothing came since ``take()``; from then on whoever puts something in wakes the thread. Thread only.
  func mayWait() -> Bool {
    state.withLock { state in
      state.isWaiting = state.batch.isEmpty
      return state.isWaiting
    }
  }

  /// Says that the thread is done. Thread only.
  func end() {
    let waiters = state.withLock { state in
      state.hasEnded = true
      defer { state.endWaiters = [] }
      return state.endWaiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Changes what waits for the thread, and wakes it if it sleeps.
  private func put<Result: Sendable>(_ change: (inout Batch) -> Result) -> Result {
    let (result, needsWake) = state.withLock { state in
      (change(&state.batch), state.needsWake())
    }
    if needsWake { multi.wake() }
    return result
  }
}
