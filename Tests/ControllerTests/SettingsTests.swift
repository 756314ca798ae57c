import Foundation
import Testing

@testable import Controller

@Suite struct `Settings of a controller` {
  @Test func `everything that is wrong is told at once`() async throws {
    try await inWorld { world in
      let finished = try await world.belfry(
        "run", "--commits", "sometimes", "--trust-root", "main", "--poll-interval", "soon", "--listen", "0.0.0.0:8080",
        "--log-format", "xml", "--egress-deny", "moon")
      #expect(finished.code == 64)
      for word in [
        "--repo is missing", "'soon'", "readers need a token", "text, json", "'moon'", "off, author, signed",
        "--trust-root 'main': a commit's whole id",
      ] {
        #expect(finished.errors.contains(word), "\(finished.errors)")
      }
      #expect(finished.errors.split(separator: "\n").count == 7)
    }
  }

  @Test func `a file with a misspelt key says what was meant`() async throws {
    try await inWorld { world in
      try world.write("repo: file:///nowhere\npoll_intervall: 5s\n", to: "belfry.yaml")
      let finished = try await world.belfry("run", "--config", world.path("belfry.yaml"))
      #expect(finished.code == 64)
      #expect(finished.errors.contains("no setting is named 'poll_intervall'; did you mean 'poll_interval'?"))
      let missing = try await world.belfry("run", "--config", world.path("none.yaml"))
      #expect(missing.code == 64)
    }
  }

  @Test func `flags win over variables, and variables over the file`() throws {
    let file = "repo: https://git.example.com/file.git\npoll_interval: 30s\ngrace_period: 5s\n"
    let variables = ["BELFRY_POLL_INTERVAL": "20s", "BELFRY_DATA_DIR": "by-variable"]
    let settings = try Settings(
      SettingValues(
        flags: ["data-dir": "by-flag"], environment: { variables[$0] },
        file: ("belfry.yaml", Array(file.utf8))))
    #expect(settings.dataFolder == "by-flag")
    #expect(settings.pollInterval == .seconds(20))
    #expect(settings.gracePeriod == .seconds(5))
  }

  @Test func `a controller runs by variables alone`() async throws {
    try await inWorld { world in
      let commit = try await world.makeRepository(with: [:])
      let finished = try await world.run(
        World.belfry, ["run", "--once"],
        environment: [
          "BELFRY_REPO": "file://" + world.path("alerts.git"), "BELFRY_DATA_DIR": world.path("data"),
          "BELFRY_LOG_FORMAT": "json",
        ])
      #expect(finished.code == 0, "\(finished.errors)")
      #expect(finished.output.contains(commit))
      #expect(finished.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("{") })
    }
  }
}
