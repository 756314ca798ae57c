import FoundationEssentials
import Model
import Notifier
import Specs
import TestKit
import Testing

/// A post in words, in English and UTC unless told otherwise.
func content(_ post: Post, _ language: MessageLanguage = .english, zone: ZoneRules = .utc) -> MessageContent {
  MessageContent(post, MessageStyle(language: language, zone: zone))
}

@Suite struct `The words of a message` {
  @Test(arguments: SampleMessage.allCases, MessageLanguage.allCases)
  func `are worth reading`(sample: SampleMessage, language: MessageLanguage) {
    let content = content(sample.post, language)
    let text = content.title + "\n\n" + content.text(in: PlainText.self) + "\n"
    #expect(goldenDifference(text, "message-\(sample.rawValue)-\(language.rawValue).txt") == nil)
  }

  @Test func `name what differs apart from what is shared`() {
    let alerts = ["a", "b"].map { host in
      alert(
        ["alertname": "Down", "instance": .init(host), "job": "node", "severity": "P1"],
        annotations: [Label("owner", "shop-oncall"), Label("summary", "a host is down")])
    }
    let content = content(Post([message(alerts)]))
    #expect(content.title == "[FIRING:2] P1 Down: a host is down")
    #expect(content.lines == ["a host is down", "owner: shop-oncall"])
    #expect(content.labels == [Label("job", "node")])
    #expect(content.items.map(\.title) == ["instance=a", "instance=b"])
    #expect(content.items.allSatisfy { $0.lines.isEmpty && $0.facts.count == 2 })
    #expect(content.level == .error)
  }

  @Test func `tell name and severity of each alert where they differ`() {
    let content = content(
      Post([
        message(
          [alert(["alertname": "A", "severity": "critical"]), alert(["alertname": "B", "x": "1"])],
          group: ["team": "shop"])
      ]))
    #expect(content.title == "[FIRING:2] critical team=shop")
    #expect(content.items.map(\.title) == ["critical A", "B x=1"])
    #expect(content.items.map(\.level) == [.critical, nil])
  }

