import Foundation
import JSON
import Synchronization
import TestKit
import Testing

@testable import Controller

@Suite struct `Bots, robots and mail` {
  private static func tenant(_ destination: String) -> String {
    World.tenant(hook: "http://127.0.0.1:9").replacing("webhook: {url: 'http://127.0.0.1:9'}", with: destination)
  }

  @Test func `a Slack bot keeps a group's message up to date and tells in its thread, over a restart`() async throws {
    try await inWorld { world in
      let count = Counter()
      let slack = try ScriptedVendor { request in
        .json(#"{"ok": true, "channel": "C0123456789", "ts": "1700000000.00000\#(count.next())"}"#)
      }
      defer { slack.stop() }
      try await world.makeRepository(with: [
        "tenants/shop/tenant.yaml": Self.tenant(
          "slack: {token: {secret: bot}, channel: C0123456789, api_url: '\(slack.url)/api'}")
      ])
      try world.write("xoxb-1-planted\n", to: "secrets/shop/bot")
      world.prometheus.set("up == 0", [["instance": "a"]])
      let first = try await world.syncedController()
      try await first.eventually("the message is noted") {
        try await first.items("deliveries?outcome=delivered").count == 1
      }
      #expect(slack.requests.map(\.path) == ["/api/chat.postMessage"])
      #expect(slack.requests.first?.header("Authorization") == "Bearer xoxb-1-planted")
      first.process.kill()
      _ = await first.process.ended()

      let second = try await world.syncedController()
      world.prometheus.set("up == 0", [["instance": "a"], ["instance": "b"]])
      try await second.eventually("the change is told") { slack.requests.count >= 3 }
      let update = try #require(slack.bodies(of: "/api/chat.update").first)
      #expect(update["ts"]?.string == "1700000000.000001")
      #expect(update["channel"]?.string == "C0123456789")
      #expect(update.tells("FIRING:2"), "\(update.text)")
      let note = try #require(slack.bodies(of: "/api/chat.postMessage").last)
      #expect(note["thread_ts"]?.string == "1700000000.000001", "\(note.text)")
      world.prometheus.set("up == 0", [])
      try await second.eventually("the end is shown") {
        slack.bodies(of: "/api/chat.update").last?.tells("RESOLVED") == true
      }
      #expect(slack.bodies(of: "/api/chat.update").allSatisfy { $0["ts"]?.string == "1700000000.000001" })
      #expect(!second.log.contains("xoxb-1-planted"))

      // A new firing of a group that has ended is a new message.
      try await second.eventually("the end is noted") {
        try await second.items("deliveries?outcome=delivered").contains { $0["resolved"]?.int == 2 }
      }
      let posts = slack.bodies(of: "/api/chat.postMessage").count
      world.prometheus.set("up == 0", [["instance": "c"]])
      try await second.eventually("a new message is written") {
        slack.bodies(of: "/api/chat.postMessage").dropFirst(posts).contains { $0["thread_ts"] == nil }
      }
    }
  }

  /// What a robot says with status 200, and what people are told of it.
  struct Refusal: Sendable, CustomTestStringConvertible {
    let kind: String
    let answer: String
    let words: [String]
    let outcome: String
    var testDescription: String { kind + " " + answer }
  }

  private static let refusals = [
    Refusal(
      kind: "feishu", answer: #"{"code": 19024, "msg": "Key Words Not Found"}"#,
      words: ["answered 19024 Key Words Not Found", "keyword"], outcome: "rejected"),
    Refusal(
      kind: "feishu", answer: #"{"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}"#,
      words: ["answered 19001", "the robot was removed, or its URL is wrong"], outcome: "rejected"),
    Refusal(
      kind: "dingtalk", answer: #"{"errcode": 310000, "errmsg": "sign not match"}"#,
      words: ["answered 310000 sign not match", "add 'secret'"], outcome: "rejected"),
    Refusal(
      kind: "wecom", answer: #"{"errcode": 93000, "errmsg": "invalid webhook url"}"#,
      words: ["answered 93000 invalid webhook url"], outcome: "rejected"),
  ]

  @Test(arguments: refusals) func `a robot's refusal with status 200 is told with its remedy and without its address`(
    _ refusal: Refusal
  ) async throws {
    try await inWorld { world in
      let key = "0f1e2d3c-planted-robot-key"
      let robot = try ScriptedVendor { request in
        // The address comes back in the words, as some gateways do.
        .json(refusal.answer.replacing(#""}"#, with: #" (\#(request.target))"}"#))
      }
      defer { robot.stop() }
      try await world.makeRepository(with: [
        "tenants/shop/tenant.yaml": Self.tenant("\(refusal.kind): {url: {secret: robot}}")
      ])
      try world.write("\(robot.url)/robot/send?access_token=\(key)&key=\(key)\n", to: "secrets/shop/robot")
      world.prometheus.set("up == 0", [["instance": "a"]])
      let controller = try await world.syncedController()
      let message = try await controller.degraded("Channel", "hook")
      for words in refusal.words { #expect(message.contains(words), "\(message)") }
      try await controller.eventually("it is noted") {
        try await controller.items("deliveries").contains { $0["outcome"]?.string == refusal.outcome }
      }
      let shown = try await [
        controller.get("deliveries").text, controller.get("resources").text, controller.get("status").text,
        controller.metrics(), world.belfry("deliveries", "--url", controller.url).output,
        world.belfry("status", "--url", controller.url).output, controller.log,
      ].joined(separator: "\n")
      #expect(shown.contains(refusal.words[0]))
      #expect(!shown.contains("planted"))
      // Once the robot takes messages again, the page arrives.
      robot.answers { _ in .json(#"{"code": 0, "errcode": 0, "msg": "success", "errmsg": "ok"}"#) }
      try await controller.healthy("Channel", "hook")
      try await controller.eventually("the page is delivered") {
        try await controller.items("deliveries?outcome=delivered").count >= 1
      }
    }
  }

  @Test func `the mail of an end follows on that of its beginning, in both forms`() async throws {
    try await inWorld { world in
      guard try await world.run("/usr/bin/env", ["python3", "-c", "import aiosmtpd"]).code == 0 else {
        try Test.cancel("python3 has no aiosmtpd")
      }
      let port = try await world.freePort()
      _ = try world.start(
        "/usr/bin/env",
        [
          "python3", "-u", "-m", "aiosmtpd", "-n", "-l", "127.0.0.1:\(port)", "-c", "aiosmtpd.handlers.Mailbox",
          world.path("mail"),
        ])
      try await world.makeRepository(with: [
        "tenants/shop/tenant.yaml": Self.tenant(
          "email: {to: [Ana <ana@example.com>], from: belfry@example.com, smarthost: '127.0.0.1:\(port)', "
            + "require_tls: false}")
      ])
      world.prometheus.set("up == 0", [["instance": "a"]])
      let first = try await world.controller()
      func mails() -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: world.path("mail/new")))?.count ?? 0
      }
      try await first.eventually("the first mail is noted") {
        try await first.items("deliveries?outcome=delivered").count == 1
      }
      first.process.kill()
      _ = await first.process.ended()
      let second = try await world.controller()
      try await second.alert("Down", is: "firing")
      world.prometheus.set("up == 0", [])
      try await second.eventually("the second mail is in the box") { mails() == 2 }
      let read = """
        import email, email.policy, glob, sys
        mails = [email.message_from_binary_file(open(f, 'rb'), policy=email.policy.default)
                 for f in glob.glob(sys.argv[1] + '/mail/new/*')]
        mails.sort(key=lambda m: 'RESOLVED' in m['Subject'])
        for m in mails:
            print(m['Subject'])
            print(sorted(p.get_content_type() for p in m.walk() if not p.is_multipart()), m['To'])
        ids = [set((m['References'] or m['In-Reply-To'] or '').split()) | {m['Message-ID']} for m in mails]
        print('threaded' if ids[0] & ids[1] else 'apart')
        """
      let told = try await world.run("/usr/bin/env", ["python3", "-c", read, world.folder])
      let lines = told.output.split(separator: "\n").map(String.init)
      #expect(lines.count == 5, "\(told.output)\(told.errors)")
      #expect(lines.first?.contains("FIRING:1") == true && lines.first?.contains("Down") == true, "\(told.output)")
      #expect(lines.dropFirst().first?.hasPrefix("['text/html', 'text/plain'] Ana") == true, "\(told.output)")
      #expect(lines.last == "threaded", "\(told.output)")
    }
  }
}

/// Counts from 1.
final class Counter: Sendable {
  private let value = Mutex(0)

  func next() -> Int {
    value.withLock {
      $0 += 1
      return $0
    }
  }
}
