import Foundation
import JSON
import Model
import StatusAPI
import TestKit
import Testing

/// The folder of the package that a source of its tests is in.
func sourceFolder(of file: String) -> String {
  let parts = file.split(separator: "/")
  let tests = parts.lastIndex(of: "Tests") ?? parts.count
  return "/" + parts[..<tests].joined(separator: "/")
}

/// A source with alerts that a test changes.
private func scene(_ alerts: [AlertView] = Gallery.alerts) -> (ScriptedSource, ChangingAlerts) {
  var source = Gallery.source()
  let changing = ChangingAlerts(alerts)
  source.changing = changing
  return (source, changing)
}

@Suite(.serialized, .enabled(if: Chromium.isInstalled, "chromium is not installed"))
struct `The dashboard in a browser` {
  /// A server over `source` and a browser, both ended afterwards; no page may have complained.
  private func browsing(
    _ source: ScriptedSource = Gallery.source(), signIn: SignIn? = nil, tokens: [ReadToken] = [],
    externalURL: String? = nil, changing: ChangingAlerts? = nil,
    _ body: @escaping @Sendable (BrowserPage, String) async throws -> Void
  ) async throws {
    var listening = Listening(source: source, tokens: tokens)
    listening.signIn = signIn
    listening.externalURL = externalURL
    // A test turns pages faster than a person, and without a clock the server sees only late that a stream was left.
    listening.limits.streamsPerReader = 256
    try await listening { port in
      let browser = try Chromium()
      do {
        let page = try await browser.page()
        try await body(page, "http://127.0.0.1:\(port)")
        let complaints = await page.complaints
        #expect(complaints == [], "\(complaints)")
      } catch {
        await browser.stop()
        throw error
      }
      await browser.stop()
      await changing?.end()
    }
  }

  static let paths = [
    "/", "/alerts", "/rules", "/tenants", "/tenants/shop/projects/checkout", "/syncs", "/syncs/40", "/silences",
    "/channels", "/history", "/audit", "/alerts/\(Gallery.alerts[0].alert.fingerprint)?tenant=shop&project=checkout",
  ]

  @Test func `fits each width on every page`() async throws {
    try await browsing { page, url in
      for width in [1440, 820, 390] {
        try await page.resize(width: width, height: 900)
        for path in Self.paths {
          try await page.open(url + path)
          let wider = try await page.evaluate("document.documentElement.scrollWidth - innerWidth")
          #expect(wider.int ?? 1 <= 0, "\(path) at \(width)")
        }
      }
    }
  }

  @Test func `leads from page to page`() async throws {
    try await browsing { page, url in
      try await page.open(url + "/")
      for name in ["alerts", "rules", "tenants", "syncs", "silences", "channels", "history", "audit"] {
        _ = try await page.evaluate("document.querySelector('.menu a[href$=\"\(name)\"]').click()")
        try await page.wait(
          "document.documentElement.dataset.page === '\(name)' && document.documentElement.dataset.ready")
        #expect(try await page.evaluate("document.querySelector('.menu [aria-current]').pathname").string == "/" + name)
      }
      try await page.open(url + "/alerts")
      try await page.wait("document.getElementById('alert-list').dataset.loaded")
      _ = try await page.evaluate("document.querySelector('a.alert-link').click()")
      try await page.wait("document.querySelector('#route') && document.documentElement.dataset.ready")
    }
  }