  @Test func `say all that an only alert says`() {
    var one = highCPU
    one.annotations = [
      Label("action", "restart it"), Label("dashboard_url", "https://grafana.example/d/1"), Label("unit", "%"),
      Label("runbook", "see the wiki"),
    ]
    let content = content(Post([message([one])]))
    #expect(content.items.map(\.title) == [""])
    #expect(
      content.items.first?.facts.prefix(1) == [Label("Value", "0.953%")])
    #expect(
      content.items.first?.facts.dropFirst(2) == [Label("action", "restart it"), Label("runbook", "see the wiki")])
    #expect(content.links.map(\.kind) == [.view, .dashboard, .graph])
  }

  @Test(
    arguments: [
      (0.953, [], "0.953"), (12_345_678, [], "12345678"), (1e-7, [], "1e-07"), (2e21, [], "2e+21"),
      (.infinity, [], "+Inf"),
      (0, [], "0"), (3, [Label("unit", "req/s")], "3 req/s"), (3, [Label("value", "95.3 %")], "95.3 %"),
    ] as [(Double, [Label], String)])
  func `give the value as PromQL prints it, with the unit that the rule names`(
    value: Double, annotations: [Label], shown: String
  ) {
    let content = content(Post([message([alert(["alertname": "A"], value: value, annotations: annotations)])]))
    #expect(content.items.first?.facts.first == Label("Value", shown))
    #expect(content.items.first?.facts.count == 2)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/Asia/Shanghai"), "needs tzdata"))
  func `show the zone with each time`() throws {
    let file = try #require(FileManager.default.contents(atPath: "/usr/share/zoneinfo/Asia/Shanghai"))
    let shanghai = try #require(ZoneRules(tzif: Array(file)))
    var message = message([highCPU])
    message.at = at(3725)
    let since = content(Post([message]), .chinese, zone: shanghai).items.first?.facts.last
    #expect(since == Label("开始时间", "2026-11-20 16:00:00 +08:00（已持续 1小时2分5秒）"))
    let utc = content(Post([message])).items.first?.facts.last
    #expect(utc == Label("Since", "2026-11-20 08:00:00 UTC (for 1h2m5s)"))
  }

  @Test(arguments: MessageLanguage.allCases)
  func `mark a test in every title, and call nobody`(language: MessageLanguage) {
    var message = message([highCPU])
    message.mentions = ["all", "ana@example.com"]
    for messages in [[message], [message, message]] {
      var content = content(Post(messages, isTest: true), language)
      let mark = language == .english ? "[TEST] " : "[测试通知] "
      #expect(content.title.hasPrefix(mark))
      #expect(content.mentions.isEmpty)
      #expect(content.silenceCommand == nil)
      content.title = "from a template\n" + String(repeating: "x", count: 300)
      #expect(content.title.hasPrefix(mark + "from a template x"))
      #expect(content.title.utf8.count <= 200)
    }
  }

  @Test func `take nobody's link for one unless it is safe`() {
    var one = highCPU
    one.annotations = [Label("dashboard_url", "data:x"), Label("runbook_url", "javascript:alert(1)")]
    one.generatorURL = "file:///etc/passwd"
    var message = message([one])
    message.externalURL = "nowhere"
    let content = content(Post([message]))
    #expect(content.links.isEmpty)
    #expect(
      content.items.first?.facts.dropFirst(2) == [
        Label("dashboard_url", "data:x"), Label("runbook_url", "javascript:alert(1)"),
      ])
  }

  @Test func `name who changed a rule as far as it is known`() throws {
    func origin(_ change: (inout Provenance) -> Void, _ language: MessageLanguage = .english) -> String? {
      var alert = alert(["alertname": "A"])
      change(&alert.rule.provenance)
      return content(Post([message([alert])]), language).origins.first
    }
    let commit = ObjectID("3f2a9c1d3f2a9c1d3f2a9c1d3f2a9c1d3f2a9c1d")
    #expect(origin { _ in } == "rule, tenants/shop/rules.yaml:7")
    #expect(origin { $0.commit = commit } == "rule, tenants/shop/rules.yaml:7, changed (3f2a9c1d)")
    #expect(origin { $0.file = "" } == "rule")
    let all: (inout Provenance) -> Void = {
      $0.author = "Ana <ana@example.com>"
      $0.commit = commit
      $0.committedAt = at(0)
    }
    #expect(
      origin(all) == "rule, tenants/shop/rules.yaml:7, changed 2026-11-20 by Ana <ana@example.com> (3f2a9c1d)")
    #expect(
      origin(all, .chinese) == "rule，tenants/shop/rules.yaml:7，由 Ana <ana@example.com> 于 2026-11-20 修改（3f2a9c1d）")
  }

  @Test func `of ten thousand alerts are found without going through them for each step`() {
    let alerts = (0..<10_000).map { alert(["alertname": "A", "instance": "host-\($0)", "severity": "warning"]) }
    let content = content(Post([message(alerts)]))
    #expect(content.items.count == 50)
    #expect(content.hiddenItems == 9950)
    var renderings = 0
    _ = content.fitted {
      renderings += 1
      #expect($0.items.count <= 50)
      return $0.hiddenItems
    } accept: { _ in
      false
    }
    #expect(renderings == MessageContent.Detail.steps.count)
  }
}

@Suite struct `A message that is too long` {
  @Test(arguments: SampleMessage.allCases, MessageLanguage.allCases)
  func `keeps state, severity, title, counts and link`(sample: SampleMessage, language: MessageLanguage) {
    let whole = content(sample.post, language)
    var shortest = whole
    whole.fitted {
      shortest = $0
    } accept: { _ in
      false
    }
    #expect(shortest.title == whole.title)
    #expect(shortest.state == whole.state)
    #expect(shortest.level == whole.level)
    #expect(shortest.links == Array(whole.links.prefix(1)))
    #expect(shortest.text(in: PlainText.self).utf8.count < 800)
    let total = sample.post.messages.reduce(0) { $0 + $1.alerts.count }
    #expect(shortest.firing + shortest.resolved == total)
    #expect(shortest.isOfOne || shortest.hiddenAlerts == total)
  }

  @Test func `is not cut when it fits`() {
    let whole = content(SampleMessage.many.post)
    let fitted = whole.fitted(render: { $0 }, accept: { _ in true })
    #expect(fitted.text(in: PlainText.self) == whole.text(in: PlainText.self))
  }

  @Test func `falls back to the usual words when a template says too much`() {
    var content = content(SampleMessage.firing.post)
    content.body = String(repeating: "x", count: 5000)
    let text = content.fitted(render: { $0.text(in: PlainText.self) }, accept: { $0.utf8.count < 2000 })
    #expect(text.contains("its text is longer than the destination takes"))
    #expect(text.contains("for 5 minutes"))
    #expect(content.fitted(render: { $0.text(in: PlainText.self) }, accept: { _ in true }) == content.body)
  }

