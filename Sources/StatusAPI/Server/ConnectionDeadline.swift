import NIOCore

/// When a connection that doesn't get on is ended, as a value.
struct ConnectionDeadline {
  private let patience: (head: TimeAmount, idle: TimeAmount, write: TimeAmount, lingering: TimeAmount)
  /// From when the next request's head is waited for; and whether it is the connection's first.
  private var since: NIODeadline
  private var isFirst = true
  /// When the first byte of a head that isn't whole came.
  private var firstByte: NIODeadline?
  /// When the last stretch of an answer was taken, and how many wait.
  private var progress: NIODeadline
  private var waiting = 0
  private var closing: NIODeadline?
  private var isAnswering = false

  init(_ limits: StatusLimits, at now: NIODeadline) {
    patience = (
      TimeAmount(limits.headPatience), TimeAmount(limits.idlePatience), TimeAmount(limits.writePatience),
      TimeAmount(limits.lingering)
    )
    since = now
    progress = now
  }

  /// `nil` while the server itself has the word.
  var instant: NIODeadline? {
    if let closing { return closing }
    if waiting > 0 { return progress + patience.write }
    guard !isAnswering else { return nil }
    let head = firstByte.map { $0 + patience.head } ?? .distantFuture
    return min(head, since + (isFirst ? patience.head : patience.idle))
  }

  /// Bytes came that aren't a whole head yet.
  mutating func received(at now: NIODeadline) {
    if !isAnswering, firstByte == nil { firstByte = now }
  }

  mutating func beganAnswering() {
    isAnswering = true
    isFirst = false
    firstByte = nil
  }

  /// No request is left.
  mutating func endedAnswering(at now: NIODeadline) {
    isAnswering = false
    since = now
  }

  mutating func wrote(at now: NIODeadline) {
    if waiting == 0 { progress = now }
    waiting += 1
  }

  mutating func wasTaken(at now: NIODeadline) {
    waiting -= 1
    progress = now
  }

  /// The last answer is written; the rest of the request is only waited out.
  mutating func beganClosing(at now: NIODeadline) {
    if closing == nil { closing = now + patience.lingering }
  }
}
