package import Model

/// Talks to a forge: sends what ``Forge`` builds, reads the answers. It retries nothing by itself.
package struct ForgeSession: Sendable {
  package let forge: Forge
  private let transport: any HTTPTransport
  private let clock: any WallClock

  /// What became of a sticky comment.
  package enum Outcome: String, Hashable, Sendable {
    case created, updated, unchanged
  }

  /// How many pages of comments are read.
  static let pageLimit = 100

  package init(_ forge: Forge, transport: any HTTPTransport, clock: any WallClock) {
    self.forge = forge
    self.transport = transport
    self.clock = clock
  }

  /// The login of the token's owner.
  package func login() async throws(ForgeError) -> String {
    do {
      let response = try await send(forge.whoAmI())
      return try ForgeAnswers.login(ForgeAnswers.document(response, "the token's owner", at: clock.now))
    } catch .forbidden where forge.kind == .github {
      let response = try await send(forge.viewer())
      return try ForgeAnswers.login(ForgeAnswers.document(response, "the token's owner", at: clock.now))
    }
  }

  /// All comments of a pull request, page by page.
  package func comments(on number: Int) async throws(ForgeError) -> [ForgeComment] {
    var all: [ForgeComment] = []
    for page in 1...Self.pageLimit {
      let response = try await send(forge.comments(on: number, page: page))
      all += try ForgeAnswers.comments(ForgeAnswers.document(response, "pull request \(number)", at: clock.now))
      guard ForgeAnswers.hasNextPage(response) else { break }
    }
    return all
  }

  /// Posts the one comment with the body's marker, or updates it; repairs what two runs at once have left.
  ///
  /// `author`: the login whose comments are ours; `nil` asks whose the token is.
  package func post(
    _ body: CommentBody, on number: Int, author: String? = nil
  ) async throws(ForgeError) -> (outcome: Outcome, id: Int) {
    let login: String
    if let author { login = author } else { login = try await self.login() }
    let found = StickyComment(body, among: try await comments(on: number), author: login)
    if let kept = found.kept {
      if found.needsUpdate { try await update(kept.id, body, on: number) }
      try await remove(found.surplus, on: number)
      return (found.needsUpdate ? .updated : .unchanged, kept.id)
    }
    let response = try await send(forge.createComment(body.text, on: number))
    let id = try ForgeAnswers.id(
      ForgeAnswers.document(response, "pull request \(number)", at: clock.now))
    // Another run may have created one between the look and the creation: the older one stays, on both sides.
    let after = StickyComment(body, among: try await comments(on: number), author: login)
    guard let kept = after.kept, !after.surplus.isEmpty else { return (.created, id) }
    if after.needsUpdate { try await update(kept.id, body, on: number) }
    try await remove(after.surplus, on: number)
    return (kept.id == id ? .created : .updated, kept.id)
  }

  /// Sets a commit's status. That it is so already is no failure: GitLab refuses to set a state twice.
  package func setStatus(_ status: CommitStatus, of commit: ObjectID) async throws(ForgeError) {
    do {
      let response = try await send(forge.setStatus(status, of: commit))
      try ForgeAnswers.check(response, "commit \(commit.short)", at: clock.now)
    } catch .refused(400, let words) where forge.kind == .gitlab && words.contains("Cannot transition status") {
      return
    }
  }

  /// The number of the pull request that brought a commit; `nil` where none did.
  package func pullRequest(of commit: ObjectID) async throws(ForgeError) -> Int? {
    do {
      let response = try await send(forge.pullRequests(of: commit))
      return ForgeAnswers.merged(
        try ForgeAnswers.document(response, "commit \(commit.short)", at: clock.now), commit)
    } catch .notFound where forge.kind == .gitea {
      return nil
    }
  }

  private func update(_ id: Int, _ body: CommentBody, on number: Int) async throws(ForgeError) {
    let response = try await send(forge.updateComment(id, body.text, on: number))
    try ForgeAnswers.check(response, "comment \(id)", at: clock.now)
  }

  private func remove(_ comments: [ForgeComment], on number: Int) async throws(ForgeError) {
    for comment in comments {
      do {
        let response = try await send(forge.deleteComment(comment.id, on: number))
        try ForgeAnswers.check(response, "comment \(comment.id)", at: clock.now)
      } catch .notFound {
        // The other run was here first.
      }
    }
  }

  private func send(_ request: HTTPRequest) async throws(ForgeError) -> HTTPResponse {
    do {
      return try await transport.send(request)
    } catch {
      throw .unreachable(error)
    }
  }
}
