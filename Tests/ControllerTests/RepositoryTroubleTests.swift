import Foundation
import JSON
import Testing

@testable import Controller

@Suite struct `Trouble with the repository` {
  @Test func `an empty repository is told of, and its first commit is applied`() async throws {
    try await inWorld { world in
      try await world.makeRepository()
      let controller = try await world.controller()
      try await controller.eventually("the error is shown") {
        try await controller.get("status").at("source.lastError.message")?.string?.contains("push one") == true
      }
      #expect(
        try await controller.get("status").at("source.lastError.message")?.string?.contains("no commit yet") == true)
      #expect(controller.events("source.unreachable").count == 1)
      try await controller.applies(try await world.commit(world.basics, "Begin"))
      #expect(try await controller.sync(of: "shop/api") == "Synced")
      #expect(try await controller.get("status").at("source.lastError")?.isNull ?? true)
    }
  }

  @Test func `a repository that vanishes leaves everything live, and is followed again once it is back`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try FileManager.default.moveItem(atPath: world.path("alerts.git"), toPath: world.path("away.git"))
      try await controller.eventually("the error is shown") {
        try await controller.get("status").at("source.lastError.message")?.string?.contains("no repository at") == true
      }
      world.prometheus.set("up == 0", [["instance": "a"]])
      try await controller.eventually("the page arrives") { world.pages.count("Down") == 1 }
      #expect(try await controller.sync(of: "shop/api") == "Synced")
      #expect(controller.events("source.unreachable").count == 1)
      try FileManager.default.moveItem(atPath: world.path("away.git"), toPath: world.path("alerts.git"))
      try await controller.applies(try await world.commit([:]))
      #expect(controller.events("source.reachable").count == 1)
    }
  }

  @Test func `a branch that doesn't exist is told of with those that do`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.controller(["--branch", "production"])
      try await controller.eventually("the error is shown") {
        let message = try await controller.get("status").at("source.lastError.message")?.string ?? ""
        return message.contains("'production'") && message.contains("'main'")
      }
      #expect(controller.events("source.unreachable").count == 1)
    }
  }

  @Test func `rewritten history is refused, and released when the branch contains what was applied`() async throws {
    try await inWorld { world in
      let first = try await world.makeRepository(with: [
        "tenants/data/tenant.yaml": World.tenant("data", hook: world.pages.url + "/data")
      ])
      let controller = try await world.syncedController()
      try await world.git(["checkout", "-q", "--orphan", "other"])
      let rewritten = try await world.commit(
        ["tenants/shop/api/rules.yaml": World.rules([("Other", "up == 2")])], force: true)
      try await controller.stands("shop/api", "Held (HistoryRewritten)")
      try await controller.stands("data", "Held (HistoryRewritten)")
      let message = try await controller.scope("shop").at("sync.message")?.string ?? ""
      #expect(message.contains(String(rewritten.prefix(8))) && message.contains(String(first.prefix(8))))
      #expect(message.contains("git merge"))
      #expect(try await controller.get("status").at("source.revision.appliedNewest")?.string?.hasSuffix(first) == true)
      #expect(controller.events("sync.refused").count == 1)
      try await controller.eventually("the audit has it") {
        try await controller.items("audit?action=sync.refused").count == 1
      }
      try await world.git(["merge", "-q", "--allow-unrelated-histories", "-s", "ours", "-m", "Merge", first])
      try await world.push()
      try await controller.applies(try await world.head())
      for scope in ["shop/api", "shop", "data", "platform"] { try await controller.stands(scope, "Synced") }
    }
  }

  @Test func `history that is put back as it was is followed again`() async throws {
    try await inWorld { world in
      let first = try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try await world.git(["checkout", "-q", "--orphan", "other"])
      try await world.commit([:], force: true)
      try await controller.stands("shop/api", "Held (HistoryRewritten)")
      try await world.git(["push", "-q", "--force", "origin", "\(first):refs/heads/main"])
      for scope in ["shop/api", "shop", "platform"] { try await controller.stands(scope, "Synced") }
    }
  }

  @Test func `a hang-up signal looks at the repository now`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController(poll: "1h")
      let commit = try await world.commit(["tenants/shop/web/rules.yaml": World.rules([("WebDown", "web == 0")])])
      controller.process.signal(SIGHUP)
      try await controller.applies(commit, within: .seconds(2))
      // The ledger has it a moment after it is live.
      try await controller.eventually("the sync is recorded as asked by signal") {
        try await controller.items("syncs").first?["trigger"]?.string == "signal"
      }
    }
  }
}
