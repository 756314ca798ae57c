import Foundation
import Forge
import Model
import TestKit
import Testing

@testable import Controller

private let start = Timestamp(millisecondsSinceEpoch: 1_000_000)

private func commit(_ digit: Character) throws -> ObjectID {
  try #require(ObjectID(String(repeating: digit, count: 40)))
}

private func status(_ id: ObjectID, _ context: String, _ words: String = "Synced") -> ForgeReport {
  .status(id, CommitStatus(.success, context: context, description: words))
}

@Suite struct `The queue of reports to a forge` {
  @Test func `a newer report of one commit and context takes the place of the older`() throws {
    let (one, two) = (try commit("a"), try commit("b"))
    var queue = ForgeReportQueue()
    queue.add(status(one, "x", "old"), at: start)
    queue.add(status(one, "y"), at: start)
    queue.add(status(two, "x"), at: start)
    queue.add(status(one, "x", "new"), at: start)
    #expect(queue.count == 3)
    var sent: [ForgeReport] = []
    while let next = queue.next(at: start) { sent.append(next.report) }
    #expect(sent == [status(one, "x", "new"), status(one, "y"), status(two, "x")])
    #expect(queue.due == nil)
  }

  @Test func `a failure waits longer each time, and ends`() throws {
    var queue = ForgeReportQueue()
    queue.add(status(try commit("a"), "x"), at: start)
    var now = start
    var waits: [Duration] = []
    while let next = queue.next(at: now) {
      guard queue.failed(next.report, attempts: next.attempts, pause: nil, at: now), let due = queue.due else { break }
      waits.append(due - now)
      let early = queue.next(at: due - .milliseconds(1))
      #expect(early == nil)
      now = due
    }
    #expect(waits.prefix(3) == [.seconds(2), .seconds(4), .seconds(8)])
    #expect(waits.count == 15 && waits.last == .seconds(300))
    #expect(queue.counters == .init(sent: 0, failed: 1, dropped: 0))
  }

  @Test func `a rate limit holds all back`() throws {
    let (one, two) = (status(try commit("a"), "x"), status(try commit("a"), "y"))
    var queue = ForgeReportQueue()
    queue.add(one, at: start)
    queue.add(two, at: start)
    let first = queue.next(at: start)?.report
    #expect(first == one)
    let isKept = queue.failed(one, attempts: 0, pause: .seconds(60), at: start)
    #expect(isKept)
    let early = queue.next(at: start + .seconds(59))
    #expect(early == nil)
    #expect(queue.due == start + .seconds(60))
    let later = queue.next(at: start + .seconds(60))?.report
    #expect(later == two)
  }

  @Test func `it is bounded: the oldest goes`() throws {
    var queue = ForgeReportQueue(capacity: 3)
    let id = try commit("a")
    for number in 0..<5 { queue.add(status(id, "\(number)"), at: start) }
    #expect(queue.count == 3)
    #expect(queue.counters.dropped == 2)
    let first = queue.next(at: start)?.report
    #expect(first == status(id, "2"))
    // What failed while the queue filled up again is given up, unless a newer one of its key waits: that one counts.
    queue.add(status(id, "5"), at: start)
    let isGivenUp = !queue.failed(status(id, "2"), attempts: 0, pause: nil, at: start)
    #expect(isGivenUp)
    let isReplaced = queue.failed(status(id, "3", "old"), attempts: 0, pause: nil, at: start)
    #expect(isReplaced)
    let second = queue.next(at: start)?.report
    #expect(second == status(id, "3"))
  }
}

@Suite struct `Where the forge is` {
  @Test(arguments: [
    ("https://github.com/acme/alerts.git", "https://github.com", "acme/alerts"),
    ("https://ana:secret@git.example.com:8443/acme/alerts/", "https://git.example.com:8443", "acme/alerts"),
    ("ssh://git@git.example.com:2222/group/sub/alerts.git", "https://git.example.com", "group/sub/alerts"),
    ("git@git.example.com:acme/alerts.git", "https://git.example.com", "acme/alerts"),
    ("http://127.0.0.1:3000/acme/alerts", "http://127.0.0.1:3000", "acme/alerts"),
  ]) func `follows from the repository's address`(remote: String, url: String, repository: String) throws {
    let place = try #require(ForgeSettings.place(of: remote))
    #expect(place.url == url)
    #expect(place.repository == repository)
  }

