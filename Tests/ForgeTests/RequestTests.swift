import JSON
import Model
import Testing

@testable import Forge

let sha = "9f2c41d09f2c41d09f2c41d09f2c41d09f2c41d0"

func forge(
  _ kind: ForgeKind, _ url: String? = "https://git.example.com", _ repository: String = "acme/alerts"
) throws -> Forge {
  try Forge(kind, url: url, repository: repository, token: Secret("t0ken"), userAgent: "Belfry/test")
}

@Suite struct `Requests to forges` {
  @Test(
    arguments: [
      (ForgeKind.github, nil, "https://api.github.com"), (.github, "https://github.com/", "https://api.github.com"),
      (.github, "https://api.github.com", "https://api.github.com"),
      (.github, "https://git.example.com", "https://git.example.com/api/v3"),
      (.github, "https://git.example.com/api/v3/", "https://git.example.com/api/v3"),
      (.gitlab, nil, "https://gitlab.com/api/v4"),
      (.gitlab, "https://x.example/gitlab", "https://x.example/gitlab/api/v4"),
      (.gitea, "http://127.0.0.1:3000", "http://127.0.0.1:3000/api/v1"),
    ] as [(ForgeKind, String?, String)])
  func `the API's address follows from the forge's`(kind: ForgeKind, url: String?, api: String) throws {
    #expect(try forge(kind, url).api == api)
  }

  @Test(
    arguments: [
      (ForgeKind.gitea, nil, "acme/alerts", "no usual address"),
      (.github, "git.example.com", "acme/alerts", "write it as"),
      (.github, "https://user:pass@git.example.com", "acme/alerts", "no forge's address"),
      (.github, nil, "acme", "owner/name"), (.github, nil, "acme/../alerts", "owner/name"),
      (.github, nil, "acme/alerts/x", "owner/name"), (.gitlab, nil, "acme", "project's number"),
      (.github, nil, "acme/al erts", "owner/name"), (.github, nil, "acme/?x", "owner/name"),
    ] as [(ForgeKind, String?, String, String)])
  func `what is no forge or repository is refused`(
    kind: ForgeKind, url: String?, repository: String, words: String
  ) {
    let error = #expect(throws: Forge.AddressError.self) { try forge(kind, url, repository) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("pass") == false)
  }

  @Test func `each API has its own paths and methods`() throws {
    let commit = try #require(ObjectID(sha))
    func lines(_ forge: Forge) -> [String] {
      [
        forge.whoAmI(), forge.comments(on: 4, page: 2), forge.createComment("x", on: 4),
        forge.updateComment(77, "x", on: 4), forge.deleteComment(77, on: 4),
        forge.setStatus(CommitStatus(.failure, context: "c", description: "d"), of: commit),
        forge.pullRequests(of: commit),
      ].map { request in
        "\(request.method) \(request.url.dropFirst(forge.api.count)) \(String(decoding: request.body, as: UTF8.self))"
      }
    }
    #expect(
      lines(try forge(.github)) == [
        "GET /user ", "GET /repos/acme/alerts/issues/4/comments?per_page=100&page=2 ",
        #"POST /repos/acme/alerts/issues/4/comments {"body":"x"}"#,
        #"PATCH /repos/acme/alerts/issues/comments/77 {"body":"x"}"#, "DELETE /repos/acme/alerts/issues/comments/77 ",
        #"POST /repos/acme/alerts/statuses/\#(sha) {"state":"failure","context":"c","description":"d"}"#,
        "GET /repos/acme/alerts/commits/\(sha)/pulls?per_page=100 ",
      ])
    let notes = "/projects/acme%2Fdeep%2Falerts/merge_requests/4/notes"
    #expect(
      lines(try forge(.gitlab, nil, "acme/deep/alerts")) == [
        "GET /user ", "GET \(notes)?order_by=created_at&sort=asc&per_page=100&page=2 ",
        #"POST \#(notes) {"body":"x"}"#, #"PUT \#(notes)/77 {"body":"x"}"#, "DELETE \(notes)/77 ",
        #"POST /projects/acme%2Fdeep%2Falerts/statuses/\#(sha) {"state":"failed","context":"c","description":"d"}"#,
        "GET /projects/acme%2Fdeep%2Falerts/repository/commits/\(sha)/merge_requests?per_page=100 ",
      ])
    #expect(lines(try forge(.gitea)).last == "GET /repos/acme/alerts/commits/\(sha)/pull ")
  }

  @Test(arguments: ForgeKind.allCases) func `the token stands in a header only`(kind: ForgeKind) throws {
    let request = try forge(kind).createComment("x", on: 1)
    #expect(request.headers.count { $0.value.contains("t0ken") } == 1)
    #expect(!request.url.contains("t0ken"))
    #expect("\(try forge(kind))".contains("t0ken") == false)
  }

  @Test func `statuses are cut to what GitHub takes`() {
    let status = CommitStatus(
      .failure, context: String(repeating: "c", count: 300),
      description: "a\nb\u{7}" + String(repeating: "👩‍👩‍👧‍👦", count: 60))
    #expect(status.context.utf16.count == 255)
    #expect(status.description.utf16.count <= 140)
    #expect(status.description.hasPrefix("a b "))
    #expect(status.description.hasSuffix("👩‍👩‍👧‍👦…"))
  }
}