  @Test func `filters ten thousand alerts while somebody types`() async throws {
    var source = ScriptedSource(firing: Gallery.many(10_000))
    source.changing = ChangingAlerts(source.firing)
    try await browsing(source) { page, url in
      try await page.open(url + "/alerts?group=none")
      try await page.wait("document.getElementById('alert-list').dataset.loaded === '10000'", seconds: 180)
      #expect(try await page.evaluate("document.querySelectorAll('#alert-rows > li').length").int ?? 9999 < 80)
      try await page.press("/")
      try await page.type("node-1234")
      try await page.wait("document.getElementById('alert-list').dataset.shown === '1'")
      #expect(
        try await page.evaluate("document.querySelector('#alert-rows').textContent").string?.contains("node-1234")
          == true)
      try await page.press("Escape")
      try await page.wait("document.getElementById('alert-list').dataset.shown === '10000'")
      _ = try await page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
      try await page.wait("document.querySelector('#alert-rows > li').getAttribute('aria-posinset') > 1000")
    }
  }

  @Test func `shows an alert that begins to fire, and forgets one that ended`() async throws {
    let (source, changing) = scene()
    let new = Gallery.many(1)[0]
    try await browsing(source, changing: changing) { page, url in
      for path in ["/", "/alerts?group=none"] {
        try await page.open(url + path)
        try await page.wait("document.documentElement.dataset.live === 'live'")
        let before = try await page.evaluate("document.title").string
        await changing.add(new)
        try await page.wait("document.querySelector('main .alerts').textContent.includes('node-0')")
        try await page.wait("document.title !== \(JSONValue.string(before ?? "").text)")
        await changing.remove(new)
        try await page.wait("!document.querySelector('main .alerts').textContent.includes('node-0')")
        try await page.wait("document.title === \(JSONValue.string(before ?? "").text)")
      }
    }
  }

  @Test func `says when the stream is gone, and takes it up again`() async throws {
    let (source, changing) = scene()
    try await browsing(source, changing: changing) { page, url in
      try await page.open(url + "/")
      try await page.wait("document.getElementById('live').textContent === 'live'")
      await changing.end()
      try await page.wait("document.documentElement.dataset.live === 'again'")
      try await page.wait("document.documentElement.dataset.live === 'live'")
    }
  }

  @Test func `is signed in by a token, and out again`() async throws {
    let token = try ReadToken(sha256: `Who may read`.digest("of everything"), name: "ana")
    try await browsing(signIn: SignIn(clock: TestClock(now: World.now)), tokens: [token]) { page, url in
      try await page.open(url + "/history", until: "document.getElementById('token')")
      try await page.wait("document.documentElement.dataset.ready === '1'")
      _ = try await page.evaluate("document.getElementById('token').value = 'of everything'")
      _ = try await page.evaluate("document.querySelector('#login button').click()")
      try await page.wait(
        "document.documentElement.dataset.page === 'history' && document.documentElement.dataset.ready")
      try await page.wait("!document.getElementById('sign-out').hidden")
      _ = try await page.evaluate("document.getElementById('sign-out').click()")
      try await page.wait("document.getElementById('token')")
    }
  }

  @Test func `answers to keys`() async throws {
    try await browsing { page, url in
      try await page.open(url + "/rules")
      try await page.press("j")
      try await page.wait("document.activeElement.matches('a.row-link')")
      let first = try await page.evaluate("document.activeElement.closest('tr').rowIndex").int
      try await page.press("j")
      try await page.wait("document.activeElement.closest('tr').rowIndex > \(first ?? 0)")
      try await page.press("k")
      try await page.wait("document.activeElement.closest('tr').rowIndex === \(first ?? 0)")
      try await page.press("/")
      try await page.wait("document.activeElement.matches('input')")
      try await page.type("nothing has this")
      try await page.wait("[...document.querySelectorAll('#rule-rows tbody tr')].every((row) => row.hidden)")
      try await page.press("Escape")
      try await page.wait("[...document.querySelectorAll('#rule-rows tbody tr')].every((row) => !row.hidden)")
      try await page.press("Escape")
      try await page.press("?")
      try await page.wait("document.querySelector('dialog[open]')")
      _ = try await page.evaluate("document.querySelector('dialog button').click()")
      try await page.press("g")
      try await page.press("a")
      try await page.wait("document.documentElement.dataset.page === 'alerts'")
    }
  }

  @Test func `keeps the theme that somebody chose`() async throws {
    try await browsing { page, url in
      try await page.prefer(scheme: "light")
      try await page.open(url + "/")
      let light = try await page.evaluate("getComputedStyle(document.documentElement).backgroundColor").string
      _ = try await page.evaluate("document.getElementById('theme').click()")
      let dark = try await page.evaluate("getComputedStyle(document.documentElement).backgroundColor").string
      #expect(light != dark)
      try await page.open(url + "/alerts")
      #expect(try await page.evaluate("getComputedStyle(document.documentElement).backgroundColor").string == dark)
    }
  }

  @Test func `works behind a path`() async throws {
    try await browsing(externalURL: "https://alerts.example.com/belfry") { page, url in
      try await page.open(url + "/belfry/tenants/shop/projects/checkout")
      try await page.wait(
        "document.documentElement.dataset.live === 'live' || document.documentElement.dataset.live === 'again'")
      _ = try await page.evaluate("document.querySelector('.crumbs a').click()")
      try await page.wait("location.pathname === '/belfry/tenants' && document.documentElement.dataset.ready")
    }
  }
}

