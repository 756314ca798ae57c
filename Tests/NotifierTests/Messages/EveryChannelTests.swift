import Foundation
import JSON
import Model
import Notifier
import Specs
import TestKit
import Testing

/// What a channel sends for whatever a team's labels and annotations may hold.
@Suite struct `Every kind of channel` {
  @Test(arguments: Destination.all)
  func `says the state, counts all alerts, and takes nothing of theirs for markup`(destination: Destination)
    async throws
  {
    for seed in 0..<destination.posts {
      var random = RandomPosts(seed: UInt64(seed))
      let language: MessageLanguage = seed.isMultiple(of: 2) ? .english : .chinese
      let post = random.post(maximum: seed.isMultiple(of: 7) ? 200 : 12)
      let transport = ScriptedTransport(destination.answer)
      let channel = destination.make(context(language, secrets: Destination.secrets))
      let result = await outcome(of: post, by: channel, over: transport)
      guard case .success = result else {
        Issue.record("\(destination) seed \(seed): \(result)")
        continue
      }
      let requests = await transport.requests
      var sent = try Sent(requests, await transport.mails, from: destination)
      sent.check(post, language)
      #expect(sent.faults == [], "\(destination) seed \(seed)")
    }
  }
}

@Suite struct `The command that silences` {
  /// A shell reads it as one call with the labels' matchers, whatever the labels hold.
  @Test func `is read by a shell as it stands`() throws {
    var commands: [String] = []
    var expected: [[String]] = []
    for seed in 0..<400 {
      var random = RandomPosts(seed: UInt64(1000 + seed))
      let post = random.post(maximum: 2)
      guard let command = content(post).silenceCommand else { continue }
      commands.append(command)
      expected.append(post.first.commonLabels.pairs.map { $0.name + "=" + $0.value }.sorted())
    }
    #expect(commands.count > 40)
    let file = FileManager.default.temporaryDirectory.appending(path: "belfry-silence-\(UUID()).sh")
    defer { try? FileManager.default.removeItem(at: file) }
    let call = "belfry() { for word; do printf '%s\\1' \"$word\"; done; printf '\\2'; }\n"
    try Data((call + commands.joined(separator: "\n") + "\n").utf8).write(to: file)
    let shell = try Program.run("/bin/sh", [file.path()])
    #expect(shell.complaint == "")
    #expect(shell.code == 0)
    let calls = shell.output.split(separator: 2).map { call in
      call.split(separator: 1).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(calls.count == commands.count)
    for (call, labels) in zip(calls, expected) {
      #expect(call.prefix(2) == ["silence", "add"])
      let matchers = try call.dropFirst(8).map { try #require(try MatcherList(parsing: $0).matchers.first) }
      #expect(matchers.map { $0.name + "=" + $0.value }.sorted() == labels)
    }
  }
}

/// A kind of channel, and what may be in its requests.
struct Destination: Sendable, CustomTestStringConvertible {
  /// How the texts of a body are marked up.
  enum Dialect {
    case plain, slack, discord, mattermost, telegram, adaptiveCard, feishu, dingTalk, weCom
  }

  var name: String
  var dialect: Dialect
  /// Bytes of a body.
  var limit: Int
  var posts = 24
  /// Whether all that is told stands in the message, so that shown and hidden can be counted.
  var counts = true
  var answer: Result<HTTPResponse, TransportError>
  var make: @Sendable (ChannelContext) -> any Channel

  var testDescription: String { name }

  static let secrets = ["key": "0123456789abcdef0123456789abcdef", "token": "t"]

  static let all: [Destination] =
    chats + robots + [
      Destination(name: "webhook", dialect: .plain, limit: .max, answer: Notifiable.answer(200)) {
        WebhookChannel(WebhookSpec(pool: pool("https://hooks.example/x")), context: $0)
      },
      Destination(name: "alertmanager", dialect: .plain, limit: .max, answer: Notifiable.answer(200)) {
        AlertmanagerChannel(AlertmanagerSpec(pool: pool("http://am.example:9093")), context: $0)
      },
      Destination(name: "email", dialect: .plain, limit: .max, answer: Notifiable.answer(200)) {
        EmailChannel(`A mail`.spec(), context: $0)
      },
      Destination(
        name: "pagerduty", dialect: .plain, limit: 512_000,
        answer: Notifiable.answer(202, #"{"status":"success","message":"Event processed","dedup_key":"x"}"#)
      ) { PagerDutyChannel(PagerDutySpec(routingKey: "key"), context: $0) },
      Destination(
        name: "opsgenie", dialect: .plain, limit: 100_000, answer: Notifiable.answer(202, #"{"requestId":"1"}"#)
      ) { OpsgenieChannel(OpsgenieSpec(apiKey: "key"), context: $0) },
      Destination(
        name: "sms-twilio", dialect: .plain, limit: 10_000, counts: false,
        answer: Notifiable.answer(201, #"{"sid":"SM1","status":"queued","error_code":null}"#)
      ) { context in
        SMSChannel(
          SMSSpec(
            provider: .twilio(
              .init(accountSID: "AC", username: "AC", password: "token", sender: .from("+15005550006"))),
            to: ["+8613800000000"]), context: context)
      },
    ]

  private static let chats = [
    Destination(name: "slack", dialect: .slack, limit: 100_000, answer: Notifiable.answer(200, "ok")) {
      SlackChannel(SlackSpec(pool: pool("https://hooks.slack.com/services/T/B/x")), context: $0)
    },
    Destination(name: "discord", dialect: .discord, limit: 30_000, answer: Notifiable.answer(200, #"{"id":"1"}"#)) {
      DiscordChannel(DiscordSpec(pool: pool("https://discord.com/api/webhooks/1/x")), context: $0)
    },
    Destination(name: "mattermost", dialect: .mattermost, limit: 65_000, answer: Notifiable.answer(200, "ok")) {
      MattermostChannel(MattermostSpec(pool: pool("https://chat.example.com/hooks/x")), context: $0)
    },
    Destination(
      name: "telegram", dialect: .telegram, limit: 30_000,
      answer: Notifiable.answer(200, #"{"ok":true,"result":{"message_id":42,"chat":{"id":-1}}}"#)
    ) {
      TelegramChannel(
        TelegramSpec(pool: pool("https://api.telegram.org"), token: "token", chat: "-1"), context: $0)
    },
    Destination(name: "teams", dialect: .adaptiveCard, limit: 28_000, answer: Notifiable.answer(202)) {
      TeamsChannel(TeamsSpec(pool: pool("https://x.logic.azure.com/workflows/1?sig=x")), context: $0)
    },
    Destination(name: "ntfy", dialect: .plain, limit: 10_000, answer: Notifiable.answer(200, #"{"id":"1"}"#)) {
      NtfyChannel(NtfySpec(pool: pool("https://ntfy.example.com"), topic: .plain("shop")), context: $0)
    },
  ]

  private static let robots: [Destination] =
    FeishuSpec.Format.allCases.map { format in
      Destination(
        name: "feishu \(format)", dialect: .feishu, limit: 20_000, posts: 16,
        answer: Notifiable.answer(200, #"{"code":0,"msg":"success","data":{}}"#)
      ) { context in
        var spec = FeishuSpec(pool: pool("https://open.feishu.cn/open-apis/bot/v2/hook/x"))
        spec.format = format
        return FeishuChannel(spec, context: context)
      }
    }
    + DingTalkSpec.Format.allCases.map { format in
      Destination(
        name: "dingtalk \(format)", dialect: "\(format)" == "text" ? .plain : .dingTalk, limit: 20_000, posts: 16,
        answer: Notifiable.answer(200, #"{"errcode":0,"errmsg":"ok"}"#)
      ) { context in
        var spec = DingTalkSpec(pool: pool("https://oapi.dingtalk.com/robot/send?access_token=x"))
        spec.format = format
        return DingTalkChannel(spec, context: context)
      }
    }
    + WeComSpec.Format.allCases.map { format in
      Destination(
        name: "wecom \(format)", dialect: format == .markdown || format == .auto ? .weCom : .plain, limit: 8_000,
        posts: 16, answer: Notifiable.answer(200, #"{"errcode":0,"errmsg":"ok"}"#)
      ) { context in
        var spec = WeComSpec(pool: pool("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x"))
        spec.format = format
        return WeComChannel(spec, context: context)
      }
    }

  /// The fixture's answers, under a name that the member `answer` doesn't hide.
  private enum Notifiable {
    static func answer(_ status: Int, _ body: String = "") -> Result<HTTPResponse, TransportError> {
      .success(HTTPResponse(status: status, headers: [], body: Array(body.utf8)))
    }
  }
}

/// Posts of alerts whose texts try to be all that a text can be. Each alert has `k<number>k` as its instance, each
/// group of a digest `g<number>g` as its name.
struct RandomPosts {
  private var random: SplitMix64

  init(seed: UInt64) {
    random = SplitMix64(seed: seed &* 0x1234_5677 &+ 99)
  }

  /// `MARK` is what is looked for where only markup may stand.
  private static let pieces = [
    "*MARK*", "**MARK**", "_MARK_", "~~MARK~~", "`MARK`", "```MARK", "||MARK||", "[MARK](https://evil.example)",
    "![MARK](https://evil.example/x.png)", "[MARK][1]", "[MARK]: https://evil.example", "<b>MARK</b>",
    "<script>MARK</script>", "<a href=\"https://evil.example\">MARK</a>", "<https://evil.example|MARK>", "<!channel>",
    "<!here>", "<@U1MARK>", "<@all>", "<at id=all></at>", "<at user_id=\"all\">MARK</at>", "</font>",
    "<font color=\"red\">",
    "@everyone", "@here", "@all", "@channel", "@MARK", "&amp;", "&#60;b&#62;", "&lt;b&gt;", "]]>", "-->",
    "\r\nBcc: MARK@evil.example",
    "\n# MARK", "\n> MARK", "\n- MARK", "\n1. MARK", "# MARK", "> MARK", "- MARK", "1. MARK", "---", "$(MARK)",
    "'; MARK '", "\\",
    "\\*MARK*", "{{DATE(2026-01-01T00:00:00Z,SHORT)}}", "\u{202e}MARK\u{202c}", "\u{200b}", "\u{200d}",
    "<\u{301}b>MARK",
    "[MARK]\u{301}(https://evil.example)",
    "\u{0}", "\u{1b}[31mMARK", "👨‍👩‍👧", "e\u{301}", "告警", "\"", "'", "|", "CPU 90%",
    "plain words", "🔥",
    "\u{2028}MARK", "https://evil.example/MARK", ":fire:", "a_b_c", "</td></tr></table>", "\" onclick=\"MARK", "=== ",
    "0.953",
  ]

  private mutating func text(_ parts: ClosedRange<Int> = 1...3) -> String {
    (0..<Int.random(in: parts, using: &random)).map { _ in Self.pieces.randomElement(using: &random) ?? "" }
      .joined(separator: Bool.random(using: &random) ? " " : "")
  }

  private mutating func one(_ number: Int, name: String) -> Alert {
    var labels: Labels = ["alertname": name, "instance": "k\(number)k"]
    if Bool.random(using: &random) {
      labels["severity"] = ["critical", "warning", "info", "<b>MARK</b>"].randomElement(using: &random) ?? ""
    }
    if Bool.random(using: &random) { labels["path"] = text() }
    if Bool.random(using: &random) { labels["zone"] = text() }
    var annotations: [Label] = []
    if Bool.random(using: &random) { annotations.append(Label("description", text(1...40))) }
    if Bool.random(using: &random) { annotations.append(Label("extra", text())) }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: annotations.append(Label("runbook_url", "https://runbooks.example/cpu"))
    case 1: annotations.append(Label("runbook_url", "https://evil.example/" + text()))
    default: break
    }
    if Bool.random(using: &random) { annotations.append(Label("summary", text(1...6))) }
    var alert = alert(labels, annotations: annotations, rule: name, file: "tenants/shop/" + text(1...1))
    alert.generatorURL = Bool.random(using: &random) ? "https://prom.example/graph?g0.expr=" + text(1...1) : ""
    return alert
  }

  private mutating func group(_ count: Int, from first: Int, name: String) -> Message {
    var alerts = (first..<first + count).map { one($0, name: name) }
    if Int.random(in: 0..<3, using: &random) == 0 {
      for index in alerts.indices where Bool.random(using: &random) {
        alerts[index] = alerts[index].resolved(at: at(75))
      }
    }
    let sorted = alerts.filter { $0.state != .resolved } + alerts.filter { $0.state == .resolved }
    var group = message(sorted, reason: .newAlerts, group: ["alertname": name])
    group.at = at(90)
    return group
  }

  mutating func post(maximum: Int) -> Post {
    if Int.random(in: 0..<4, using: &random) == 0 {
      let groups = Int.random(in: 2...min(maximum, 80), using: &random)
      return Post((0..<groups).map { group(Int.random(in: 1...3, using: &random), from: $0 * 3, name: "g\($0)g") })
    }
    let name = Bool.random(using: &random) ? "HighCPU" : text(1...2)
    return Post([group(Int.random(in: 1...maximum, using: &random), from: 0, name: name)])
  }
}

/// What was sent, and what is wrong with it.
private struct Sent {
  private let destination: Destination
  /// Each with whether the destination reads markup in it.
  private var texts: [(text: String, isMarkup: Bool)] = []
  private(set) var faults: [String] = []

  init(_ requests: [HTTPRequest], _ mails: [MailSubmission], from destination: Destination) throws {
    self.destination = destination
    for request in requests {
      let body = String(decoding: request.body, as: UTF8.self)
      if request.body.count > destination.limit { faults.append("\(request.body.count) bytes") }
      if destination.name == "sms-twilio" {
        texts.append((body.removingPercentEncoding ?? "", false))
      } else {
        gather(try JSONValue(parsing: body), under: "")
      }
    }
    for mail in mails {
      let readable = `A mail`.readable(mail.message)
      let head = readable.prefix(upTo: readable.range(of: "\n\n")?.lowerBound ?? readable.endIndex)
      if head.split(separator: "\n").contains(where: { $0.lowercased().hasPrefix("bcc") }) { faults.append("a header") }
      checkHTML(String(readable[(readable.range(of: "<!doctype")?.lowerBound ?? readable.endIndex)...]))
      texts.append((readable, false))
    }
  }

  private mutating func gather(_ value: JSONValue, under name: String, in type: String = "") {
    if let array = value.array {
      for element in array { gather(element, under: name, in: type) }
    } else if case .object(let members) = value {
      let type = value["tag"]?.string ?? value["type"]?.string ?? type
      for member in members {
        gather(member.value, under: member.name, in: member.name == "summary" ? "plain_text" : type)
      }
    } else if let text = value.string {
      texts.append((text, isMarkup(name, in: type)))
    }
  }

  /// By the vendors' formats.
  private func isMarkup(_ name: String, in type: String) -> Bool {
    switch destination.dialect {
    case .plain: false
    case .slack: name == "text"
    case .discord: name == "description" || name == "title"
    case .mattermost, .telegram, .dingTalk: name == "text"
    case .adaptiveCard: name == "value" || type == "TextBlock" && name == "text"
    case .feishu where destination.name == "feishu text": false
    case .feishu: name == "content" && type != "plain_text" || name == "text" && type != "text" && type != "a"
    case .weCom: name == "content"
    }
  }

  private mutating func expect(_ isRight: Bool, _ fault: @autoclosure () -> String) {
    if !isRight { faults.append(fault()) }
  }

  mutating func check(_ post: Post, _ language: MessageLanguage) {
    let words = MessageWords(language)
    let isFiring = post.messages.contains { !$0.firing.isEmpty }
    let all = texts.map(\.text).joined(separator: "\n")
    if !["webhook", "alertmanager"].contains(destination.name) {
      expect(all.contains(isFiring ? words.firing : words.resolved), "no state")
      for (text, isMarkup) in texts where isMarkup { checkMarkup(text) }
      for (text, _) in texts {
        expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202e }, "unseen: \(text)")
      }
    }
    if destination.counts { checkCounts(post, all) }
  }

  // MARK: Counts

  private mutating func checkCounts(_ post: Post, _ all: String) {
    let isSplit = ["webhook", "alertmanager", "pagerduty", "opsgenie"].contains(destination.name)
    if post.isDigest, !isSplit {
      let shown = Set(all.matches(of: /g(\d+)g/).compactMap { Int($0.1) })
      let more =
        all.firstMatch(of: /(\d+) more groups? with (\d+) a/) ?? all.firstMatch(of: /还有 (\d+) 组共 (\d+) 条/)
      let hidden = more.flatMap { Int($0.1) } ?? 0
      // Rules of groups that aren't shown may be named.
      expect(shown.count + hidden >= post.messages.count, "\(shown.count) groups and \(hidden)")
      expect(shown.count + hidden <= post.messages.count + 3, "\(shown.count) groups and \(hidden)")
      let left = post.messages.suffix(hidden).reduce(0) { $0 + $1.alerts.count }
      expect((more.flatMap { Int($0.2) } ?? 0) == left, "\(left) alerts not shown")
      return
    }
    var messages = post.messages
    // A closed alert has a note only.
    if destination.name == "opsgenie" { messages.removeAll { $0.firing.isEmpty } }
    let alerts = messages.reduce(0) { $0 + $1.alerts.count }
    guard messages.allSatisfy({ $0.alerts.count > 1 }) else { return }
    let shown = Set(all.matches(of: /k(\d+)k/).compactMap { Int($0.1) }).count
    let hidden = all.matches(of: /(\d+) more not shown|还有 (\d+) 条未显示/).compactMap { Int($0.1 ?? $0.2 ?? "") }
    // A mail says it twice.
    expect(
      shown + (isSplit ? hidden.reduce(0, +) : hidden.first ?? 0) == alerts,
      "\(shown) shown and \(hidden) hidden of \(alerts)")
  }

  // MARK: Markup

  private static let address = #"https://[^\s()<>"|]+"#

  private mutating func checkMarkup(_ text: String) {
    // The command that silences is a span of code, in which nothing has a meaning.
    let text = text.replacing(/`+ ?belfry silence add[^`]*`+/, with: "").replacing(
      /<code>belfry [^<]*<\/code>/, with: "")
    switch destination.dialect {
    case .plain: return
    case .slack: checkTags(text, #"<https?://[^\s<>|]+\|(View alerts|Runbook|Graph|Dashboard|查看告警|处理手册|查看图表|查看仪表盘)>"#)
    case .telegram: checkTags(text, #"<(/?b|/?code|/a|a href="https?://[^\s"<>]+")>"#)
    case .feishu: checkTags(text, #"<(/font|font color='[a-z]+')>"#)
    case .dingTalk: checkTags(text, ##"<(/font|font color="#[0-9A-F]{6}")>"##)
    case .weCom: checkTags(text, #"<(/font|font color="[a-z]+")>"#)
    case .adaptiveCard: checkTags(text, "<>")
    case .discord, .mattermost: break
    }
    let words = text.replacing(/(\]\(|<|<a href=")https?:\/\/[^\s)|"]*/, with: "")
    for mark in marks {
      // By bytes, since Foundation's search doesn't see what has no width.
      let isBare = words.utf8.ranges(of: mark.utf8).contains { range in
        words.utf8[..<range.lowerBound].last != UInt8(ascii: "\\")
      }
      expect(!isBare, mark + " in " + words)
    }
    if ![.telegram, .slack].contains(destination.dialect) {
      expect(
        text.firstMatch(of: hasReferences ? /MARK\](\(|\[|:)/ : /MARK\](\()/) == nil,
        "a link in " + text)
    }
    if [.discord, .mattermost, .telegram].contains(destination.dialect) {
      for name in ["@everyone", "@here", "@all", "@channel", "@MARK"] {
        let calls = words.utf8.ranges(of: name.utf8).contains { range in
          // Within a word it is part of an address.
          words.utf8[..<range.lowerBound].last.map { !Character(Unicode.Scalar($0)).isLetter && $0 < 0x80 } ?? true
        }
        expect(!calls, name + " in " + text)
      }
    }
    if destination.dialect == .discord {
      expect(text.firstMatch(of: /(^|[^\\])<[@#:!a-z]/) == nil, "a tag in " + text)
    }
    if destination.dialect == .adaptiveCard { expect(!text.contains("{{DATE"), "a date in " + text) }
    let lines = text.unicodeScalars.split(separator: "\n").map { String($0) }
    if destination.dialect != .telegram, destination.dialect != .slack {
      expect(
        !lines.contains {
          $0.hasPrefix("# MARK") || $0.hasPrefix("> MARK") || $0.hasPrefix("1. MARK") && destination.dialect != .weCom
        },
        "a block in " + text)
    }
  }

  /// Whether `[MARK]: address` and `[MARK][1]` are links too.
  private var hasReferences: Bool { [.discord, .mattermost, .adaptiveCard].contains(destination.dialect) }

  /// What would be shown otherwise than it is written.
  private var marks: [String] {
    switch destination.dialect {
    case .plain, .telegram: []
    case .slack: ["*MARK*", "_MARK_", "~MARK~", "`MARK`"]
    case .weCom: ["*MARK*", "`MARK`"]
    default: ["*MARK*", "_MARK_", "~MARK~", "`MARK`", "|MARK|"]
    }
  }

  /// `<` begins what is allowed and nothing else.
  private mutating func checkTags(_ text: String, _ allowed: String) {
    guard let tag = try? Regex(allowed) else { return faults.append("the expression") }
    let rest = text.replacing(tag, with: "")
    expect(!rest.utf8.contains(UInt8(ascii: "<")), "a tag in " + text)
  }

  /// Of the tags, only the addresses of links may hold anything of the alerts.
  private mutating func checkHTML(_ page: String) {
    let body = page.replacing(/<style>(.|\n)*?<\/style>/, with: "")
    let names: Set = [
      "html", "head", "meta", "title", "style", "body", "table", "tr", "td", "div", "span", "a", "b", "!doctype",
    ]
    for tag in body.matches(of: /<([^>]*)>/) {
      let name = tag.1.drop { $0 == "/" }.prefix { !$0.isWhitespace }
      expect(names.contains(String(name)), "tag \(tag.0)")
      guard tag.1.contains("MARK") || tag.1.contains("evil") else { continue }
      expect(
        tag.1.wholeMatch(of: /a (class="link" )?href="https?:\/\/[^\s"<>']*" (class="link" )?style="[^"]*"/) != nil,
        "in a tag: \(tag.0)")
    }
  }
}
