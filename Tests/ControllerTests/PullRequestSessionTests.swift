import Foundation
import JSON
import TestKit
import Testing

@testable import Controller

/// One change from its first commit to its first evaluation, as a team meets it: over https, with a forge beside it.
@Suite struct `A pull request` {
  private static let hasTools = ["git", "python3", "openssl"].allSatisfy { tool in
    ["/usr/bin/", "/usr/local/bin/"].contains { FileManager.default.isExecutableFile(atPath: $0 + tool) }
  }

  /// Serves the world's folder over https; gives the repository's address.
  private func serve(_ world: borrowing World) async throws -> String {
    try FileManager.default.createDirectory(atPath: world.path("tls"), withIntermediateDirectories: true)
    try await world.run("/bin/sh", ["-c", GitWebScripts.certificates, "sh", world.path("tls")])
    let server = try world.start(
      "/usr/bin/env", ["python3", "-c", GitWebScripts.server, world.folder, world.path("tls"), "until a signal"])
    try await eventually("the git server listens", log: { server.errors }) { server.output.contains("\n") }
    let port = try #require(server.output.split(separator: " ").first)
    return "https://localhost:\(port)/alerts.git"
  }

  /// A machine may name authorities of its own, which a repository's settings don't replace.
  private func push(_ branch: String, _ world: borrowing World) async throws {
    let pushed = try await world.run(
      "/usr/bin/env", ["git", "push", "-q", "origin", branch], in: "alerts",
      environment: ["GIT_SSL_CAINFO": world.path("tls/ca.pem")])
    #expect(pushed.code == 0, "\(pushed.errors)")
  }

  @Test(.enabled(if: hasTools, "git, python3 and openssl are needed"))
  func `is checked, compared, commented on, merged, followed and told of`() async throws {
    try await inWorld { world in
      let forge = try ForgeStub(.github)
      defer { forge.stop() }
      world.prometheus.set("up == 0", [["instance": "web-1"]])
      try await world.makeRepository(with: [:])
      let address = try await serve(world)
      try await world.git(["-C", world.path("alerts.git"), "config", "http.receivepack", "true"], in: nil)
      try await world.git(["remote", "set-url", "origin", address])
      try world.write(ForgeStub.token, to: "forge-token")
      let controller = try await world.controller(
        [
          "--git-ca-file", world.path("tls/ca.pem"), "--forge", "github", "--forge-url", forge.url, "--forge-repo",
          ForgeStub.repository, "--forge-token-file", world.path("forge-token"),
        ], repository: address)
      try await controller.applies(try await world.head())
      try await controller.alert("Down", is: "firing")
      let url = controller.url

      // A branch: the rule that fires goes, another comes; both are found by the check and told by the diff.
      try await world.git(["checkout", "-q", "-b", "slow"])
      try world.write(World.rules([("Slow", "latency > 2")]), to: "alerts/tenants/shop/api/rules.yaml")
      try await world.git(["commit", "-q", "-a", "-m", "Page for slowness, not for being down"])
      let check = try await world.belfry("check", ".", "--format", "github", "--changed-since", "main", in: "alerts")
      #expect(check.code == 0, "\(check.output)\(check.errors)")
      let diff = try await world.belfry("diff", ".", "--live", url, "--format", "markdown", in: "alerts")
      #expect(diff.code == 0, "\(diff.errors)")
      for words in ["<!-- belfry:diff -->", "Down", "resolve", "Slow"] {
        #expect(diff.output.contains(words), "\(diff.output)")
      }
      try world.write(diff.output, to: "comment.md")
      let comment = try await world.belfry(
        "comment", "--forge", "github", "--forge-url", forge.url, "--repo", ForgeStub.repository, "--pull-request", "7",
        "--marker", "diff", "--body-file", world.path("comment.md"), "--token-file", world.path("forge-token"))
      #expect(comment.code == 0, "\(comment.errors)")
      #expect(forge.comments(on: 7).count == 1)
      try await push("slow", world)

      // The merge, with the line that the comment says to paste.
      let trailer = try #require(diff.output.split(separator: "\n").first { $0.hasPrefix("Belfry-Plan: ") })
      try await world.git(["checkout", "-q", "main"])
      let message =
        "Merge pull request #7 from ana/slow\n\nPage for slowness\n\n\(trailer)\nReviewed-by: Ben <ben@example.com>"
      try await world.git(["merge", "-q", "--no-ff", "-m", message, "slow"])
      try await push("main", world)
      let wait = try await world.belfry(
        "wait", "--revision", "HEAD", "--tenant", "shop", "--evaluated", "--timeout", "60s", "--url", url, in: "alerts")
      #expect(wait.code == 0, "\(wait.output)\(wait.errors)")

      // What everybody sees afterwards.
      let merged = try await world.head()
      let revision = try await controller.get("revisions/\(merged)")
      #expect(revision["planMatch"]?.bool == true, "\(revision.text)")
      #expect(revision["appliedEverywhere"]?.bool == true)
      try await controller.eventually("the forge has the status") {
        forge.status("belfry/shop/api", of: merged)?.description.hasPrefix("Synced") == true
      }
      try await controller.eventually("Down is gone") {
        try await !controller.alerts().contains {
          $0["labels"]?["alertname"]?.string == "Down" && $0["state"]?.string == "firing"
        }
      }
      let audit = try await world.belfry("audit", "--url", url, "--format", "json")
      #expect(audit.code == 0, "\(audit.errors)")
      for words in [##""#7""##, "Ben <ben@example.com>", "tenants/shop/api/rules.yaml"] {
        #expect(audit.output.contains(words), "\(words) in \(audit.output)")
      }
      let verified = try await world.belfry("ledger", "verify", world.path("data/ledger.sqlite"))
      #expect(verified.code == 0, "\(verified.errors)")
    }
  }
}
