import Foundation
import Model
import TestKit
import Testing

@testable import Controller

@Suite struct `belfry comment` {
  private static let variables = [
    "GITHUB_TOKEN", "GITLAB_TOKEN", "GITEA_TOKEN", "GITHUB_ACTIONS", "GITLAB_CI", "GITEA_ACTIONS",
  ]

  /// Without what the machine that runs the tests may have set.
  private func cleared(_ more: [String: String]) -> [String: String] {
    Dictionary(uniqueKeysWithValues: Self.variables.map { ($0, "") }).merging(more) { $1 }
  }

  @Test(arguments: ForgeStub.Kind.allCases)
  func `posts one comment, and updates it`(kind: ForgeStub.Kind) async throws {
    try await inWorld { world in
      let stub = try ForgeStub(kind)
      defer { stub.stop() }
      try world.write("### one\n", to: "body.md")
      try world.write(ForgeStub.token + "\n", to: "token")
      let arguments = [
        "comment", "--forge", kind.rawValue, "--forge-url", stub.url, "--repo", ForgeStub.repository, "--pull-request",
        "7",
        "--marker", "prod/shop", "--body-file", world.path("body.md"), "--token-file", world.path("token"),
      ]
      let first = try await world.run(World.belfry, arguments, environment: cleared([:]))
      #expect(first.code == 0, "\(first.errors)")
      #expect(first.output.hasPrefix("created comment "))
      try world.write("### two\n", to: "body.md")
      let second = try await world.run(World.belfry, arguments, environment: cleared([:]))
      #expect(second.output.hasPrefix("updated comment "), "\(second.errors)")
      #expect(stub.comments(on: 7).map(\.body) == ["<!-- belfry:prod/shop -->\n### two\n"])
    }
  }

  @Test func `in a job, forge, repository and number are known`() async throws {
    try await inWorld { world in
      try world.write("hello", to: "body.md")
      let places: [(ForgeStub.Kind, (ForgeStub) -> [String: String])] = [
        (
          .github,
          {
            [
              "GITHUB_ACTIONS": "true", "GITHUB_API_URL": $0.url + "/api/v3", "GITHUB_REPOSITORY": "acme/alerts",
              "GITHUB_REF": "refs/pull/12/merge", "GITHUB_TOKEN": ForgeStub.token,
            ]
          }
        ),
        (
          .gitlab,
          {
            [
              "GITLAB_CI": "true", "CI_API_V4_URL": $0.url + "/api/v4", "CI_PROJECT_PATH": "acme/alerts",
              "CI_MERGE_REQUEST_IID": "12", "GITLAB_TOKEN": ForgeStub.token,
            ]
          }
        ),
        (
          .gitea,
          {
            [
              "GITHUB_ACTIONS": "true", "GITEA_ACTIONS": "true", "GITHUB_SERVER_URL": $0.url,
              "GITHUB_REPOSITORY": "acme/alerts", "GITHUB_REF": "refs/pull/12/head",
              "BELFRY_FORGE_TOKEN": ForgeStub.token,
            ]
          }
        ),
      ]
      for (kind, environment) in places {
        let stub = try ForgeStub(kind)
        defer { stub.stop() }
        let finished = try await world.belfry(
          "comment", "--body-file", world.path("body.md"), environment: cleared(environment(stub)))
        #expect(finished.code == 0, "\(finished.errors)")
        #expect(stub.comments(on: 12).map(\.body) == ["<!-- belfry:diff -->\nhello"])
      }
    }
  }

  @Test func `a dry run prints and sends nothing`() async throws {
    try await inWorld { world in
      let stub = try ForgeStub(.github)
      defer { stub.stop() }
      try world.write("hello\n", to: "body.md")
      let finished = try await world.belfry(
        "comment", "--dry-run", "--forge", "github", "--forge-url", stub.url, "--repo", "a/b", "--pull-request", "3",
        "--body-file", world.path("body.md"), environment: cleared([:]))
      #expect(finished.code == 0)
      #expect(finished.output == "<!-- belfry:diff -->\nhello\n")
      #expect(finished.errors.contains("would go to github a/b #3"))
      #expect(stub.requests.isEmpty)
    }
  }

  @Test func `what is missing or wrong is told with the remedy, and no token is shown`() async throws {
    try await inWorld { world in
      let stub = try ForgeStub(.github)
      defer { stub.stop() }
      try world.write("hello", to: "body.md")
      try world.write("", to: "empty")
      try world.write(String(repeating: "x", count: 70_000), to: "long.md")
      func comment(_ arguments: [String], _ environment: [String: String] = [:]) async throws -> Finished {
        try await world.run(World.belfry, ["comment"] + arguments, environment: cleared(environment))
      }
      let there = ["--forge", "github", "--forge-url", stub.url, "--repo", "acme/alerts", "--pull-request", "3"]
      let body = ["--body-file", world.path("body.md")]
      let token = ["GITHUB_TOKEN": "wr0ng-token"]
      let cases: [([String], [String: String], Int32, String)] = [
        (body, token, 64, "no forge is named"), (["--forge", "svn"] + body, token, 64, "github, gitlab, gitea"),
        (["--forge", "github"] + body, token, 64, "no repository is named"),
        (Array(there.dropLast(2)) + body, token, 64, "no pull request is named"),
        (there + body, [:], 64, "no token: give --token-file"), (there + body, token, 5, "doesn't know the token"),
        (there + ["--marker", "a--b"] + body, token, 64, "--marker takes"),
        (there + ["--body-file", world.path("empty")], token, 1, "empty"),
        (there + ["--body-file", world.path("none")], token, 1, "No such file"),
        (there + ["--body-file", world.path("long.md")], token, 1, "65000 are accepted"),
        (there + ["--token-file", world.path("empty")] + body, [:], 1, "holds no token"),
        (["--forge", "gitea", "--repo", "a/b", "--pull-request", "3"] + body, token, 64, "no usual address"),
        (
          ["--forge", "github", "--forge-url", "http://127.0.0.1:9", "--repo", "a/b", "--pull-request", "3"] + body,
          token,
          6, "can't be reached"
        ),
        (
          ["--forge", "github", "--forge-url", stub.url, "--repo", "acme/other", "--pull-request", "3"] + body,
          ["GITHUB_TOKEN": ForgeStub.token], 1, "(404)"
        ),
      ]
      for (arguments, environment, code, words) in cases {
        let finished = try await comment(arguments, environment)
        #expect(finished.code == code, "\(arguments): \(finished.errors)")
        #expect(finished.errors.contains(words), "\(arguments): \(finished.errors)")
        for secret in ["wr0ng-token", ForgeStub.token] {
          #expect(!finished.errors.contains(secret) && !finished.output.contains(secret))
        }
      }
      stub.script([
        LoopbackAnswer(status: 403, headers: [.init("Retry-After", "7")], body: #"{"message":"secondary rate limit"}"#)
      ])
      let limited = try await comment(there + body, ["GITHUB_TOKEN": ForgeStub.token])
      #expect(limited.code == 6)
      #expect(limited.errors.contains("wait for 7 seconds"))
    }
  }
}
