import Foundation
import Hummingbird
import Model
import TestKit
import Testing

@testable import StatusAPI

@Suite struct `The dashboard` {
  static let hostile = #"<script>alert(1)</script>"><img src=x onerror=alert(2)> ' & \#u{202e}"#
  static let chinese: HTTPFields = [.acceptLanguage: "zh-CN,zh;q=0.9,en;q=0.8"]

  static let fingerprint = World.alerts.first { $0.alert.scope == World.checkout }?.alert.fingerprint.description ?? ""

  /// Every page, with something that only it says.
  static let pages: [(path: String, says: String)] = [
    ("/", "Firing over the last 24 hours"), ("/tenants", "team-billing"), ("/tenants/shop", "Effective"),
    ("/tenants/shop/projects/checkout", "did you mean &#39;oncall&#39;?"), ("/platform", "platform"),
    ("/alerts", "CheckoutErrors"), ("/alerts?group=none&state=firing", "BillingDown"),
    ("/alerts/" + fingerprint + "?tenant=shop&project=checkout", "Route taken"), ("/rules", "rate(errors[5m])"),
    ("/resources/" + World.group(World.checkout).opaque, "Effective spec"),
    ("/resources/" + World.channel(.tenant("shop")).opaque, "connection refused"), ("/syncs", "page after 10m"),
    ("/syncs/3", "Plan"), ("/silences", "database migration"), ("/channels", "first notification"),
    ("/history", "held for long enough"), ("/audit", "resource.updated"), ("/login", "Paste a token"),
  ]

  @Test(arguments: pages.filter { $0.path != "/tenants/shop" })
  func `has a page for everything`(page: (path: String, says: String)) async throws {
    let answer = try await Asking().send(page.path)
    #expect(answer.status == 200 && answer.headers[.contentType] == "text/html; charset=utf-8")
    #expect(answer.text.contains(page.says))
    #expect(answer.text.contains("<main id=\"main\"") && answer.text.contains("href=\"#main\""))
    let opened = answer.text.split(separator: "<").count { $0.hasPrefix("main") || $0.hasPrefix("section") }
    let closed = answer.text.split(separator: "<").count { $0.hasPrefix("/main") || $0.hasPrefix("/section") }
    #expect(opened == closed)
  }

