import Foundation
import JSON
import Model
import Synchronization
import TestKit
import Testing

@testable import Controller

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite struct `Secrets that others repeat` {
  @Test func `no secret of any kind of channel is in what the controller writes or answers`() async throws {
    try await inWorld { world in
      let echo = try EchoServer()
      defer { echo.stop() }
      let smtp = try await world.freePort()
      try world.write(Self.mailServer, to: "smtp.py")
      _ = try world.start("/usr/bin/env", ["python3", "-u", world.path("smtp.py"), String(smtp)])
      let plants = Plants()
      let channels = Self.channels(echo.url, smtp: smtp, plants)
      for (name, text) in plants.files { try world.write(text + "\n", to: "secrets/shop/" + name) }
      let names = channels.map(\.name)
      let tenant = World.tenant(hook: "http://127.0.0.1:9").replacing(
        "channel: hook", with: "channels: [\(names.joined(separator: ", "))]"
      ).replacing("group_by: [alertname]", with: "group_by: [alertname, instance]")
      try await world.makeRepository(with: [
        "tenants/shop/tenant.yaml": tenant,
        "tenants/shop/channels.yaml": channels.map { World.channel($0.name, $0.text) }.joined(separator: "---\n"),
      ])
      world.prometheus.set("up == 0", (1...8).map { ["instance": "host-\($0)"] })
      let controller = try await world.syncedController()
      try await controller.eventually("every channel was refused", within: .seconds(40)) {
        var attempts: [String: Int] = [:]
        for item in try await controller.items("deliveries?limit=1000") {
          attempts[item.at("channel.name")?.string ?? "", default: 0] += 1
        }
        return names.allSatisfy { (attempts[$0] ?? 0) >= 3 }
      }
      world.prometheus.set("up == 0", [])
      try await controller.eventually("nothing fires") { try await controller.alerts().isEmpty }
      try await controller.eventually("ends were tried") {
        try await controller.items("deliveries?limit=1000").contains { ($0["resolved"]?.int ?? 0) > 0 }
      }
      var written = try await Self.answers(of: controller)
      for arguments in [
        ["deliveries", "--limit", "1000"], ["deliveries", "--limit", "1000", "--format", "json"], ["status"],
        ["status", "--format", "json"], ["alerts"],
      ] {
        let said = try await world.run(World.belfry, arguments + ["--url", controller.url])
        written["belfry \(arguments)"] = Array((said.output + said.errors).utf8)
      }
      for name in names where name != "here" {
        let tested = try await world.run(
          World.belfry,
          ["channel", "test", name, "--tenant", "shop", "--yes", "--secrets-dir", world.path("secrets")], in: "alerts")
        written["belfry channel test \(name)"] = Array((tested.output + tested.errors).utf8)
        #expect(!tested.output.isEmpty || !tested.errors.isEmpty)
        let said = try await world.run(
          World.belfry, ["render", "--channel", name, "--tenant", "shop", "--alert", "alertname=Down"], in: "alerts")
        #expect(said.code == 0, "\(name): \(said.errors)")
        written["belfry render \(name)"] = Array((said.output + said.errors).utf8)
      }
      written.merge(try Self.files(in: world.path("data"), when: "running")) { $1 }
      _ = await controller.stop()
      written.merge(try Self.files(in: world.path("data"), when: "ended")) { $1 }
      written["stdout"] = Array(controller.process.output.utf8)
      written["stderr"] = Array(controller.log.utf8)

      // The plants were really sent, so that their absence elsewhere says something.
      let sent = Array(echo.sent.joined(separator: "\n").utf8)
      for plant in plants.all where plant.isSent {
        #expect(plant.needles.contains { sent.position(of: $0) != nil }, "\(plant.name) was never sent")
      }
      for (place, bytes) in written.sorted(by: { $0.key < $1.key }) {
        for plant in plants.all {
          for needle in plant.needles where bytes.position(of: needle) != nil {
            let found = Self.surroundings(of: needle, in: bytes)
            Issue.record("\(place) holds \(plant.name) as \(String(decoding: needle, as: UTF8.self)): \(found)")
            break
          }
        }
      }
      #expect(written.keys.contains { $0.hasSuffix("ledger.sqlite") })
    }
  }

  // MARK: What is planted

  /// A random value that stands in a secret.
  struct Plant {
    let name: String
    let core: String
    /// The whole secret.
    let text: String
    /// Whether it goes out as it is, and not as a key for signatures alone.
    let isSent: Bool

    /// What gives it away: its ends, the whole of it, percent-encoded and in Base64 at every offset.
    var needles: [[UInt8]] {
      let core = Array(core.utf8)
      let offsets = (0..<3).map { shift -> [UInt8] in
        let encoded = Array(Data([UInt8](repeating: 0, count: shift) + core).base64EncodedString().utf8)
        let unknown = (shift * 8 + 5) / 6
        return Array(encoded[unknown..<((shift + core.count) * 8 / 6)])
      }
      let encoded = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
      return [Array(core.prefix(9)), Array(core.suffix(9)), Array(encoded.utf8), Array(text.utf8)] + offsets
        + [Array(core.reversed())]
    }
  }

  final class Plants {
    private(set) var all: [Plant] = []
    var files: [(String, String)] { all.map { ($0.name, $0.text) } }

    /// Plants a secret whose text is made of a random core; returns `{secret: name}`.
    func add(_ name: String, isSent: Bool = true, _ text: (String) -> String = { $0 }) -> String {
      let letters = Array("abcdefghijkmnpqrstuvwxyz23456789")
      let core = String((0..<24).map { _ in letters.randomElement() ?? "x" })
      all.append(Plant(name: name, core: core, text: text(core), isSent: isSent))
      return "{secret: \(name)}"
    }
  }

  private static func channels(_ url: String, smtp: Int, _ plants: Plants) -> [(name: String, text: String)] {
    func address(_ name: String, _ suffix: String = "") -> String {
      plants.add(name + "-url") { "\(url)/\(name)/\($0)" + suffix }
    }
    func word(_ name: String, _ text: (String) -> String = { $0 }) -> String { plants.add(name, text) }
    /// With what has to be escaped somewhere.
    func odd(_ name: String, isSent: Bool = true) -> String {
      plants.add(name, isSent: isSent) { "a+/=&\"<" + $0 + ">%é" }
    }
    return [
      ("here", "console: {}"),
      (
        "generic",
        """
        webhook:
              url: \(address("generic"))
              headers: {X-Api-Key: \(word("generic-key"))}
              basic_auth: {username: belfry, password: \(odd("generic-password"))}
              signature: {scheme: github, secret: \(plants.add("generic-sign", isSent: false))}
        """
      ),
      (
        "query",
        "webhook: {url: \(plants.add("query-url") { "\(url)/query?token=\($0)" }), bearer_token: \(word("query-token"))}"
      ),
      (
        "tls",
        """
        webhook:
              url: 'https://127.0.0.1:\(url.split(separator: ":").last ?? "1")/tls'
              tls_config:
                ca: \(plants.add("tls-ca", isSent: false))
                cert: \(plants.add("tls-cert", isSent: false))
                key: \(plants.add("tls-key", isSent: false) { "-----BEGIN PRIVATE KEY-----\n\($0)\n-----END PRIVATE KEY-----" })
        """
      ),
      (
        "mail",
        "email: {to: [ana@example.com], from: belfry@example.com, smarthost: '127.0.0.1:\(smtp)', require_tls: false, "
          + "auth_username: belfry, auth_password: \(odd("mail-password", isSent: false))}"
      ),
      ("lark", "feishu: {url: \(address("lark")), secret: \(plants.add("lark-sign", isSent: false))}"),
      (
        "ding",
        "dingtalk: {url: \(plants.add("ding-url") { "\(url)/ding/robot/send?access_token=\($0)" }), "
          + "secret: \(plants.add("ding-sign", isSent: false) { "SEC" + $0 })}"
      ),
      ("wecom", "wecom: {url: \(plants.add("wecom-url") { "\(url)/wecom/cgi-bin/webhook/send?key=\($0)" })}"),
      ("slack", "slack: {url: \(address("slack"))}"),
      ("bot", "slack: {token: \(word("bot-token") { "xoxb-" + $0 }), channel: C012345678, api_url: '\(url)/bot'}"),
      ("teams", "teams: {url: \(plants.add("teams-url") { "\(url)/teams/workflows/x?sp=run&sig=\($0)" })}"),
      (
        "telegram",
        "telegram: {token: \(word("telegram-token") { "123456:" + $0 }), chat_id: -100123, api_url: '\(url)/telegram'}"
      ),
      ("discord", "discord: {url: \(address("discord"))}"),
      ("mattermost", "mattermost: {url: \(address("mattermost"))}"),
      (
        "ntfy",
        "ntfy: {url: '\(url)/', topic: \(word("ntfy-topic")), bearer_token: \(word("ntfy-token") { "tk_" + $0 })}"
      ),
      ("pager", "pagerduty: {routing_key: \(word("pager-key")), api_url: '\(url)/pager'}"),
      ("genie", "opsgenie: {api_key: \(word("genie-key")), api_url: '\(url)/genie'}"),
      (
        "twilio",
        "sms: {to: ['+8613800000000'], twilio: {account_sid: ACxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, "
          + "auth_token: \(word("twilio-token")), from: '+15005550006', api_url: '\(url)/twilio'}}"
      ),
      (
        "aliyun",
        "sms: {to: ['+8613800000000'], aliyun: {access_key_id: \(word("aliyun-id")), "
          + "access_key_secret: \(plants.add("aliyun-key", isSent: false)), sign_name: belfry, "
          + "template_code: SMS_123456789, api_url: '\(url)/aliyun'}}"
      ),
      (
        "am",
        "alertmanager: {url: '\(url)/am', basic_auth: {username: belfry, password: \(word("am-password"))}}"
      ),
    ]
  }

  /// A mail server that refuses every login and repeats it.
  private static let mailServer = """
    import base64, socketserver, sys
    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b'220 mail.example.com ESMTP\\r\\n')
            while True:
                line = self.rfile.readline().strip()
                if not line: return
                word = line.upper()[:4]
                if word == b'EHLO': self.wfile.write(b'250-mail.example.com\\r\\n250 AUTH PLAIN LOGIN\\r\\n')
                elif word == b'AUTH':
                    said = line.split()[-1]
                    plain = base64.b64decode(said + b'==').replace(b'\\0', b' ')
                    self.wfile.write(b'535 5.7.8 wrong: ' + line + b' that is ' + plain + b'\\r\\n')
                elif word == b'QUIT': self.wfile.write(b'221 bye\\r\\n'); return
                else: self.wfile.write(b'503 log in first\\r\\n')
    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
    Server(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
    """

  // MARK: What is searched

  /// Everything that the API answers.
  private static func answers(of controller: borrowing RunningController) async throws -> [String: [UInt8]] {
    var paths = [
      "/", "/metrics", "/version", "/livez", "/readyz?verbose=true", "/assets/style.css",
    ]
    paths += [
      "status", "platform", "tenants", "tenants/shop", "tenants/shop/projects/api", "resources?limit=1000", "syncs",
      "alerts", "groups", "history", "deliveries?limit=1000", "audit", "rules", "channels", "silences", "stats",
      "changes",
    ].map { "/api/v1/" + $0 }
    paths += [
      "/alerts", "/channels", "/history", "/rules", "/audit", "/alertmanager/api/v2/status",
      "/alertmanager/api/v2/receivers", "/alertmanager/api/v2/alerts", "/prometheus/api/v1/rules",
    ]
    for item in try await controller.items("resources?limit=1000") {
      paths.append("/api/v1/resource?id=" + (item["id"]?.string ?? "").percentEncoded)
    }
    for item in try await controller.items("syncs") { paths.append("/api/v1/syncs/\(item["id"]?.int ?? 0)") }
    var answers: [String: [UInt8]] = [:]
    for path in paths {
      guard let url = URL(string: controller.url + path) else { continue }
      let (data, response) = try await URLSession.shared.data(from: url)
      #expect((response as? HTTPURLResponse)?.statusCode == 200, "\(path)")
      answers[path] = Array(data)
    }
    return answers
  }

  /// The bytes of all files of a folder.
  private static func files(in folder: String, when: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
      files[when + " " + name] = Array(data)
    }
    return files
  }

  private static func surroundings(of needle: [UInt8], in bytes: [UInt8]) -> String {
    guard let position = bytes.position(of: needle) else { return "" }
    let from = max(0, position - 160)
    return String(decoding: bytes[from..<min(bytes.count, position + needle.count + 40)], as: UTF8.self)
  }
}

