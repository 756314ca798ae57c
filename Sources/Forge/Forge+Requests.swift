import JSON
package import Model

extension Forge {
  /// Asks whose token this is.
  package func whoAmI() -> HTTPRequest { request("GET", "/user") }

  /// Asks GitHub the same for a token of an app or of a workflow, to which `/user` is closed.
  package func viewer() -> HTTPRequest {
    let base = api.hasSuffix("/api/v3") ? String(api.dropLast(3)) + "/graphql" : api + "/graphql"
    var request = request("POST", "", ["query": "query { viewer { login } }"])
    request.url = base
    return request
  }

  /// A page of a pull request's comments, from 1.
  package func comments(on number: Int, page: Int) -> HTTPRequest {
    switch kind {
    case .github: request("GET", "\(home)/issues/\(number)/comments?per_page=100&page=\(page)")
    case .gitlab:
      request("GET", "\(home)/merge_requests/\(number)/notes?order_by=created_at&sort=asc&per_page=100&page=\(page)")
    case .gitea: request("GET", "\(home)/issues/\(number)/comments?limit=50&page=\(page)")
    }
  }

  package func createComment(_ body: String, on number: Int) -> HTTPRequest {
    switch kind {
    case .github, .gitea: request("POST", "\(home)/issues/\(number)/comments", ["body": .string(body)])
    case .gitlab: request("POST", "\(home)/merge_requests/\(number)/notes", ["body": .string(body)])
    }
  }

  package func updateComment(_ id: Int, _ body: String, on number: Int) -> HTTPRequest {
    switch kind {
    case .github, .gitea: request("PATCH", "\(home)/issues/comments/\(id)", ["body": .string(body)])
    case .gitlab: request("PUT", "\(home)/merge_requests/\(number)/notes/\(id)", ["body": .string(body)])
    }
  }

  package func deleteComment(_ id: Int, on number: Int) -> HTTPRequest {
    switch kind {
    case .github, .gitea: request("DELETE", "\(home)/issues/comments/\(id)")
    case .gitlab: request("DELETE", "\(home)/merge_requests/\(number)/notes/\(id)")
    }
  }

  package func setStatus(_ status: CommitStatus, of commit: ObjectID) -> HTTPRequest {
    var members: [JSONValue.Member] = [
      .init("state", .string(status.state.word(at: kind))), .init("context", .string(status.context)),
      .init("description", .string(status.description)),
    ]
    if let url = status.targetURL { members.append(.init("target_url", .string(url))) }
    return request("POST", "\(home)/statuses/\(commit)", .object(members))
  }

  /// The pull requests that a commit belongs to; Gitea answers with the one that merged it.
  package func pullRequests(of commit: ObjectID) -> HTTPRequest {
    switch kind {
    case .github: request("GET", "\(home)/commits/\(commit)/pulls?per_page=100")
    case .gitlab: request("GET", "\(home)/repository/commits/\(commit)/merge_requests?per_page=100")
    case .gitea: request("GET", "\(home)/commits/\(commit)/pull")
    }
  }

  /// The repository's path below the API.
  private var home: String {
    switch kind {
    case .gitlab: "/projects/" + repository.percentEncoded
    case .github, .gitea: "/repos/" + repository
    }
  }

  private func request(_ method: String, _ path: String, _ body: JSONValue? = nil) -> HTTPRequest {
    var headers = [Label("User-Agent", userAgent)]
    switch kind {
    case .github:
      headers.append(Label("Accept", "application/vnd.github+json"))
      headers.append(Label("X-GitHub-Api-Version", "2022-11-28"))
      headers.append(Label("Authorization", "Bearer " + token.reveal()))
    case .gitlab:
      headers.append(Label("Accept", "application/json"))
      headers.append(Label("PRIVATE-TOKEN", token.reveal()))
    case .gitea:
      headers.append(Label("Accept", "application/json"))
      headers.append(Label("Authorization", "token " + token.reveal()))
    }
    if body != nil { headers.append(Label("Content-Type", "application/json")) }
    return HTTPRequest(
      method: method, url: api + path, headers: headers, body: body?.bytes() ?? [], options: options,
      responseLimit: 32 << 20)
  }
}
