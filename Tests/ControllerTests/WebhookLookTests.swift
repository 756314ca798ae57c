import Crypto
import Foundation
import JSON
import TestKit
import Testing

@testable import Controller

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A forge that sends webhooks to a port of this machine.
struct Forge: Sendable {
  let port: Int
  let secret: String

  /// Sends GitHub's webhook of a push, and returns the status of the answer with its text.
  @discardableResult
  func push(
    _ commit: String, ref: String = "refs/heads/main", delivery: String = UUID().uuidString,
    signedWith other: String? = nil
  ) async throws -> (status: Int, text: String) {
    let body = #"{"ref": "\#(ref)", "after": "\#(commit)"}"#
    let key = SymmetricKey(data: Data((other ?? secret).utf8))
    let code = HMAC<SHA256>.authenticationCode(for: Data(body.utf8), using: key)
    var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)/hook")))
    request.httpMethod = "POST"
    request.httpBody = Data(body.utf8)
    let headers = [
      "X-GitHub-Event": "push", "X-GitHub-Delivery": delivery, "Content-Type": "application/json",
      "X-Hub-Signature-256": "sha256=" + code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined(),
    ]
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    let (data, response) = try await URLSession.shared.data(for: request)
    return ((response as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: data, as: UTF8.self))
  }
}

/// A controller that listens for webhooks.
struct Hooked {
  let controller: RunningController
  let secret: String

  var port: Int? {
    controller.events("webhook.listening").first?.split(separator: " ").first { $0.hasPrefix("port=") }
      .flatMap { Int($0.dropFirst(5)) }
  }

  /// The forge, which other tasks may use.
  func forge() throws -> Forge { Forge(port: try #require(port), secret: secret) }

  /// Sends GitHub's webhook of a push, as ``Forge`` does.
  @discardableResult
  func push(
    _ commit: String, ref: String = "refs/heads/main", signedWith other: String? = nil
  ) async throws -> (status: Int, text: String) {
    try await forge().push(commit, ref: ref, signedWith: other)
  }

  /// How often the repository was looked at because of webhooks.
  func looks() async throws -> Int {
    let line = try await controller.metrics().split(separator: "\n").first {
      $0.hasPrefix(#"belfry_source_looks_total{trigger="webhook"}"#)
    }
    return line?.split(separator: " ").last.flatMap { Double(String($0)) }.map { Int($0) } ?? -1
  }
}

extension World {
  /// A controller that polls once an hour, so that only hints make it look.
  func hooked(_ arguments: [String] = [], secret: String = "correct horse") async throws -> Hooked {
    try write(secret + "\n", to: "hook-secret")
    let controller = try await syncedController(
      ["--webhook-listen", "127.0.0.1:0", "--webhook-secret-file", path("hook-secret")] + arguments, poll: "1h")
    let hooked = Hooked(controller: controller, secret: secret)
    try await controller.eventually("webhooks are listened for") { hooked.port != nil }
    return hooked
  }
}

@Suite struct `Webhooks to a controller` {
  @Test func `one makes a commit live that the poll would have found an hour later`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let hooked = try await world.hooked()
      let commit = try await world.commit(["tenants/shop/api/rules.yaml": World.rules([("Slow", "slow > 1")])])
      let answer = try await hooked.push(commit)
      #expect(answer.status == 202, "\(answer.text)")
      try await hooked.controller.applies(commit)
      try await hooked.controller.eventually("the sync is recorded to its end") {
        try await hooked.controller.items("syncs").first?.at("timingsMs.total") != nil
      }
      let sync = try #require(try await hooked.controller.items("syncs").first)
      #expect(sync["trigger"]?.string == "webhook")
      let stages = (sync["timingsMs"]?.members ?? []).map(\.name)
      #expect(stages == ["pushToSeen", "fetch", "parse", "plan", "apply", "toFirstEvaluation", "total"])
      let status = try await hooked.controller.get("status")
      #expect(status["timingsMs"]?.members?.map(\.name) == stages)
      #expect(status.at("source.poll.lastWebhookAt")?.string != nil)
      let metrics = try await hooked.controller.metrics()
      #expect(metrics.contains(#"belfry_webhook_requests_total{provider="github",outcome="accepted"} 1"#))
      for stage in stages {
        #expect(metrics.contains(#"belfry_sync_stage_duration_seconds_count{stage="\#(stage)"}"#), "\(stage)")
      }
    }
  }

  @Test func `about another branch lead to no look, nor do forged ones`() async throws {
    try await inWorld { world in
      let commit = try await world.makeRepository(with: [:])
      let hooked = try await world.hooked()
      let other = try await hooked.push(commit, ref: "refs/heads/feature")
      #expect(other.status == 202 && other.text.contains("none of the refs that are followed"), "\(other.text)")
      #expect(try await hooked.push(commit, signedWith: "guess").status == 401)
      #expect(try await hooked.looks() == 0)
      let metrics = try await hooked.controller.metrics()
      #expect(metrics.contains(#"belfry_webhook_requests_total{provider="github",outcome="ignored"} 1"#))
      #expect(metrics.contains(#"belfry_webhook_requests_total{provider="github",outcome="unauthorised"} 1"#))
      #expect(hooked.controller.events("webhook.refused").count == 1)
      #expect(!hooked.controller.log.contains("correct horse"))
    }
  }

  @Test func `of the silences branch are followed too`() async throws {
    try await inWorld { world in
      let commit = try await world.makeRepository(with: [:])
      let hooked = try await world.hooked(["--silences-ref", "quiet"])
      #expect(try await hooked.push(commit, ref: "refs/heads/quiet").text.contains("looking"))
      try await hooked.controller.eventually("it was looked") { try await hooked.looks() == 1 }
    }
  }

  @Test func `that flood lead to few looks, and the last isn't lost`() async throws {
    try await inWorld { world in
      let first = try await world.makeRepository(with: [:])
      let hooked = try await world.hooked()
      let begun = ContinuousClock.now
      let forge = try hooked.forge()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for lane in 0..<8 {
          group.addTask {
            for number in 0..<125 {
              let answer = try await forge.push(first, delivery: number % 5 == 0 ? "again" : "\(lane)-\(number)")
              #expect(answer.status == 202)
            }
          }
        }
        try await group.waitForAll()
      }
      let seconds = Int((ContinuousClock.now - begun).components.seconds) + 1
      let commit = try await world.commit(["tenants/shop/api/rules.yaml": World.rules([("Slow", "slow > 1")])])
      try await hooked.push(commit)
      try await hooked.controller.applies(commit)
      // One a second at the most, one for what came meanwhile, and one for the last.
      let looks = try await hooked.looks()
      #expect(looks <= seconds + 3, "\(looks) looks in \(seconds) s")
      #expect(try await hooked.controller.metric("belfry_webhook_requests_total") == 1001)
      #expect(try await hooked.controller.metrics().contains(#"outcome="repeated"} 199"#))
    }
  }

