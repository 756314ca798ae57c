import JSON
import Model
package import Specs

/// Posts to a group robot of DingTalk. A yes is `errcode` 0 in the answer's body.
package struct DingTalkChannel: Channel {
  private let spec: DingTalkSpec
  private let context: ChannelContext
  private let memory = RobotMemory()

  package init(_ spec: DingTalkSpec, context: ChannelContext) {
    self.spec = spec
    self.context = context
  }

  package func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
    let content = MessageContent(post, context.style).carrying(spec.keyword)
    let robot = DingTalkRobot(
      content: content, endpoint: try context.robot(for: post, in: spec.pool), spec: spec, context: context)
    return try await robot.send(by: context.clock, memory, through: &outlet)
  }
}

/// One message on its way to a DingTalk robot.
private struct DingTalkRobot: Robot {
  let content: MessageContent
  let endpoint: RobotEndpoint
  let spec: DingTalkSpec
  let context: ChannelContext

  /// The vendor takes 20,000 bytes; some room is left.
  private static let limit = 19_000.0
  /// A robot that was asked too much takes nothing for ten minutes.
  private static let block = Duration.seconds(600)

  func request(for draft: RobotDraft) throws(DeliveryError) -> HTTPRequest {
    let limit = Int(Self.limit * draft.share)
    let body = content.fitted(MessageContent.robotSteps) { content in
      json(of: content).bytes()
    } accept: {
      $0.count <= limit
    }
    var url = endpoint.url
    if let key = endpoint.key {
      url += (url.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + RobotSignature.dingTalk(at: draft.time, key: key)
    }
    return try context.post(body, to: url, by: spec.pool)
  }

  // MARK: The message

  private var people: DingTalkPeople { DingTalkPeople(content.mentions) }

  private func json(of content: MessageContent) -> JSONValue {
    switch spec.format {
    case .text: text(of: content)
    case .markdown: markdown(of: content)
    case .actionCard: card(of: content) ?? markdown(of: content)
    case .auto: people.areNone ? card(of: content) ?? markdown(of: content) : markdown(of: content)
    }
  }

  private func text(of content: MessageContent) -> JSONValue {
    let parts = [content.title, content.text(in: PlainText.self), people.words.joined(separator: " ")]
    let text = parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    return ["msgtype": "text", "text": ["content": .string(text)], "at": people.json]
  }

  private func markdown(of content: MessageContent) -> JSONValue {
    let text = paragraphs(of: content, showsLinks: true).joined(separator: DingTalkMarkup.paragraphBreak)
    return [
      "msgtype": "markdown", "markdown": ["title": .string(content.title.cut(to: 128)), "text": .string(text)],
      "at": people.json,
    ]
  }

  /// With a button for each link; `nil` where there is none, since a card must have one.
  private func card(of content: MessageContent) -> JSONValue? {
    let links = content.links.filter { $0.url.robotLinkTarget != nil }
    guard !links.isEmpty, content.body == nil else { return nil }
    let text = paragraphs(of: content, showsLinks: false).joined(separator: DingTalkMarkup.paragraphBreak)
    return [
      "msgtype": "actionCard",
      "actionCard": [
        "title": .string(content.title.cut(to: 128)), "text": .string(text), "btnOrientation": "1",
        "btns": .array(links.map(Self.button)),
      ],
    ]
  }

  /// A link that opens in the browser, and not beside the chat.
  private static func button(_ link: MessageContent.Link) -> JSONValue {
    let target = "dingtalk://dingtalkclient/page/link?url=" + link.url.percentEncoded + "&pc_slide=false"
    return ["title": .string(link.title), "actionURL": .string(target)]
  }

  private func paragraphs(of content: MessageContent, showsLinks: Bool) -> [String] {
    typealias M = DingTalkMarkup
    let paragraphs = content.robotParagraphs(in: M.self, showsLinks: showsLinks).map {
      $0.joined(separator: M.lineBreak)
    }
    let mentions = people.words.isEmpty ? [] : [people.marked.joined(separator: " ")]
    return ["### " + M.escaped(content.title)] + paragraphs + mentions
  }

  // MARK: Answers

  func check(_ answer: VendorAnswer) throws(DeliveryError) {
    guard let code = answer.number("errcode") else {
      if let wait = answer.number("wait") { throw .throttled(retryAfter: .seconds(min(max(wait, 5), 3600))) }
      try answer.refuseForLackOfCode()
    }
    let text = answer.words("errmsg") ?? ""
    switch code {
    case 0: return
    case -1: throw .unreachable(answer.refusal(code, text))
    case 130_101, 410_100, 660_026: throw .throttled(retryAfter: Self.block)
    case 90_030: throw .throttled(retryAfter: .seconds(300))
    case 310_000: throw securityError(answer, text)
    case 300_001, 300_005, 400_101, 400_102, 400_106:
      throw .unauthorised(answer.refusal(code, text, "the robot was removed or stopped, or its URL is wrong"))
    default: throw .rejected(answer.refusal(code, text))
    }
  }

  /// One code stands for all rules of a robot; its words say which.
  private func securityError(_ answer: VendorAnswer, _ text: String) -> DeliveryError {
    let said = text.lowercased()
    if said.contains("keyword") || text.contains("关键词") {
      return .rejected(
        answer.refusal(310_000, text, "write one of the robot's keywords as 'keyword' of the channel"))
    }
    if said.contains("whitelist") || said.contains("ip ") {
      return .unauthorised(answer.refusal(310_000, text, "allow this machine's address in the robot's settings"))
    }
    return .unauthorised(answer.refusal(310_000, text, endpoint.signatureAdvice))
  }

  func remedy(for answer: VendorAnswer) -> RobotRemedy? {
    switch answer.number("errcode") {
    case 460_101, 101_002: .smaller
    case 310_000 where endpoint.key != nil: .serverTime
    default: nil
    }
  }
}

/// Whom a DingTalk robot calls. The text must name them too.
private struct DingTalkPeople {
  private var mobiles: [String] = []
  private var ids: [String] = []
  private var isAll = false
  /// In the text, for those who are called and those who can't be.
  private(set) var words: [String] = []
  private var callable: Set<String> = []

  init(_ mentions: [Mention]) {
    for mention in mentions {
      switch mention {
      case .everyone: isAll = true
      case .mobile(let number): mobiles.append(number.localNumber)
      case .id("dingtalk", let id) where id.isRobotID: ids.append(id)
      default:
        if let name = mention.shownName(in: .dingtalk) { words.append(name) }
      }
    }
    let called = (isAll ? ["@all"] : []) + (mobiles + ids).map { "@" + $0 }
    callable = Set(called)
    words = called + words
  }

  var areNone: Bool { callable.isEmpty }

  /// The words in Markdown: those of called people as they are, since they are compared.
  var marked: [String] { words.map { callable.contains($0) ? $0 : DingTalkMarkup.escaped($0) } }

  var json: JSONValue {
    [
      "atMobiles": .array(mobiles.map(JSONValue.string)), "atUserIds": .array(ids.map(JSONValue.string)),
      "isAtAll": .bool(isAll),
    ]
  }
}
