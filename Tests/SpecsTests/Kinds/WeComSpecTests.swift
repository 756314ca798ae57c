import Model
import Specs
import Testing

@Suite struct `Reading a WeCom robot` {
  @Test(arguments: WeComSpec.Format.allCases)
  func `takes each format`(format: WeComSpec.Format) throws {
    let text = "wecom: {url: {secret: hook}, format: \(format.rawValue)}"
    guard case .channel(let channel) = try readSpec(.channel, text), case .wecom(let spec) = channel.destination
    else { return }
    #expect(spec.format == format)
    #expect(spec.pool.endpoints == [ChannelEndpoint(url: .secret("hook"))])
  }

  @Test(arguments: [
    Mistake("wecom: 1️⃣{}", "missing-field", "wecom needs 'url'"),
    Mistake(
      "wecom: {url: 1️⃣'https://gateway.example.com/send'}", "secret-in-spec",
      "the URL is a credential: whoever reads it can post there"),
    Mistake(
      "wecom: {url: {secret: a}, format: 1️⃣markdwon}", "unknown-value",
      "'markdwon' is not a format of wecom; did you mean 'markdown'?"),
    Mistake(
      "wecom: {url: {secret: a}, 1️⃣secret: {secret: b}}", "no-effect",
      "WeCom's robots take no signature, so 'secret' does nothing"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.channel, $0) }
  }
}