  @Test(arguments: ["file:///srv/alerts.git", "/srv/alerts.git", "https://host", "https://host/alerts", ""])
  func `or it doesn't`(remote: String) {
    #expect(ForgeSettings.place(of: remote) == nil)
  }

  @Test func `settings that don't go together are told`() async throws {
    try await inWorld { world in
      let repo = ["run", "--repo", "file:///nowhere/x.git"]
      for (arguments, words) in [
        (["--forge", "svn"], "github, gitlab, gitea"), (["--forge", "gitea"], "needs --forge-token-file"),
        (["--forge-repo", "a/b"], "--forge-repo needs --forge"),
        (["--forge", "github", "--forge-token-file", world.path("none")], "needs --forge-repo owner/name"),
        (["--forge", "github", "--forge-repo", "a/b", "--forge-token-file", world.path("none")], "No such file"),
        (["--forge", "gitea", "--forge-repo", "a/b", "--forge-token-file", world.path("none")], "no usual address"),
      ] {
        let finished = try await world.run(World.belfry, repo + arguments)
        #expect(finished.code == 64, "\(arguments)")
        #expect(finished.errors.contains(words), "\(arguments): \(finished.errors)")
      }
    }
  }
}

@Suite struct `Outcomes after a merge` {
  private static let broken = "groups:\n  - name: g\n    rules:\n      - alert: Web\n        expr: 'up =='\n"

  private func settings(_ world: borrowing World, _ stub: ForgeStub) throws -> [String] {
    try world.write(ForgeStub.token, to: "forge-token")
    return [
      "--forge", stub.kind.rawValue, "--forge-url", stub.url, "--forge-repo", ForgeStub.repository,
      "--forge-token-file",
      world.path("forge-token"), "--external-url", "https://belfry.example.com",
    ]
  }

