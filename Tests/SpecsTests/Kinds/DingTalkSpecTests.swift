import Model
import Specs
import Testing

@Suite struct `Reading a DingTalk robot` {
  @Test(arguments: DingTalkSpec.Format.allCases)
  func `takes each format`(format: DingTalkSpec.Format) throws {
    let text = "dingtalk: {url: {secret: hook}, secret: {secret: sign}, format: \(format.rawValue), keyword: 告警}"
    guard case .channel(let channel) = try readSpec(.channel, text), case .dingtalk(let spec) = channel.destination
    else { return }
    #expect(spec.format == format)
    #expect(spec.keyword == "告警")
    #expect(spec.pool.endpoints == [ChannelEndpoint(url: .secret("hook"), signingSecret: "sign")])
  }

  @Test func `makes a card where nothing is said`() throws {
    guard case .channel(let channel) = try readSpec(.channel, "dingtalk: {url: {secret: hook}}"),
      case .dingtalk(let spec) = channel.destination
    else { return }
    #expect(spec.format == .auto)
    #expect(spec.keyword == nil)
  }

  @Test(arguments: [
    Mistake("dingtalk: 1️⃣{}", "missing-field", "dingtalk needs 'url'"),
    Mistake(
      "dingtalk: {url: 1️⃣'https://gateway.example.com/send'}", "secret-in-spec",
      "the URL is a credential: whoever reads it can post there"),
    Mistake(
      "dingtalk: {url: {secret: a}, format: 1️⃣actionCard}", "unknown-value",
      "'actionCard' is not a format of dingtalk; did you mean 'action_card'?"),
    Mistake("dingtalk: {url: {secret: a}, 1️⃣msgtype: text}", "unknown-field", "dingtalk has no field 'msgtype'"),
    Mistake(
      "dingtalk: {url: {secret: a}, keyword: 1️⃣''}", "missing-field",
      "an empty text stands where one of the robot's keywords is expected"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.channel, $0) }
  }
}
