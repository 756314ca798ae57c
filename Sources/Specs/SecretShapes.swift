/// A text that looks like a credential: what it looks like and where it stands in a file's bytes.
struct SecretFinding: Hashable {
  /// In a sentence: `a Slack token`.
  let what: String
  let range: Range<Int>
}

/// Finds known shapes of credentials in the bytes of a file, comments included.
///
/// One pass over the bytes; only the few that can be the middle of a shape are looked at closely.
enum SecretShapes {
  static func findings(in bytes: [UInt8]) -> [SecretFinding] {
    bytes.withUnsafeBufferPointer { bytes in
      isTrigger.withUnsafeBufferPointer { isTrigger in
        var findings: [SecretFinding] = []
        var offset = 0
        while offset < bytes.count {
          if isTrigger[Int(bytes[offset])], let finding = finding(in: bytes, at: offset) {
            findings.append(finding)
            offset = finding.range.upperBound
          } else {
            offset += 1
          }
        }
        return findings
      }
    }
  }

  /// The bytes that can be the start of a token, or the colon of a URL.
  private static let isTrigger: [Bool] = {
    var table = [Bool](repeating: false, count: 256)
    for shape in tokens { table[Int(shape.prefix.utf8.first ?? 0)] = true }
    table[Int(UInt8(ascii: ":"))] = true
    return table
  }()

  private typealias Bytes = UnsafeBufferPointer<UInt8>

  private static func finding(in bytes: Bytes, at offset: Int) -> SecretFinding? {
    bytes[offset] == UInt8(ascii: ":") ? url(in: bytes, at: offset) : token(in: bytes, at: offset)
  }

  // MARK: Tokens

  /// A prefix that its issuer gave to a kind of token, and how many characters follow at least.
  private struct TokenShape {
    let prefix: String
    let length: Int
    let what: String
  }

  private static let tokens = [
    TokenShape(prefix: "xoxb-", length: 10, what: "a Slack bot token"),
    TokenShape(prefix: "xoxp-", length: 10, what: "a Slack user token"),
    TokenShape(prefix: "xoxa-", length: 10, what: "a Slack token"),
    TokenShape(prefix: "xoxe-", length: 10, what: "a Slack token"),
    TokenShape(prefix: "xapp-", length: 10, what: "a Slack app token"),
    TokenShape(prefix: "ghp_", length: 30, what: "a GitHub token"),
    TokenShape(prefix: "gho_", length: 30, what: "a GitHub token"),
    TokenShape(prefix: "ghs_", length: 30, what: "a GitHub token"),
    TokenShape(prefix: "ghu_", length: 30, what: "a GitHub token"),
    TokenShape(prefix: "ghr_", length: 30, what: "a GitHub token"),
    TokenShape(prefix: "github_pat_", length: 20, what: "a GitHub token"),
    TokenShape(prefix: "glpat-", length: 15, what: "a GitLab token"),
    TokenShape(prefix: "AKIA", length: 16, what: "an AWS access key"),
    TokenShape(prefix: "ASIA", length: 16, what: "an AWS access key"),
    TokenShape(prefix: "AIza", length: 30, what: "a Google API key"),
    TokenShape(prefix: "sk_live_", length: 16, what: "a Stripe key"),
  ]

  private static func token(in bytes: Bytes, at offset: Int) -> SecretFinding? {
    guard offset == 0 || !isTokenByte(bytes[offset - 1]) else { return nil }
    for shape in tokens where bytes.has(shape.prefix, at: offset) {
      let start = offset + shape.prefix.utf8.count
      var end = start
      while end < bytes.count, isTokenByte(bytes[end]) { end += 1 }
      guard end - start >= shape.length else { continue }
      return SecretFinding(what: shape.what, range: offset..<end)
    }
    return nil
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  // MARK: URLs

  /// Addresses whose path or query is the credential; they stand for these hosts only, so a copy on loopback passes.
  private static let addresses: [(prefix: String, what: String)] = [
    ("hooks.slack.com/services/", "a Slack webhook address"),
    ("hooks.slack.com/workflows/", "a Slack webhook address"),
    ("open.feishu.cn/open-apis/bot/", "a Feishu robot's address"),
    ("open.larksuite.com/open-apis/bot/", "a Lark robot's address"),
    ("oapi.dingtalk.com/robot/send?", "a DingTalk robot's address"),
    ("qyapi.weixin.qq.com/cgi-bin/webhook/send?", "a WeCom robot's address"),
    ("discord.com/api/webhooks/", "a Discord webhook address"),
    ("discordapp.com/api/webhooks/", "a Discord webhook address"),
    ("api.telegram.org/bot", "a Telegram bot's address"),
  ]

  private static func url(in bytes: Bytes, at colon: Int) -> SecretFinding? {
    guard bytes.has("://", at: colon) else { return nil }
    let start = colon + 3
    for address in addresses where bytes.has(address.prefix, at: start) {
      let end = bytes.endOfURL(from: start)
      // A page about the thing ends where its secret would begin.
      guard end > start + address.prefix.utf8.count + 3 else { continue }
      return SecretFinding(what: address.what, range: start..<end)
    }
    return nil
  }
}

extension UnsafeBufferPointer<UInt8> {
  fileprivate func has(_ text: String, at offset: Int) -> Bool {
    var index = offset
    for byte in text.utf8 {
      guard index < count, self[index] == byte else { return false }
      index += 1
    }
    return true
  }

  fileprivate func endOfURL(from offset: Int) -> Int {
    var end = offset
    while end < count {
      switch self[end] {
      case 0...0x20, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ">"), UInt8(ascii: ","): return end
      default: end += 1
      }
    }
    return end
  }
}