extension [UInt8] {
  /// Where these bytes begin; the standard library's search takes minutes over a ledger and hundreds of needles.
  fileprivate func position(of needle: [UInt8]) -> Int? {
    guard let first = needle.first else { return 0 }
    return withUnsafeBytes { all -> Int? in
      guard let base = all.baseAddress else { return nil }
      var from = 0
      while from + needle.count <= all.count {
        guard let found = memchr(base + from, Int32(first), all.count - needle.count + 1 - from) else { return nil }
        from = UnsafeRawPointer(found) - base
        if memcmp(base + from, needle, needle.count) == 0 { return from }
        from += 1
      }
      return nil
    }
  }
}

/// A server that refuses in different ways and repeats what it was asked.
private final class EchoServer: Sendable {
  private let server: LoopbackHTTPServer

  init() throws {
    let book = Book()
    server = try LoopbackHTTPServer { request in
      Self.answer(to: request, way: book.next(of: request.path.split(separator: "/").first.map(String.init) ?? ""))
    }
  }

  private final class Book: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    func next(of word: String) -> Int {
      counts.withLock {
        $0[word, default: word.utf8.count] += 1
        return $0[word] ?? 0
      }
    }
  }

  var url: String { server.url }
  func stop() { server.stop() }

  /// Everything that came, as text.
  var sent: [String] { server.requests.map(Self.echo) }

  private static func echo(_ request: LoopbackRequest) -> String {
    request.headers.map { $0.name + ": " + $0.value }.joined(separator: ", ") + " " + request.target + " "
      + request.text
  }

  private static func answer(to request: LoopbackRequest, way: Int) -> LoopbackAnswer {
    let echo = echo(request)
    let key = request.header("Authorization") ?? request.target
    let text = JSONValue.string(key + " " + echo).text
    let json =
      #"{"ok": false, "errcode": 310000, "code": 19001, "error": \#(text), "errmsg": \#(text), "msg": \#(text), "#
      + #""message": \#(text), "description": \#(text), "errors": [\#(text)], "error_code": 401, "Code": \#(text)}"#
    return switch way % 12 {
    case 0: LoopbackAnswer(status: 400, body: echo)
    case 1: .json(json, status: 401)
    case 2: .json(json)
    case 3: LoopbackAnswer(status: 403, body: "no: " + Data(echo.utf8).base64EncodedString())
    case 4: LoopbackAnswer(status: 429, headers: [Label("Retry-After", "1")], body: key)
    case 5: LoopbackAnswer(status: 302, headers: [Label("Location", request.target + "/again")], body: echo)
    case 6: LoopbackAnswer(status: 500, body: key.percentEncoded + " " + echo.percentEncoded)
    case 7: LoopbackAnswer(delivery: .dropped)
    case 8: LoopbackAnswer(status: 200, body: echo, delivery: .cut(afterBytes: 100))
    // Cut somewhere within the secret, if at some two hundred bytes.
    case 9: LoopbackAnswer(status: 404, body: String(repeating: "-", count: 150 + way * 7 % 60) + key + request.target)
    case 10: .json(json, status: 400)
    default: LoopbackAnswer(status: 200, body: key + echo)
    }
  }
}