@Suite struct `Answers of forges` {
  @Test(
    arguments: [
      (401, [:], #"{"message":"Bad credentials"}"#, "doesn't know the token (401, Bad credentials)"),
      (403, [:], #"{"message":"Resource not accessible"}"#, "may not do this (403, Resource not accessible)"),
      (403, ["Retry-After": "30"], "{}", "wait for 30 seconds"),
      (403, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1090"], "{}", "wait for 90 seconds"),
      (403, ["x-ratelimit-remaining": "12", "x-ratelimit-reset": "1090"], "{}", "may not do this"),
      (403, [:], #"{"message":"You have exceeded a secondary rate limit"}"#, "wait for 60 seconds"),
      (429, ["RateLimit-Remaining": "0", "RateLimit-Reset": "999999999999"], "", "wait for 3600 seconds"),
      (429, [:], "", "wait for 60 seconds"),
      (404, [:], "", "pull request 4 isn't there"),
      (422, [:], #"{"message":"Validation Failed","errors":[{"message":"too long"}]}"#, "Validation Failed; too long"),
      (400, [:], #"{"message":{"note":["is too long"]}}"#, "note is too long"),
      (400, [:], #"{"error":"name is missing"}"#, "name is missing"),
      (301, [:], "", "renamed"), (502, [:], "<html>", "trouble of its own (502)"),
    ] as [(Int, [String: String], String, String)])
  func `each refusal says what may be done`(status: Int, headers: [String: String], body: String, words: String) {
    let response = HTTPResponse(
      status: status, headers: headers.map { Label($0.key, $0.value) }, body: Array(body.utf8))
    let error = #expect(throws: ForgeError.self) {
      try ForgeAnswers.check(response, "pull request 4", at: Timestamp(millisecondsSinceEpoch: 1_000_000))
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    (#"<https://x/?page=2>; rel="next", <https://x/?page=9>; rel="last""#, true), ("<https://x>; rel=next", true),
    (#"<https://x/?page=1>; rel="prev""#, false), (#"<https://x?rel=next>; rel="last""#, false), ("", false),
  ]) func `a next page is announced by a link`(link: String, isThere: Bool) {
    #expect(ForgeAnswers.hasNextPage(HTTPResponse(status: 200, headers: [Label("link", link)])) == isThere)
  }

  @Test func `the pull request that names a commit as its merge comes first`() throws {
    let commit = try #require(ObjectID(sha))
    let two = """
      [{"number": 1, "merged_at": "2026-01-01T00:00:00Z", "merge_commit_sha": "00"},
       {"number": 2, "merged_at": "2026-02-01T00:00:00Z", "merge_commit_sha": "\(sha)"},
       {"number": 3, "merged_at": null, "merge_commit_sha": "\(sha)"}]
      """
    #expect(ForgeAnswers.merged(try JSONValue(parsing: two), commit) == 2)
    #expect(ForgeAnswers.merged(try JSONValue(parsing: "[]"), commit) == nil)
    #expect(ForgeAnswers.merged(try JSONValue(parsing: #"[{"iid": 5, "state": "merged"}, 7]"#), commit) == 5)
    #expect(ForgeAnswers.merged(try JSONValue(parsing: #"{"number": 6, "merged": true}"#), commit) == 6)
  }
}
