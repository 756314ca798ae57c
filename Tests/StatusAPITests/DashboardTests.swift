import Hummingbird
import Model
import StatusAPI
import TestKit
import Testing

@Suite struct `The dashboard` {
  static let hostile = #"<script>alert(1)</script>"><img src=x onerror=alert(2)> ' & \u{202e}"#

  @Test func `shows what is so`() async throws {
    let answer = try await Asking().send("/")
    #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
    #expect(goldenDifference(answer.text, "dashboard.html") == nil)
  }

  @Test func `says in words what is empty`() async throws {
    var source = ScriptedSource(firing: [])
    source.document = { reader in
      var status = World.status(for: reader)
      status.alerts = AlertCounts()
      status.held = []
      status.source.revision = .init()
      status.source.poll.lastCheckAt = nil
      status.source.lastError = .init(
        message: "connection refused", since: World.now - .seconds(120), attempts: 3)
      return status
    }
    let text = try await Asking(source: source).send("/").text
    #expect(text.contains("Nothing is firing and nothing is pending."))
    #expect(text.contains("none seen yet") && text.contains(">never<"))
    #expect(text.contains("connection refused") && text.contains("first 2 min ago"))
    #expect(!text.contains("<h2>Held"))
  }

  @Test func `keeps hostile text as text`() async throws {
    var alert = World.alert(World.checkout, Self.hostile, ["instance": Self.hostile], .firing, value: .nan)
    alert.alert.annotations = [Label("summary", Self.hostile)]
    var source = ScriptedSource(firing: [alert])
    source.document = { reader in
      var status = World.status(for: reader)
      status.sync.message = Self.hostile
      status.health.message = Self.hostile
      status.source.ref = Self.hostile
      status.source.commit?.subject = Self.hostile
      return status
    }
    let text = try await Asking(source: source).send("/").text
    #expect(!text.contains("<script") && !text.contains("<img") && !text.contains("'"))
    #expect(
      text.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&gt;&lt;img src=x onerror=alert(2)&gt; &#39; &amp;"))
  }

  @Test func `needs no script, no inline style and no absolute link`() async throws {
    let text = try await Asking().send("/").text
    for forbidden in ["<script", "style=", "<style", "href=\"/", "src=", "http://", "onclick"] {
      #expect(!text.contains(forbidden), "\(forbidden)")
    }
    #expect(text.contains(#"<meta http-equiv="refresh" content="10">"#))
    let style = try await Asking().send("/assets/style.css")
    #expect(style.status == 200 && style.text.contains("prefers-color-scheme: dark"))
    #expect(style.headers[.contentType] == "text/css; charset=utf-8")
  }

  static let ages: [(seconds: Int64, told: String)] = [
    (0, "0 s ago"), (59, "59 s ago"), (60, "1 min ago"), (3599, "59 min ago"), (3600, "1 h ago"),
    (12_000, "3 h 20 min ago"), (86_400, "1 d ago"), (93_600, "1 d 2 h ago"), (900_000, "10 d ago"), (-120, "in 2 min"),
  ]

  @Test(arguments: ages)
  func `tells ages in two units at most`(seconds: Int64, told: String) async throws {
    var source = ScriptedSource()
    source.document = { reader in
      var status = World.status(for: reader)
      status.source.poll.lastCheckAt = World.now - .seconds(seconds)
      return status
    }
    #expect(try await Asking(source: source).send("/").text.contains(">" + told + "</time>"))
  }

  @Test func `works under the path of the external URL`() async throws {
    let asking = Asking(externalURL: "https://alerts.example.com/belfry/")
    #expect(try await asking.send("/belfry/").status == 200)
    #expect(try await asking.send("/belfry/api/v1/status").status == 200)
    #expect(try await asking.send("/belfry/livez").status == 200)
    #expect(try await asking.send("/api/v1/status").status == 200)
    #expect(try await asking.send("/belfryx/api/v1/status").status == 404)
    let bare = try await asking.send("/belfry")
    #expect(bare.status == 308 && bare.headers[.location] == "/belfry/")
  }
}
