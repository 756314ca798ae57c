import JSON
import Model
package import Specs

/// Posts to a group robot of Feishu or Lark. A yes is `code` 0 in the answer's body.
package struct FeishuChannel: Channel {
  private let spec: FeishuSpec
  private let context: ChannelContext
  private let memory = RobotMemory()

  package init(_ spec: FeishuSpec, context: ChannelContext) {
    self.spec = spec
    self.context = context
  }

  package func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
    let content = MessageContent(post, context.style).carrying(spec.keyword)
    let robot = FeishuRobot(
      content: content, endpoint: try context.robot(for: post, in: spec.pool), spec: spec, context: context)
    return try await robot.send(by: context.clock, memory, through: &outlet)
  }
}

/// One message on its way to a Feishu robot.
private struct FeishuRobot: Robot {
  let content: MessageContent
  let endpoint: RobotEndpoint
  let spec: FeishuSpec
  let context: ChannelContext

  /// The vendor takes 20 KB of JSON; some room is left.
  private static let limit = 19_000.0

  func request(for draft: RobotDraft) throws(DeliveryError) -> HTTPRequest {
    let limit = Int(Self.limit * draft.share)
    let json = content.fitted(MessageContent.robotSteps) { content in
      self.body(of: content, draft)
    } accept: {
      $0.count <= limit
    }
    return try context.post(json, to: endpoint.url, by: spec.pool)
  }

  private func body(of content: MessageContent, _ draft: RobotDraft) -> [UInt8] {
    var members: [JSONValue.Member] = []
    if let key = endpoint.key {
      let (time, sign) = RobotSignature.feishu(at: draft.time, key: key)
      members = [.init("timestamp", .string(time)), .init("sign", .string(sign))]
    }
    switch draft.isPlain ? .post : spec.format {
    case .card:
      members += [.init("msg_type", "interactive"), .init("card", FeishuCard(content).current)]
    case .cardV1:
      members += [.init("msg_type", "interactive"), .init("card", FeishuCard(content).former)]
    case .post:
      members += [.init("msg_type", "post"), .init("content", FeishuPost(content).json)]
    case .text:
      members += [.init("msg_type", "text"), .init("content", ["text": .string(Self.text(of: content))])]
    }
    return JSONValue.object(members).bytes()
  }

  /// Plain text, in which only a tag for mentions means something.
  private static func text(of content: MessageContent) -> String {
    let mentions = content.mentions.compactMap { mention -> String? in
      guard let name = mention.shownName(in: .feishu) else { return nil }
      return mention.feishuID.map { "<at user_id=\"" + $0 + "\">" + name.dropFirst() + "</at>" } ?? withoutTags(name)
    }
    let text = content.text(in: PlainText.self)
    let body = content.body == nil ? withoutTags(text) : text
    let parts = [withoutTags(content.title), body, mentions.joined(separator: " ")]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  /// A tag begins with `<at` or `</at`; text has no way to escape it, so that the bracket's wide twin is shown.
  private static func withoutTags(_ text: String) -> String { text.replacingBytes("<", with: "＜") }

  // MARK: Answers

  func check(_ answer: VendorAnswer) throws(DeliveryError) {
    guard let code = Self.code(of: answer) else { try answer.refuseForLackOfCode() }
    let text = answer.words("msg") ?? answer.words("StatusMessage") ?? ""
    switch code {
    case 0: return
    case 11_232, 99_991_400: throw .throttled(retryAfter: nil)
    case 19_001: throw .unauthorised(answer.refusal(code, text, "the robot was removed, or its URL is wrong"))
    case 19_021: throw .unauthorised(answer.refusal(code, text, endpoint.signatureAdvice))
    case 19_022:
      throw .unauthorised(answer.refusal(code, text, "allow this machine's address in the robot's settings"))
    case 19_024:
      throw .rejected(answer.refusal(code, text, "write one of the robot's keywords as 'keyword' of the channel"))
    default: throw .rejected(answer.refusal(code, text))
    }
  }

  /// `code`, or its older twin where it stands alone.
  private static func code(of answer: VendorAnswer) -> Int? { answer.number("code") ?? answer.number("StatusCode") }

  func remedy(for answer: VendorAnswer) -> RobotRemedy? {
    switch Self.code(of: answer) ?? 0 {
    case 19_036: .smaller
    case 19_021 where endpoint.key != nil: .serverTime
    case 200_600..<200_700 where spec.format == .card || spec.format == .cardV1: .plainer
    default: nil
    }
  }
}