/// The pictures of the documentation; written with RECORD=1.
@Suite(
  .serialized,
  .enabled(
    if: Chromium.isInstalled && ProcessInfo.processInfo.environment["RECORD"] == "1",
    "pictures are made by `make screenshots`"))
struct `Pictures of the dashboard` {
  static let shots: [(name: String, path: String, width: Int, height: Int, scheme: String, language: String)] = [
    ("overview-light", "/", 1280, 760, "light", "en"), ("overview-dark", "/", 1280, 760, "dark", "en"),
    ("overview-zh", "/", 1280, 760, "light", "zh"), ("overview-phone", "/", 390, 844, "light", "en"),
    ("overview-tablet", "/", 820, 1100, "dark", "en"), ("alerts-light", "/alerts", 1280, 720, "light", "en"),
    ("alerts-phone", "/alerts", 390, 844, "dark", "en"),
    (
      "alert-light", "/alerts/\(Gallery.alerts[0].alert.fingerprint)?tenant=shop&project=checkout", 1280, 720, "light",
      "en"
    ), ("project-dark", "/tenants/shop/projects/checkout", 1280, 800, "dark", "en"),
    ("rules-light", "/rules", 1280, 640, "light", "en"), ("sync-light", "/syncs/40", 1280, 720, "light", "en"),
    ("channels-dark", "/channels", 1280, 720, "dark", "en"), ("tenants-zh", "/tenants", 820, 800, "light", "zh"),
    ("login-dark", "/login", 390, 600, "dark", "en"),
  ]

  @Test func `are made`() async throws {
    let folder = sourceFolder(of: #filePath) + "/docs/images"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try await Listening(source: Gallery.source()) { port in
      let browser = try Chromium()
      for shot in Self.shots {
        let page = try await browser.page(width: shot.width, height: shot.height)
        try await page.prefer(scheme: shot.scheme)
        try await page.accept(language: shot.language)
        try await page.open("http://127.0.0.1:\(port)" + shot.path)
        if shot.path == "/alerts" { try await page.wait("document.getElementById('alert-list').dataset.loaded") }
        if let data = Data(base64Encoded: try await page.screenshot()) {
          try data.write(to: URL(filePath: folder + "/dashboard-\(shot.name).png"))
        }
      }
      await browser.stop()
    }
  }
}

/// Serves the scene of the pictures, for whoever works on the pages: `BELFRY_GALLERY=1 swift test --filter …`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["BELFRY_GALLERY"] != nil, "set BELFRY_GALLERY to look at it"))
struct `A dashboard to look at` {
  @Test func `is served until it is stopped`() async throws {
    try await Listening(source: Gallery.source()) { port in
      print("http://127.0.0.1:\(port)/")
      _ = FileManager.default.createFile(
        atPath: ProcessInfo.processInfo.environment["BELFRY_GALLERY"] ?? "", contents: Data("\(port)".utf8))
      let (never, _) = AsyncStream.makeStream(of: Void.self)
      for await _ in never {}
    }
  }
}
