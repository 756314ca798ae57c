import CCurl
import Glibc
import Model

/// The thread's own part: starts what the queue holds, lets libcurl work, and hands out what has come of it.
///
/// Made and used on one thread only.
final class TransferLoop {
  private let queue: TransferQueue
  private let multi: MultiHandle
  private let userAgent: String
  private let idleHandles: Int
  private var idle: [EasyHandle] = []
  private var active: [ObjectIdentifier: EasyHandle] = [:]

  init(queue: TransferQueue, multi: MultiHandle, userAgent: String, idleHandles: Int) {
    self.queue = queue
    self.multi = multi
    self.userAgent = userAgent
    self.idleHandles = idleHandles
  }

  /// Starts a thread that serves `queue` until it is stopped; `false` when the system has none to give.
  static func start(queue: TransferQueue, multi: MultiHandle, userAgent: String, idleHandles: Int) -> Bool {
    let start = Unmanaged.passRetained(
      ThreadStart {
        TransferLoop(queue: queue, multi: multi, userAgent: userAgent, idleHandles: idleHandles).run()
        queue.end()
      })
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    defer { pthread_attr_destroy(&attributes) }
    var thread = pthread_t()
    let outcome = pthread_create(
      &thread, &attributes,
      { argument in
        if let argument { Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, start.toOpaque())
    if outcome != 0 { start.release() }
    return outcome == 0
  }

  private func run() {
    ccurl_name_thread("transport")
    while true {
      let batch = queue.take()
      for submission in batch.submissions { begin(submission) }
      for ticket in batch.cancellations { giveUp(ticket) }
      if batch.isStopping { break }
      multi.runTimers()
      handOutFinished()
      multi.serveSockets(mayWait: queue.mayWait())
      handOutFinished()
    }
    for handle in active.values {
      multi.remove(handle)
      handle.fail(.cancelled)
    }
    active = [:]
    idle = []
    multi.close()
  }

  private func begin(_ submission: Submission) {
    if submission.ticket.isCancelled { return submission.exchange.fail(.cancelled) }
    guard let handle = handle(for: submission.exchange) else {
      return submission.exchange.fail(.unreachable("there is no memory for another transfer"))
    }
    handle.prepare(submission)
    guard multi.add(handle) else {
      return handle.fail(.unreachable("libcurl takes no further transfer"))
    }
    active[ObjectIdentifier(submission.ticket)] = handle
  }

  private func giveUp(_ ticket: Ticket) {
    guard let handle = active.removeValue(forKey: ObjectIdentifier(ticket)) else { return }
    multi.remove(handle)
    handle.fail(.cancelled)
    recycle(handle)
  }

  private func handOutFinished() {
    while let (handle, code) = multi.nextFinished() {
      if let ticket = handle.ticket { active[ObjectIdentifier(ticket)] = nil }
      handle.finish(code)
      multi.remove(handle)
      recycle(handle)
    }
  }

  /// An idle handle, best one that is set up for the same connection options. Mail gets a new one each time: nothing
  /// of one account may reach the next.
  private func handle(for exchange: Submission.Exchange) -> EasyHandle? {
    guard case .http(let request, _) = exchange else { return EasyHandle(loop: multi.loop, userAgent: userAgent) }
    for index in idle.indices.suffix(8).reversed() where idle[index].isSet(for: request.options) {
      idle.swapAt(index, idle.count - 1)
      break
    }
    return idle.popLast() ?? EasyHandle(loop: multi.loop, userAgent: userAgent)
  }

  private func recycle(_ handle: EasyHandle) {
    if handle.isReusable, idle.count < idleHandles { idle.append(handle) }
  }
}

/// Carries a closure into a new thread.
private final class ThreadStart: Sendable {
  let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) {
    self.body = body
  }
}
