import Hummingbird
import Model
import StatusAPI
import TestKit
import Testing

@Suite struct `Documents of the API` {
  static let fingerprint =
    World.alerts.first { $0.alert.scope == World.checkout && $0.alert.state == .firing }
    .map { $0.alert.fingerprint.description } ?? ""

  static let documents: [(path: String, golden: String)] = [
    ("/api/v1/status", "status.json"),
    ("/api/v1/platform", "platform.json"),
    ("/api/v1/tenants", "tenants.json"),
    ("/api/v1/tenants/shop", "tenant.json"),
    ("/api/v1/tenants/shop/projects/checkout", "project.json"),
    ("/api/v1/resources?limit=2", "resources.json"),
    ("/api/v1/resource?id=" + World.group(World.checkout).opaque, "resource-group.json"),
    ("/api/v1/resource?id=" + World.channel(.tenant("shop")).opaque, "resource-channel.json"),
    ("/api/v1/resource?id=" + ResourceID(.tenant("shop"), .silence, "migration").opaque, "resource-silence.json"),
    ("/api/v1/revisions/9f2c000", "revision.json"),
    ("/api/v1/syncs", "syncs.json"),
    ("/api/v1/syncs/3", "sync.json"),
    ("/api/v1/alerts?tenant=shop", "alerts.json"),
    ("/api/v1/alerts/" + fingerprint, "alert.json"),
    ("/api/v1/history?limit=1", "history.json"),
    ("/api/v1/deliveries", "deliveries.json"), ("/api/v1/groups", "groups.json"),
    ("/api/v1/audit?limit=1", "audit.json"),
    ("/version", "version.json"),
  ]

  @Test(arguments: documents)
  func `have the shape of their golden file`(path: String, golden: String) async throws {
    let answer = try await Asking().send(path)
    #expect(answer.status == 200)
    #expect(answer.headers[.contentType] == "application/json; charset=utf-8")
    #expect(goldenDifference(try answer.pretty, golden) == nil)
  }

  @Test func `keep credentials out of URLs`() async throws {
    for path in ["/api/v1/status", "/", Self.documents[7].path] {
      let answer = try await Asking().send(path)
      #expect(!answer.text.contains("hunter2") && !answer.text.contains("secret") && !answer.text.contains("token=1"))
    }
  }

  @Test func `are told in a 503 when the ledger can't be read`() async throws {
    let asking = Asking(source: ScriptedSource(isLedgerReadable: false))
    for path in ["/api/v1/syncs", "/api/v1/syncs/3", "/api/v1/history", "/api/v1/deliveries", "/api/v1/audit"] {
      let answer = try await asking.send(path)
      #expect(answer.status == 503)
      #expect(try answer.errorMessage == "the ledger can't be read: disk I/O error")
    }
    let page = try await asking.send("/")
    #expect(page.status == 200 && page.text.contains("the ledger can&#39;t be read"))
  }
}

@Suite struct `Entity tags` {
  @Test(arguments: ["/api/v1/status", "/api/v1/tenants", "/api/v1/tenants/shop", "/api/v1/alerts", "/api/v1/resources"])
  func `spare the body of what the reader has`(path: String) async throws {
    let responder = Asking()
    // One process answers both, since tags differ from one process to the next.
    let answers = try await responder.sendTwice(path)
    #expect(answers.first.status == 200)
    #expect(answers.second.status == 304 && answers.second.text.isEmpty)
    #expect(answers.first.headers[.eTag] == answers.second.headers[.eTag])
    #expect(answers.second.headers[.contentLength] == nil)
  }

  @Test func `differ from process to process and from reader to reader`() async throws {
    let first = try await Asking().send("/api/v1/status")
    let second = try await Asking().send("/api/v1/status")
    #expect(first.headers[.eTag] != second.headers[.eTag])
    #expect(first.headers[.vary] == "Authorization, Accept-Encoding")
  }

  @Test func `are compared weakly, in lists and with the asterisk`() async throws {
    for form in ["*", "W/\"x\", TAG", "TAG", "\"x\",TAG "] {
      let answers = try await Asking().sendTwice("/api/v1/status", form: form)
      #expect(answers.second.status == 304, "\(form)")
    }
    let other = try await Asking().sendTwice("/api/v1/status", form: "\"x\"")
    #expect(other.second.status == 200)
  }
}