  @Test(arguments: pages)
  func `needs nothing inline and no other place`(page: (path: String, says: String)) async throws {
    let answer = try await Asking().send(page.path)
    for forbidden in [" style=", "<style", " onclick", " onerror", "href=\"/", "src=\"/", "src=\"http", "javascript:"] {
      #expect(!answer.text.contains(forbidden), "\(forbidden)")
    }
    #expect(!answer.text.contains("<script>"))
    let policy = answer.headers[.contentSecurityPolicy] ?? ""
    #expect(
      policy.contains("default-src 'none'") && policy.contains("script-src 'self';") && !policy.contains("unsafe"))
  }

  @Test(arguments: pages)
  func `speaks Chinese to whom prefers it`(page: (path: String, says: String)) async throws {
    let answer = try await Asking().send(page.path, headers: Self.chinese)
    #expect(answer.text.contains("<html lang=\"zh-Hans\"") && answer.text.contains("跳到正文"))
    #expect(!answer.text.contains(">Overview<") && !answer.text.contains(">Firing<"))
  }

  static let choices: [(path: String, headers: HTTPFields, language: String)] = [
    ("/", [:], "en"), ("/", chinese, "zh-Hans"), ("/?lang=en", chinese, "en"), ("/?lang=xx", chinese, "zh-Hans"),
    ("/", [.cookie: "a=b; belfry_lang=zh"], "zh-Hans"),
    ("/", [.cookie: "belfry_lang=zz", .acceptLanguage: "de"], "en"),
    ("/", [.acceptLanguage: "en;q=0.5, zh;q=0.6"], "zh-Hans"), ("/", [.acceptLanguage: "zh;q=0, en"], "en"),
    ("/?lang=zh", [.cookie: "belfry_lang=en"], "zh-Hans"),
  ]

  @Test(arguments: choices)
  func `takes the language from query, cookie and header in this order`(
    choice: (path: String, headers: HTTPFields, language: String)
  ) async throws {
    let answer = try await Asking().send(choice.path, headers: choice.headers)
    #expect(answer.text.contains("<html lang=\"\(choice.language)\""))
    #expect((answer.headers[.setCookie] != nil) == ["/?lang=en", "/?lang=zh"].contains(choice.path))
  }

  @Test(arguments: Phrase.allCases)
  func `says every phrase in both languages`(phrase: Phrase) {
    let (english, chinese) = phrase.texts
    #expect(!english.isEmpty && !chinese.isEmpty)
    #expect(english.unicodeScalars.allSatisfy { $0.value < 0x2e80 })
    #expect(chinese.unicodeScalars.contains { 0x4e00...0x9fff ~= $0.value } || phrase == .shownOf)
    for mark in ["{0}", "{1}"] { #expect(english.contains(mark) == chinese.contains(mark)) }
  }

  @Test(arguments: pages)
  func `keeps hostile text as text`(page: (path: String, says: String)) async throws {
    var alert = World.alert(World.checkout, Self.hostile, ["instance": Self.hostile], .firing, value: .nan)
    alert.alert.annotations = [
      Label("dashboard", "javascript:alert(1)"), Label("runbook", "https://runbooks.example.com/a?b=\"><x"),
      Label("summary", Self.hostile),
    ]
    alert.alert.generatorURL = "JavaScript:alert(1)//http://"
    var source = ScriptedSource(firing: [alert])
    source.scene.history = [
      TransitionRecord(
        id: 1,
        transition: AlertTransition(from: .pending, alert: alert.alert, reason: .conditionMet, at: World.now))
    ]
    source.scene.syncs = World.syncs.map { view in
      var view = view
      view.commit?.subject = Self.hostile
      view.record.plan = #"{"scopes":[{"scope":"<script>","steps":[{"action":"<img","name":"<script>"}]}]}"#
      return view
    }
    source.scene.deliveries = World.deliveries.map { record in
      var record = record
      record.detail = Self.hostile
      return record
    }
    source.scene.audit = World.audit.map { record in
      var record = record
      (record.actor, record.subject, record.before) = (Self.hostile, Self.hostile, Self.hostile)
      return record
    }
    source.scene.texts = ["tenants/shop/checkout/rules.yaml": String(repeating: Self.hostile + "\n", count: 20)]
    source.document = { reader in
      var status = World.status(for: reader)
      status.sync.message = Self.hostile
      status.health.message = Self.hostile
      status.source.ref = Self.hostile
      status.source.commit?.subject = Self.hostile
      return status
    }
    let path = page.path.hasPrefix("/alerts/") ? "/alerts/\(alert.alert.fingerprint)" : page.path
    let text = try await Asking(source: source).send(path).text
    #expect(!text.contains("<script>") && !text.contains("<img") && !text.contains("<x"))
    #expect(!text.contains("href=\"javascript") && !text.lowercased().contains("href=\"javascript"))
    #expect(page.path == "/login" || text.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img"))
  }

  static let addresses: [(text: String, isLink: Bool)] = [
    ("https://a.example/b?c=d", true), ("HTTP://a.example", true), ("javascript:alert(1)", false),
    ("data:text/html,x", false),
    ("//a.example", false), ("https:a.example", false), (" https://a.example", false), ("https://a.example/ b", false),
    ("https://a.example\\@b", false), ("vbscript://x", false), ("", false),
  ]

  @Test(arguments: addresses)
  func `makes links of web addresses alone`(address: (text: String, isLink: Bool)) {
    var writer = HTMLWriter(now: World.now)
    writer.linked(address.text)
    #expect(writer.html.contains("<a ") == address.isLink)
    #expect(!address.isLink || writer.html.contains("rel=\"noopener noreferrer\""))
  }

  @Test func `shows findings with their line and a caret`() async throws {
    let text = try await Asking(source: Gallery.source()).send("/tenants/shop/projects/checkout").text
    #expect(text.contains("tenants/shop/checkout/rules.yaml:12:16"))
    #expect(text.contains(">channels: [oncal]<") || text.contains("channels: [oncal]</bdi>"))
    #expect(text.contains("<span class=\"mark\">^^^^^</span>"))
    #expect(text.contains("class=\"line marked\""))
  }

  @Test func `says in words what is empty`() async throws {
    var source = ScriptedSource(firing: [])
    source.scene = Scene(
      tenants: [], groups: [], silences: [], resources: [], syncs: [], history: [], deliveries: [], audit: [])
    source.document = { reader in
      var status = World.status(for: reader)
      (status.alerts, status.held, status.platform) = (AlertCounts(), [], nil)
      status.source.revision = .init()
      status.source.commit = nil
      status.source.poll.lastCheckAt = nil
      status.source.lastError = .init(message: "connection refused", since: World.now - .seconds(120), attempts: 3)
      return status
    }
    let expected: [(String, Phrase)] = [
      ("/", .nothingFires), ("/", .timelineQuiet), ("/", .noneSeen), ("/", .nothingSent), ("/", .noSyncs),
      ("/alerts", .nothingFires), ("/alerts?q=x", .nothingFits), ("/rules", .noRules), ("/tenants", .noTenants),
      ("/silences", .noSilences), ("/channels", .noChannels), ("/history", .noHistory), ("/audit", .noAudit),
    ]
    for (path, phrase) in expected {
      #expect(try await Asking(source: source).send(path).text.contains(phrase.texts.english), "\(path)")
    }
    #expect(try await Asking(source: source).send("/").text.contains("connection refused"))
  }

  @Test func `says so on the page when the ledger can't be read`() async throws {
    let source = ScriptedSource(isLedgerReadable: false)
    for path in ["/", "/syncs", "/history", "/audit", "/channels"] {
      let answer = try await Asking(source: source).send(path)
      #expect(answer.status == 200 && answer.text.contains("disk I/O error"), "\(path)")
    }
    #expect(try await Asking(source: source).send("/alerts/" + Self.fingerprint).status == 503)
  }

  @Test(arguments: [
    "/alerts/zz", "/alerts/0000000000000000", "/syncs/99", "/syncs/x", "/tenants/nobody", "/resources/zz",
  ])
  func `shows a page where nothing is`(path: String) async throws {
    let answer = try await Asking().send(path)
    #expect(answer.status == 404 && answer.text.contains("Nothing is here"))
  }

  static let ages: [(seconds: Int64, english: String, chinese: String)] = [
    (0, "0 s ago", "0 秒前"), (59, "59 s ago", "59 秒前"), (60, "1 min ago", "1 分钟前"), (3600, "1 h ago", "1 小时前"),
    (12_000, "3 h 20 min ago", "3 小时 20 分钟前"), (86_400, "1 d ago", "1 天前"), (93_600, "1 d 2 h ago", "1 天 2 小时前"),
    (900_000, "10 d ago", "10 天前"), (-120, "in 2 min", "2 分钟后"),
  ]

  @Test(arguments: ages)
  func `tells ages in two units at most`(age: (seconds: Int64, english: String, chinese: String)) {
    let start = World.now - .seconds(age.seconds)
    #expect(elapsed(from: start, to: World.now, .english) == age.english)
    #expect(elapsed(from: start, to: World.now, .chinese) == age.chinese)
  }

  @Test func `works under the path of the external URL`() async throws {
    let asking = Asking(externalURL: "https://alerts.example.com/belfry/")
    for page in Self.pages { #expect(try await asking.send("/belfry" + page.path).status == 200, "\(page.path)") }
    let deep = try await asking.send("/belfry/tenants/shop/projects/checkout").text
    #expect(deep.contains("href=\"../../../assets/style.css?v=") && deep.contains("data-root=\"../../../\""))
    #expect(try await asking.send("/belfry/?lang=zh").headers[.setCookie]?.contains("Path=/belfry/") == true)
    let bare = try await asking.send("/belfry")
    #expect(bare.status == 308 && bare.headers[.location] == "/belfry/")
  }

  @Test func `goes on in long lists without a script`() async throws {
    let source = ScriptedSource(firing: Gallery.many(250))
    let first = try await Asking(source: source).send("/alerts?group=none").text
    #expect(first.split(separator: "<li class=\"alert ").count == 101)
    #expect(first.contains("href=\"./alerts?page=1&amp;group=none\"") && first.contains("1–100 / 250"))
    let last = try await Asking(source: source).send("/alerts?group=none&page=2").text
    #expect(last.split(separator: "<li class=\"alert ").count == 51 && !last.contains("page=3"))
    let found = try await Asking(source: source).send("/alerts?group=none&q=NODE-249").text
    #expect(found.split(separator: "<li class=\"alert ").count == 2)
  }

  @Test func `tells an unknown reader nothing where it signs in`() async throws {
    let text = try await Asking().send("/login?next=alerts%3Fq%3Dx").text
    #expect(text.contains("data-next=\"alerts?q=x\"") && !text.contains("billing") && !text.contains("git.example.com"))
    for next in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "../x"] {
      #expect(try await Asking().send("/login?next=" + next.percentEncoded).text.contains("data-next=\"\""), "\(next)")
    }
  }

  @Test func `shows a reader of one tenant nothing of another`() async throws {
    for page in Self.pages {
      let source = ScriptedSource(isCareless: true)
      let answer = try await `Who may read`.asking(source).send(page.path, headers: `Who may read`.shop)
      #expect(!answer.text.contains("billing") && !answer.text.contains("Billing"), "\(page.path)")
    }
  }
}

