import Model
import TestKit
import Testing
import Transport

@testable import Forge

@Suite struct `A session with a forge` {
  private func session(_ stub: ForgeStub, token: String = ForgeStub.token) throws -> ForgeSession {
    let kind = try #require(ForgeKind(rawValue: stub.kind.rawValue))
    let forge = try Forge(
      kind, url: stub.url, repository: ForgeStub.repository, token: Secret(token), userAgent: "Belfry/test")
    return ForgeSession(forge, transport: try CurlTransport(version: "test"), clock: TestClock())
  }

  private func body(_ words: String) throws -> CommentBody {
    try CommentBody(words, marker: try #require(CommentMarker("diff")), limit: 65_000)
  }

  @Test(arguments: ForgeStub.Kind.allCases)
  func `one comment is created, found among many, updated, and left alone when equal`(kind: ForgeStub.Kind) async throws
  {
    let stub = try ForgeStub(kind)
    let session = try session(stub)
    for number in 0..<120 { stub.addComment(on: 4, by: "ana", "remark \(number)") }
    stub.addComment(on: 4, by: "mallory", "<!-- belfry:diff -->\nfake")
    #expect(try await session.post(body("one"), on: 4).outcome == .created)
    for number in 0..<120 { stub.addComment(on: 4, by: "ana", "later \(number)", isSystem: true) }
    #expect(try await session.post(body("two"), on: 4).outcome == .updated)
    #expect(try await session.post(body("two"), on: 4).outcome == .unchanged)
    let own = stub.comments(on: 4).filter { $0.author == ForgeStub.login }
    #expect(own.map(\.body) == ["<!-- belfry:diff -->\ntwo"])
    #expect(stub.comments(on: 4).count == 242)
    if kind != .gitea { #expect(stub.requests.contains { $0.query.contains("page=3") }) }
  }

  @Test(arguments: ForgeStub.Kind.allCases)
  func `what two runs at once have left is repaired`(kind: ForgeStub.Kind) async throws {
    let stub = try ForgeStub(kind)
    let session = try session(stub)
    stub.race(on: 4, "<!-- belfry:diff -->\nthe other's")
    let posted = try await session.post(body("ours"), on: 4)
    #expect(posted.outcome == .updated)
    #expect(stub.comments(on: 4).map(\.body) == ["<!-- belfry:diff -->\nours"])
    // And what an earlier race has left.
    stub.addComment(on: 4, by: ForgeStub.login, "<!-- belfry:diff -->\nours")
    #expect(try await session.post(body("ours"), on: 4).outcome == .unchanged)
    #expect(stub.comments(on: 4).count == 1)
  }

  @Test func `GitHub's tokens of workflows have an owner too`() async throws {
    let stub = try ForgeStub(.github)
    stub.closeUser()
    #expect(try await session(stub).login() == ForgeStub.login)
  }

  @Test(arguments: ForgeStub.Kind.allCases)
  func `statuses are set, and set again`(kind: ForgeStub.Kind) async throws {
    let stub = try ForgeStub(kind)
    let session = try session(stub)
    let commit = try #require(ObjectID(sha))
    let status = CommitStatus(.failure, context: "belfry/shop", description: "Held", targetURL: "https://b.example")
    try await session.setStatus(status, of: commit)
    try await session.setStatus(status, of: commit)
    let seen = try #require(stub.status("belfry/shop", of: sha))
    #expect(seen.state == (kind == .gitlab ? "failed" : "failure"))
    #expect(seen.targetURL == "https://b.example")
  }

  @Test(arguments: ForgeStub.Kind.allCases)
  func `the pull request of a commit is found, or there is none`(kind: ForgeStub.Kind) async throws {
    let stub = try ForgeStub(kind)
    let session = try session(stub)
    let commit = try #require(ObjectID(sha))
    #expect(try await session.pullRequest(of: commit) == nil)
    stub.setPullRequest(412, of: sha)
    #expect(try await session.pullRequest(of: commit) == 412)
  }

  @Test(arguments: ForgeStub.Kind.allCases) func `a wrong token is told, and not shown`(kind: ForgeStub.Kind)
    async throws
  {
    let stub = try ForgeStub(kind)
    let error = await #expect(throws: ForgeError.self) {
      try await session(stub, token: "s3cret").post(body("x"), on: 4)
    }
    #expect(error == .unauthorised("Bad credentials"))
    #expect(error?.description.contains("s3cret") == false)
  }

  @Test func `answers that make no sense are errors`() async throws {
    let stub = try ForgeStub(.github)
    let session = try session(stub)
    let answers: [LoopbackAnswer] = [
      .init(body: "<html>"), .json(#"{"login": 7}"#), .json("[]"), .init(status: 204), .init(body: [0xff, 0xfe]),
    ]
    for answer in answers {
      stub.script([answer])
      await #expect(throws: ForgeError.self) { try await session.login() }
    }
    stub.script([.json(#"[{"id": "x"}, 7, {"id": 1}, {"id": 2, "user": null, "body": "y"}]"#)])
    #expect(try await session.comments(on: 4) == [ForgeComment(id: 2, author: "", body: "y")])
  }

  @Test func `a list that never ends is read to a limit`() async throws {
    let stub = try ForgeStub(.github)
    let page = LoopbackAnswer(
      headers: [Label("Link", "<http://evil.example/steal>; rel=\"next\"")], body: "[]")
    stub.script(Array(repeating: page, count: 200))
    #expect(try await session(stub).comments(on: 4).isEmpty)
    #expect(stub.requests.count == ForgeSession.pageLimit)
    #expect(stub.requests.allSatisfy { $0.path.hasPrefix("/api/v3/repos/acme/alerts/") })
  }
}