  /// Whatever is shown or hidden, each alert is named or counted once.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func `counts exactly what it hides`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    func group(_ number: Int) -> Message {
      let alerts = (0..<Int.random(in: 1...(seed % 3 == 0 ? 90 : 4), using: &random)).map { index in
        let alert = alert(["alertname": "G\(number)", "instance": "i\(index)"])
        return Bool.random(using: &random) ? alert : alert.resolved(at: at(20))
      }
      let ordered = alerts.filter { $0.state != .resolved } + alerts.filter { $0.state == .resolved }
      return message(ordered, group: ["alertname": .init("G\(number)")])
        .truncated(to: Bool.random(using: &random) ? 0 : 3)
    }
    let messages = (0..<Int.random(in: 1...70, using: &random)).map(group)
    let groups = seed % 2 == 0 ? messages : [messages[0]]
    let whole = content(Post(groups))
    let total = groups.reduce(0) { $0 + $1.alerts.count + $1.truncated }
    for detail in MessageContent.Detail.steps {
      let shown = whole.reduced(to: detail)
      let named =
        groups.count > 1
        ? groups.prefix(shown.items.count).reduce(0) { $0 + $1.alerts.count + $1.truncated } : shown.items.count
      #expect(named + shown.hiddenAlerts == total)
      #expect(shown.items.count + shown.hiddenItems == (groups.count > 1 ? groups.count : total))
      #expect(shown.hiddenItems == 0 || shown.text(in: PlainText.self).contains(shown.hiddenText))
    }
  }
}

@Suite struct `A digest` {
  @Test func `has one item for each group, with its state and scope`() {
    var other = message([alert(["alertname": "DiskFull", "severity": "info"], in: .tenant("bank"))])
    other.owner = .tenant("bank")
    let content = content(Post([message([highCPU]), other]))
    #expect(content.title == "[FIRING:2] critical 2 groups of alerts")
    #expect(content.items.map(\.title) == ["shop · critical HighCPU", "bank · info DiskFull"])
    #expect(content.source == "bank, shop · first notification")
    #expect(content.silenceCommand == nil)
  }
}

@Suite struct `The line that silences a message` {
  @Test func `names the scope and the labels that all alerts share`() {
    let content = content(Post([message([alert(["alertname": "It's", "path": #"C:\"x""#], in: checkout)])]))
    #expect(
      content.silenceCommand
        == #"belfry silence add --tenant shop --project checkout --duration 2h --comment '…' "#
        + #"'alertname="It'\''s"' 'path="C:\\\"x\""'"#)
  }

  @Test(arguments: ["a\nb", "\u{7f}", "\u{202e}x", "a\u{200b}b", "a\u{a0}\u{2028}"])
  func `is left out where a value would not be what it seems`(value: String) {
    let content = content(Post([message([alert(["alertname": "A", "x": .init(value)])])]))
    #expect(content.silenceCommand == nil)
  }

  @Test func `is left out when all is over`() {
    #expect(content(SampleMessage.resolved.post).silenceCommand == nil)
  }

  /// What a shell makes of the line, read as `belfry silence add` reads it, are the labels again.
  @Test(arguments: 0..<300 as Range<UInt64>)
  func `says just that to a shell`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let pieces = [
      "a", "'", "\"", "\\", " ", "$(rm)", "`", ";", "|", "{", "}", ",", "=", "~", "!", "告", "🔥", "-", "*", "é", "\t",
    ]
    func text(_ count: ClosedRange<Int>) -> String {
      (0..<Int.random(in: count, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }
    var labels = Labels([Label("alertname", text(1...8))])
    for _ in 0..<3 { labels[Bool.random(using: &random) ? "x" : text(1...3)] = text(1...8) }
    guard let command = content(Post([message([alert(labels)])])).silenceCommand else { return }
    let words = Self.shellWords(command)
    #expect(words.prefix(8) == ["belfry", "silence", "add", "--tenant", "shop", "--duration", "2h", "--comment"])
    let matchers = try words.dropFirst(9).map { try Matcher(parsing: $0) }
    #expect(matchers.map { Label($0.name, $0.value) } == labels.pairs)
    #expect(words.dropFirst(9).allSatisfy { !$0.hasPrefix("-") })
  }

  /// The words of a line, by the rules of POSIX for single quotes and backslashes.
  private static func shellWords(_ line: String) -> [String] {
    var words: [String] = [""]
    var isQuoted = false
    var isEscaped = false
    for scalar in line.unicodeScalars {
      switch scalar {
      case _ where isEscaped:
        words[words.count - 1].unicodeScalars.append(scalar)
        isEscaped = false
      case "'": isQuoted.toggle()
      case "\\" where !isQuoted: isEscaped = true
      case " " where !isQuoted: words.append("")
      default: words[words.count - 1].unicodeScalars.append(scalar)
      }
    }
    return words
  }
}
