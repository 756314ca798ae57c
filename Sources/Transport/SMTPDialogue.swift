import Model

/// Follows a mail server's replies as they come, to know two things libcurl doesn't tell: what the last one said, and
/// whether the server offered a login at all. If it didn't, libcurl would go on without logging in.
struct SMTPDialogue {
  private enum Phase {
    case greeting
    /// The reply to EHLO, in which capabilities are listed.
    case hello
    /// The reply to STARTTLS.
    case upgrade
    case session
  }

  private static let textLimit = 1000

  /// The code of the last whole reply, 0 before the first.
  private(set) var code = 0
  /// Its lines' texts.
  private var text: [UInt8] = []
  private var nextText: [UInt8] = []
  private var isFirstLine = true
  private var phase = Phase.greeting
  private var offersLogin = false
  /// STARTTLS is still to come.
  private var upgrades: Bool
  private let logsIn: Bool

  init(startsTLS: Bool, logsIn: Bool) {
    self.upgrades = startsTLS
    self.logsIn = logsIn
  }

  /// Takes one line of a reply; `false` if a login is wanted and the server offers none.
  mutating func take(_ line: some Collection<UInt8>) -> Bool {
    let digits = line.prefix(3)
    guard digits.count == 3, digits.allSatisfy({ (48...57).contains($0) }) else { return true }
    let rest = line.dropFirst(3)
    append(rest.dropFirst())
    if phase == .hello, !isFirstLine, Self.isLogin(rest.dropFirst()) { offersLogin = true }
    isFirstLine = false
    if rest.first == UInt8(ascii: "-") { return true }
    code = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    text = nextText
    nextText = []
    isFirstLine = true
    return endReply()
  }

  /// The last whole reply's text in one line, without what must not be shown.
  func text(hiding password: Secret?) -> String {
    let text = String(decoding: self.text, as: UTF8.self)
    guard let password = password?.reveal(), !password.isEmpty else { return text }
    return text.replacing(password, with: "‹redacted›")
  }

  private mutating func endReply() -> Bool {
    switch phase {
    case .greeting:
      phase = .hello
    case .hello where code >= 300:
      // libcurl goes on with HELO, which offers nothing.
      phase = .session
      return !logsIn
    case .hello where upgrades:
      upgrades = false
      offersLogin = false
      phase = .upgrade
    case .hello:
      phase = .session
      return offersLogin || !logsIn
    case .upgrade:
      phase = .hello
    case .session:
      break
    }
    return true
  }

  private mutating func append(_ bytes: some Collection<UInt8>) {
    if !nextText.isEmpty { nextText.append(UInt8(ascii: " ")) }
    for byte in bytes where nextText.count < Self.textLimit && byte >= 0x20 && byte != 0x7f { nextText.append(byte) }
  }

  /// `AUTH PLAIN LOGIN`, or the `AUTH=LOGIN` of old servers.
  private static func isLogin(_ capability: some Collection<UInt8>) -> Bool {
    let word = capability.prefix(5).map { $0 | 0x20 }
    return word == Array("auth ".utf8) || word == Array("auth=".utf8).map { $0 | 0x20 }
  }
}
