import Glibc
import Model
import Synchronization

/// The part of a ``LoopbackHTTPServer`` that its threads hold on to.
final class LoopbackServerCore: Sendable {
  private struct State {
    var descriptors: Set<Int32> = []
    var accepted = 0
    var hasStopped = false
    var isListening = true
    var isReleased = false
  }

  let log = LoopbackRequestLog()
  private let listener: Int32
  private let answer: @Sendable (LoopbackRequest) -> LoopbackAnswer
  private let state = Mutex(State())
  /// Becomes readable, and stays so, once held answers are let go.
  private let gate: LoopbackGate

  init(listener: Int32, answer: @escaping @Sendable (LoopbackRequest) -> LoopbackAnswer) {
    self.listener = listener
    self.answer = answer
    self.gate = LoopbackGate()
  }

  var openConnections: Int { state.withLock { $0.descriptors.count } }

  func acceptConnections() {
    while true {
      let descriptor = accept(listener, nil, nil)
      if descriptor < 0 {
        if errno == EINTR || errno == ECONNABORTED { continue }
        break
      }
      LoopbackSocket.keepFromChildren(descriptor)
      let number = state.withLock { state -> Int? in
        if state.hasStopped { return nil }
        state.descriptors.insert(descriptor)
        state.accepted += 1
        return state.accepted
      }
      guard let number else {
        close(descriptor)
        break
      }
      startThread { self.serve(LoopbackSocket(descriptor: descriptor), number: number) }
    }
    state.withLock { $0.isListening = false }
    close(listener)
  }

  private func serve(_ socket: LoopbackSocket, number: Int) {
    var reader = LoopbackRequestReader(socket: socket, connection: number)
    while let request = reader.next() {
      // Made before it is logged: whoever waited for the request may then count on what `answer` did.
      let answer = answer(request)
      log.append(request)
      guard LoopbackAnswerWriter(socket: socket, request: request, gate: gate).write(answer) else { break }
    }
    // Under the lock, so that `stop` never shuts down a descriptor that is already another's.
    state.withLock { state in
      state.descriptors.remove(socket.descriptor)
      _ = close(socket.descriptor)
    }
  }

  func release() {
    gate.open()
  }

  func stop() {
    state.withLock { state in
      if state.hasStopped { return }
      state.hasStopped = true
      if state.isListening { shutdown(listener, Int32(SHUT_RDWR)) }
      for descriptor in state.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }
}

/// What was asked, and who waits for more of it.
final class LoopbackRequestLog: Sendable {
  private struct Waiter {
    var count: Int
    var continuation: CheckedContinuation<Void, Never>
  }

  private struct State {
    var requests: [LoopbackRequest] = []
    var waiters: [Int: Waiter] = [:]
    var cancelled: Set<Int> = []
    var nextWaiter = 0
  }

  private let state = Mutex(State())

  var requests: [LoopbackRequest] { state.withLock { $0.requests } }

  func append(_ request: LoopbackRequest) {
    let ready = state.withLock { state -> [Waiter] in
      state.requests.append(request)
      let ready = state.waiters.filter { $0.value.count <= state.requests.count }
      for key in ready.keys { state.waiters[key] = nil }
      return Array(ready.values)
    }
    for waiter in ready { waiter.continuation.resume() }
  }

  func waitForRequests(_ count: Int) async -> [LoopbackRequest] {
    let key = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isReady = state.withLock { state in
          if state.cancelled.remove(key) != nil || state.requests.count >= count { return true }
          state.waiters[key] = Waiter(count: count, continuation: continuation)
          return false
        }
        if isReady { continuation.resume() }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        let waiter = state.waiters.removeValue(forKey: key)
        if waiter == nil { state.cancelled.insert(key) }
        return waiter
      }
      waiter?.continuation.resume()
    }
    return requests
  }
}

/// A pipe whose reading end becomes readable for good once it is opened.
final class LoopbackGate: Sendable {
  let descriptor: Int32
  private let writer: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    pipe(&ends)
    for end in ends { LoopbackSocket.keepFromChildren(end) }
    descriptor = ends[0]
    writer = ends[1]
  }

  deinit {
    close(descriptor)
    close(writer)
  }

  func open() {
    var byte: UInt8 = 1
    write(writer, &byte, 1)
  }
}
