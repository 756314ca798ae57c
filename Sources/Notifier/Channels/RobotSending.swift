import JSON
import Model
import Specs
import Synchronization

/// A group robot of Feishu, DingTalk or WeCom: they differ in words, and agree in how they are talked to.
protocol Robot {
  /// What is posted of a draft.
  func request(for draft: RobotDraft) throws(DeliveryError) -> HTTPRequest

  /// What an answer's own code means: nothing when the message was taken.
  func check(_ answer: VendorAnswer) throws(DeliveryError)

  /// What may be changed after this answer, so that the next try is taken.
  func remedy(for answer: VendorAnswer) -> RobotRemedy?
}

/// Where a robot is, and what it is written to with.
struct RobotEndpoint {
  let url: String
  /// For signatures; `nil` for a robot that wants none.
  let key: String?

  /// What can be done about a refused signature.
  var signatureAdvice: String {
    key == nil ? "the robot wants a signature: add 'secret'" : "check 'secret' and this machine's clock"
  }
}

extension ChannelContext {
  func robot(for post: Post, in pool: EndpointPool) throws(DeliveryError) -> RobotEndpoint {
    var key: String?
    if let name = endpoint(post.endpoint, of: pool).signingSecret { key = try secret(name) }
    return RobotEndpoint(url: try url(for: post, in: pool), key: key)
  }
}

/// What may be changed in a message that was refused; each is tried once.
enum RobotRemedy: Hashable {
  /// Half as large.
  case smaller
  /// Without what the other side could not read.
  case plainer
  /// Signed with the other side's time.
  case serverTime
}

/// How a message is put together this time.
struct RobotDraft {
  /// Of what the vendor takes: 1, or less.
  var share = 1.0
  var isPlain = false
  /// The time in the signature.
  var time: Timestamp

  /// Changes what a remedy changes; `false` where that would make no difference.
  fileprivate mutating func apply(_ remedy: RobotRemedy, after answer: VendorAnswer) -> Bool {
    switch remedy {
    case .smaller: share = 0.5
    case .plainer: isPlain = true
    case .serverTime:
      guard let other = answer.date, abs((other - time).components.seconds) > 60 else { return false }
      time = other
    }
    return true
  }
}

/// What a channel keeps from one message to its robot to the next.
final class RobotMemory: Sendable {
  private struct State {
    var clockOffset = Duration.zero
    var remedies: [Timestamp] = []
  }

  /// The limits of `ChannelKind.rateLimits` count messages. What they leave of the vendors' 20 a minute is for remedies,
  /// since DingTalk refuses all for ten minutes after one too many.
  private static let remediesAMinute = 2

  private let state = Mutex(State())

  /// How far the other side's clock is ahead of ours, where a signature was refused for it.
  var clockOffset: Duration {
    get { state.withLock { $0.clockOffset } }
    set { state.withLock { $0.clockOffset = newValue } }
  }

  /// Whether one more remedy may be sent now; counts it if so.
  func takeRemedy(at now: Timestamp) -> Bool {
    state.withLock { state in
      state.remedies.removeAll { $0 > now || now - $0 >= .seconds(60) }
      guard state.remedies.count < Self.remediesAMinute else { return false }
      state.remedies.append(now)
      return true
    }
  }
}

extension Robot {
  /// Sends once, and once more for each remedy that an answer calls for, as far as `memory` has room for it.
  func send(
    by clock: any WallClock, _ memory: RobotMemory, through outlet: inout Outlet
  ) async throws(DeliveryError) -> Receipt {
    var draft = RobotDraft(time: clock.now + memory.clockOffset)
    var tried: Set<RobotRemedy> = []
    while true {
      let answer = try await outlet.ask(try request(for: draft))
      do throws(DeliveryError) {
        try answer.checkGateway()
        try check(answer)
        return answer.receipt
      } catch {
        guard let remedy = remedy(for: answer), tried.insert(remedy).inserted, draft.apply(remedy, after: answer) else {
          throw error
        }
        guard memory.takeRemedy(at: clock.now) else { throw .throttled(retryAfter: .seconds(60)) }
        if remedy == .serverTime { memory.clockOffset = draft.time - clock.now }
      }
    }
  }
}

extension VendorAnswer {
  /// A robot's yes; WeCom's names whom it could not call.
  fileprivate var receipt: Receipt {
    let refused = words("invaliduser") ?? ""
    return Receipt(detail: "answered \(status)" + (refused.isEmpty ? "" : ", nobody called for " + refused))
  }
}

extension MessageContent {
  /// How much a robot's message shows at most: for readers, not for the vendor.
  static let robotSteps = Detail.steps.filter { $0.items <= 10 }

  /// The word of a robot's rule, added to the title where nothing has it, since the robot takes no message without.
  func carrying(_ keyword: String?) -> MessageContent {
    guard let keyword, !title.contains(keyword) else { return self }
    var content = self
    content.title = title.cut(to: max(0, 200 - keyword.utf8.count)) + " " + keyword
    return content
  }
}