  @Test(arguments: ForgeStub.Kind.allCases)
  func `scopes get statuses, and the pull request of a held one a comment, updated when it is released`(
    kind: ForgeStub.Kind
  ) async throws {
    try await inWorld { world in
      let stub = try ForgeStub(kind)
      defer { stub.stop() }
      let first = try await world.makeRepository(with: [:])
      let controller = try await world.syncedController(try settings(world, stub))
      try await controller.eventually("the first commit has statuses") {
        stub.status("belfry/shop/api", of: first)?.state == "success"
      }
      #expect(stub.status("belfry/platform", of: first)?.description.hasPrefix("Synced: ") == true)

      let merge = kind == .gitlab ? "Merge\n\nSee merge request acme/alerts!41" : "Merge pull request #41 from ana/web"
      let bad = try await world.commit(
        [
          "tenants/shop/web/rules.yaml": Self.broken, "tenants/shop/api/rules.yaml": World.rules([("Down", "up == 2")]),
        ], merge)
      try await controller.eventually("the comment is there") { !stub.comments(on: 41).isEmpty }
      let held = try #require(stub.status("belfry/shop/web", of: bad))
      #expect(held.state == (kind == .gitlab ? "failed" : "failure"))
      #expect(held.description.hasPrefix("Held: tenants/shop/web/rules.yaml:5: "), "\(held)")
      #expect(held.targetURL == "https://belfry.example.com")
      #expect(stub.status("belfry/shop/api", of: bad)?.description == "Synced: 1 change applied")
      #expect(stub.status("belfry/platform", of: bad) == nil)
      let text = stub.comments(on: 41)[0].body
      for words in [
        "<!-- belfry:outcome -->\n### Belfry: 1 scope not applied", "**shop/web** is held (ValidationFailed)",
        "\(bad.prefix(8)) (Ana)", "tenants/shop/web/rules.yaml:5:", "Nothing of this scope was applied yet",
        "**To release it**",
      ] { #expect(text.contains(words), "\(text)") }

      // Another's merge is not to blame.
      let other = try await world.commit(
        ["tenants/shop/api/rules.yaml": World.rules([("Down", "up == 3")])], "Other (#42)")
      try await controller.eventually("the other's status is there") {
        stub.status("belfry/shop/api", of: other)?.state == "success"
      }
      #expect(stub.status("belfry/shop/web", of: other) == nil)

      let good = try await world.commit(
        ["tenants/shop/web/rules.yaml": World.rules([("Web", "web == 0")])], "Mend (#43)")
      try await controller.eventually("the comment says so") { stub.comments(on: 41)[0].body.contains("is released") }
      #expect(stub.comments(on: 41)[0].body.contains("since \(good.prefix(8))"))
      try await controller.eventually("the status says so") {
        stub.status("belfry/shop/web", of: good)?.state == "success"
      }
      #expect(stub.comments(on: 41).count == 1)
      #expect(stub.comments(on: 42).isEmpty && stub.comments(on: 43).isEmpty)
      #expect(!controller.log.contains(ForgeStub.token))
    }
  }

  @Test func `a forge that is down delays no sync, and gets all later; a restart repeats no comment`() async throws {
    try await inWorld { world in
      let stub = try ForgeStub(.github)
      defer { stub.stop() }
      try await world.makeRepository(with: [:])
      let options = try settings(world, stub)
      let controller = try await world.syncedController(options)
      try await controller.eventually("the first statuses are there") { stub.statuses.count >= 3 }
      stub.script([LoopbackAnswer(status: 502), LoopbackAnswer(body: "", delivery: .dropped)])
      let bad = try await world.commit(["tenants/shop/web/rules.yaml": Self.broken], "no number here")
      stub.setPullRequest(77, of: bad)
      try await controller.stands("shop/web", "Held (ValidationFailed)")
      try await controller.eventually("the comment came", within: .seconds(30)) { stub.comments(on: 77).count == 1 }
      #expect(!controller.events("forge.unreachable").isEmpty)
      _ = await controller.stop()

      let asked = stub.requests.count
      let again = try await world.controller(options)
      try await again.stands("shop/web", "Held (ValidationFailed)")
      try await again.eventually("it looked") { stub.requests.count > asked }
      _ = try await world.commit(["tenants/shop/web/rules.yaml": nil], "Take it back")
      try await again.eventually("the comment says so") { stub.comments(on: 77)[0].body.contains("is released") }
      #expect(stub.comments(on: 77).count == 1)
    }
  }

  @Test func `a forge that refuses is logged and counted`() async throws {
    try await inWorld { world in
      let stub = try ForgeStub(.gitea)
      defer { stub.stop() }
      try await world.makeRepository(with: [:])
      let options = try settings(world, stub)
      try world.write("wr0ng-token", to: "forge-token")
      let controller = try await world.syncedController(options)
      try await controller.eventually("all are logged") { controller.events("forge.report-failed").count == 3 }
      #expect(!controller.log.contains("wr0ng-token"))
      // The file is read again for each report.
      try world.write(ForgeStub.token, to: "forge-token")
      let next = try await world.commit(["tenants/shop/api/rules.yaml": World.rules([("Down", "up == 2")])])
      try await controller.eventually("the next is sent") { stub.status("belfry/shop/api", of: next) != nil }
      let metrics = try await world.run("/usr/bin/env", ["curl", "-s", controller.url + "/metrics"]).output
      #expect(metrics.contains(#"belfry_forge_reports_total{outcome="failed"} 3"#), "\(metrics)")
    }
  }

  @Test func `beyond fifty scopes one status tells of all`() async throws {
    try await inWorld { world in
      let stub = try ForgeStub(.github)
      defer { stub.stop() }
      var files: [String: String?] = [:]
      for number in 0..<60 { files["tenants/shop/p\(number)/rules.yaml"] = World.rules([("R\(number)", "up == 1")]) }
      files["tenants/shop/bad/rules.yaml"] = Self.broken
      let commit = try await world.makeRepository(with: files)
      let controller = try await world.syncedController(try settings(world, stub))
      try await controller.eventually("the summary is there") { stub.status("belfry", of: commit) != nil }
      #expect(stub.status("belfry", of: commit)?.description == "63 scopes Synced, 1 Held")
      #expect(stub.statuses.count == 1)
    }
  }
}