@Suite struct `Assets of the dashboard` {
  @Test func `are in the program what they are in the folder`() throws {
    let folder = sourceFolder(of: #filePath) + "/Sources/StatusAPI/Dashboard/Assets"
    for (name, text) in embeddedAssets {
      let file = try #require(try? String(contentsOfFile: folder + "/" + name, encoding: .utf8))
      #expect(file == text + "\n", "\(name): run scripts/embed-assets")
    }
  }

  @Test func `are kept for ever by their version, and asked for anew without one`() async throws {
    for (name, asset) in DashboardAsset.all {
      let versioned = try await Asking().send("/" + DashboardAsset.path(name))
      #expect(versioned.status == 200 && versioned.headers[.cacheControl]?.contains("immutable") == true)
      #expect(versioned.headers[.contentType] == asset.content.rawValue)
      let plain = try await Asking().send("/assets/" + name)
      #expect(plain.headers[.cacheControl]?.contains("no-cache") == true)
      let again = try await Asking().send("/assets/" + name, headers: [.ifNoneMatch: plain.headers[.eTag] ?? ""])
      #expect(again.status == 304 && again.text.isEmpty)
    }
    #expect(try await Asking().send("/assets/nothing.js").status == 404)
  }

  @Test func `name no other place`() {
    for (name, text) in embeddedAssets where name != "icon.svg" {
      let text = text.replacing("http://www.w3.org/2000/svg", with: "")
      #expect(!text.contains("http://") && !text.contains("https://") && !text.contains("eval("), "\(name)")
      #expect(!text.contains("innerHTML") && !text.contains("insertAdjacentHTML"), "\(name)")
    }
  }
}