  @Test func `that outrun a mirror are followed by more looks`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let hooked = try await world.hooked()
      // Announced while only the clone has it.
      try world.write(World.rules([("Slow", "slow > 1")]), to: "alerts/tenants/shop/api/rules.yaml")
      try await world.git(["commit", "-qam", "Later"])
      let commit = try await world.head()
      try await hooked.push(commit)
      try await hooked.controller.eventually("it was looked for again") { try await hooked.looks() >= 2 }
      try await world.push(force: false)
      try await hooked.controller.applies(commit)
    }
  }

  @Test func `are signed with a new secret without a restart`() async throws {
    try await inWorld { world in
      let commit = try await world.makeRepository(with: [:])
      let hooked = try await world.hooked()
      #expect(try await hooked.push(commit, signedWith: "battery staple").status == 401)
      try world.write("correct horse\nbattery staple\n", to: "hook-secret")
      try await hooked.controller.eventually("the new secret is known") {
        try await hooked.push(commit, signedWith: "battery staple").status == 202
      }
      #expect(try await hooked.push(commit).status == 202)
      try world.write("\n", to: "hook-secret")
      try await hooked.controller.eventually("what is wrong is said") {
        _ = try await hooked.push(commit)
        return hooked.controller.events("webhook.secrets-unreadable").count == 1
      }
      #expect(try await hooked.push(commit).status == 202)
    }
  }

  @Test func `need a secret, and say which file is wrong and how`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let none = try await world.run(World.belfry, world.runArguments(["--webhook-listen", "127.0.0.1:0"]))
      #expect(none.code == 64 && none.errors.contains("--webhook-secret-file"), "\(none.errors)")
      let alone = try await world.run(World.belfry, world.runArguments(["--webhook-secret-file", "x"]))
      #expect(alone.code == 64 && alone.errors.contains("--webhook-listen"), "\(alone.errors)")
      try world.write("good\n\n\n", to: "empty")
      for (file, word) in [("empty", "line 2 is empty"), ("none", "No such file")] {
        let finished = try await world.run(
          World.belfry,
          world.runArguments(["--webhook-listen", "127.0.0.1:0", "--webhook-secret-file", world.path(file)]))
        #expect(finished.code == 64 && finished.errors.contains(word), "\(finished.errors)")
      }
    }
  }
}

@Suite struct `Polling` {
  @Test func `keeps its pace after the first poll, and hints are still heard`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController(poll: "1s")
      func looks(_ trigger: String) async throws -> Double {
        RunningController.value(
          "belfry_source_looks_total",
          in: try await controller.metrics().split(separator: "\n").filter { $0.contains("\"\(trigger)\"") }
            .joined(separator: "\n"))
      }
      try await controller.eventually("it polled") { try await looks("poll") >= 1 }
      let begun = ContinuousClock.now
      let before = try await looks("poll")
      controller.process.signal(SIGHUP)
      try await controller.eventually("the hint was heard") { try await looks("signal") == 1 }
      try await controller.eventually("it polled on") { try await looks("poll") >= before + 2 }
      let polls = try await looks("poll") - before
      let seconds = Double((ContinuousClock.now - begun).components.seconds) + 1
      #expect(polls <= seconds / 0.9 + 1, "\(polls) polls in \(seconds) s")
    }
  }
}
