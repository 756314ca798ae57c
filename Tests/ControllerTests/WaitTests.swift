import Foundation
import JSON
import Model
import Testing

@testable import Controller

@Suite struct `belfry wait` {
  private func wait(
    _ world: borrowing World, _ controller: RunningController, _ arguments: String...
  ) async throws -> Finished {
    try await world.run(World.belfry, ["wait", "--url", controller.url] + arguments, in: "alerts")
  }

  @Test func `returns when the commit is live, with what each stage took`() async throws {
    try await inWorld { world in
      let first = try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      let commit = try await world.commit(["tenants/shop/api/rules.yaml": World.rules([("Slow", "slow > 1")])])
      let all = try await wait(world, controller, "--timeout", "20s", "--evaluated")
      #expect(all.code == 0, "\(all.errors)")
      #expect(all.output.hasPrefix("applied \(commit.prefix(8)) in platform, shop, shop/api, waited "), "\(all.output)")
      #expect(all.output.contains("fetch ") && all.output.split(separator: "\n").count == 1)
      let short = try await wait(
        world, controller, "--revision", String(first.prefix(7)), "--tenant", "shop", "--format", "json")
      #expect(short.code == 0, "\(short.errors)")
      let document = try JSONValue(parsing: Array(short.output.utf8))
      #expect(document["outcome"]?.string == "applied")
      #expect(document["sha"]?.string == first)
      #expect(document["supersededBy"]?.string?.hasSuffix(commit) == true)
      let scopes = document["scopes"]?.array ?? []
      #expect(scopes.map { $0["scope"]?.string } == ["shop", "shop/api"])
      #expect(scopes.map { $0["outcome"]?.string } == ["superseded", "superseded"])
    }
  }

  @Test func `fails at once for a held scope, with the findings, and only for that one`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: ["tenants/shop/web/rules.yaml": World.rules([("WebDown", "web == 0")])])
      let controller = try await world.syncedController()
      let commit = try await world.commit(["tenants/shop/api/rules.yaml": "groups: 5\n"])
      let held = try await wait(world, controller, "--timeout", "20s")
      #expect(held.code == 3)
      #expect(held.errors.contains("\(commit.prefix(8)) is held in shop/api"), "\(held.errors)")
      #expect(held.errors.contains("tenants/shop/api/rules.yaml:1:9: error: "), "\(held.errors)")
      let web = try await wait(world, controller, "--tenant", "shop", "--project", "web", "--timeout", "20s")
      #expect(web.code == 0, "\(web.errors)")
      let document = try await controller.get("revisions/\(commit)")
      let scopes = document["scopes"]?.array ?? []
      #expect(scopes.first { $0["scope"]?.string == "shop/api" }?["outcome"]?.string == "held")
      #expect(scopes.first { $0["scope"]?.string == "shop/web" }?["outcome"]?.string == "applied")
      // What comes later and mends it contains the commit.
      let mended = try await world.commit(["tenants/shop/api/rules.yaml": World.rules([("Down", "up == 0")])])
      try await controller.applies(mended)
      let later = try await wait(world, controller, "--revision", commit)
      #expect(later.code == 0 && later.output.contains("by \(mended.prefix(8)), which contains it"), "\(later.output)")
    }
  }

  @Test func `a commit that never was the head counts as applied with its successor`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try await world.git(["commit", "-q", "--allow-empty", "-m", "Between"])
      let between = try await world.head()
      try await world.commit(["tenants/shop/api/rules.yaml": World.rules([("Slow", "slow > 1")])])
      let finished = try await wait(world, controller, "--revision", String(between.prefix(10)), "--timeout", "20s")
      #expect(finished.code == 0, "\(finished.errors)")
      #expect(finished.output.contains("which contains it"))
    }
  }

  @Test func `a rewritten history stops it`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try await world.git(["commit", "-q", "--amend", "-m", "Rewritten"])
      try await world.push(force: true)
      let finished = try await wait(world, controller, "--timeout", "20s")
      #expect(finished.code == 4)
      #expect(finished.errors.contains("HistoryRewritten"), "\(finished.errors)")
    }
  }

  @Test func `the time runs out for a commit that nobody pushed, and nobody answers where nobody is`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try await world.git(["commit", "-q", "--allow-empty", "-m", "Kept"])
      let never = try await wait(world, controller, "--timeout", "500ms")
      #expect(never.code == 6)
      #expect(never.errors.contains("hasn't seen"), "\(never.errors)")
      let nobody = try await world.run(
        World.belfry, ["wait", "--url", "http://127.0.0.1:1", "--timeout", "20s"], in: "alerts")
      #expect(nobody.code == 6 && nobody.errors.contains("can't be reached"), "\(nobody.errors)")
    }
  }

  @Test func `waits for the first evaluation when asked to`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      world.prometheus.hold("slow > 1")
      let commit = try await world.commit([
        "tenants/shop/tenant.yaml": World.tenant(hook: world.pages.url + "/shop"),
        "platform/sources.yaml": World.source("main", world.prometheus.url, timeout: "1m"),
        "tenants/shop/api/rules.yaml": World.rules([("Slow", "slow > 1")]),
      ])
      let applied = try await wait(world, controller, "--timeout", "20s")
      #expect(applied.code == 0, "\(applied.errors)")
      let unevaluated = try await wait(world, controller, "--evaluated", "--timeout", "500ms")
      #expect(unevaluated.code == 6)
      #expect(unevaluated.errors.contains("first evaluation in shop/api"), "\(unevaluated.errors)")
      #expect(try await controller.items("syncs").first?.at("timingsMs.toFirstEvaluation") == nil)
      world.prometheus.set("slow > 1", [])
      world.prometheus.release()
      let evaluated = try await wait(world, controller, "--evaluated", "--timeout", "20s")
      #expect(evaluated.code == 0, "\(evaluated.errors)")
      let scopes = try await controller.get("revisions/\(commit)")["scopes"]?.array ?? []
      #expect(scopes.allSatisfy { $0["evaluatedAt"]?.string != nil })
      try await controller.eventually("the row has it") {
        try await controller.items("syncs").first?.at("timingsMs.toFirstEvaluation")?.double ?? 0 > 400
      }
    }
  }

  @Test func `wrong arguments say what is accepted`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      for (arguments, word) in [
        (["--revision", "no-such-branch"], "at least 7 hexadecimal digits"), (["--timeout", "soon"], "such as 90s"),
        (["--project", "api"], "--tenant"),
      ] {
        let finished = try await world.run(World.belfry, ["wait", "--url", controller.url] + arguments, in: "alerts")
        #expect(finished.code == 64 && finished.errors.contains(word), "\(finished.errors)")
      }
      let unknown = try await wait(world, controller, "--tenant", "shopp")
      #expect(unknown.code == 1 && unknown.errors.contains("no tenant 'shopp'"), "\(unknown.errors)")
    }
  }
}
