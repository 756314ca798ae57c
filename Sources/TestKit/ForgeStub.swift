import JSON
import Model
import Synchronization

/// A forge on loopback, as far as comments, commit statuses and the pull requests of commits go: the paths, words, codes,
/// pages and refusals that GitHub, GitLab and Gitea document.
package final class ForgeStub: Sendable {
  /// Whose API is answered.
  package enum Kind: String, Sendable, CaseIterable {
    case github, gitlab, gitea
  }

  /// A comment on a pull request.
  package struct Comment: Hashable, Sendable {
    package var id: Int
    package var author: String
    package var body: String
    /// What GitLab writes by itself.
    package var isSystem = false
  }

  /// A status of a commit.
  package struct Status: Hashable, Sendable {
    package var commit: String
    package var context: String
    package var state: String
    package var description: String
    package var targetURL: String
  }

  private struct State {
    var comments: [Int: [Comment]] = [:]
    var nextID = 100
    var statuses: [Status] = []
    var pulls: [String: Int] = [:]
    var scripted: [LoopbackAnswer] = []
    var beforeCreation: (number: Int, author: String, body: String)?
    var isUserClosed = false
  }

  package let kind: Kind
  package static let token = "tok-Zk3v9"
  package static let login = "belfry-bot"
  package static let repository = "acme/alerts"
  private let state = Mutex(State())
  private let server: Mutex<LoopbackHTTPServer?> = Mutex(nil)

  package init(_ kind: Kind) throws {
    self.kind = kind
    let server = try LoopbackHTTPServer { [weak self] request in
      self?.answer(request) ?? LoopbackAnswer(status: 503)
    }
    self.server.withLock { $0 = server }
  }

  /// The forge's address, without the path of its API.
  package var url: String { server.withLock { $0?.url ?? "" } }
  package var requests: [LoopbackRequest] { server.withLock { $0?.requests ?? [] } }
  package func stop() { server.withLock { $0?.stop() } }

  // MARK: What it holds

  package func comments(on number: Int) -> [Comment] { state.withLock { $0.comments[number] ?? [] } }
  package var statuses: [Status] { state.withLock { $0.statuses } }

  /// The last status of a context.
  package func status(_ context: String, of commit: String) -> Status? {
    statuses.last { $0.context == context && $0.commit == commit }
  }

  package func addComment(on number: Int, by author: String, _ body: String, isSystem: Bool = false) {
    state.withLock { state in
      state.nextID += 1
      state.comments[number, default: []].append(
        Comment(id: state.nextID, author: author, body: body, isSystem: isSystem))
    }
  }

  package func setPullRequest(_ number: Int, of commit: String) { state.withLock { $0.pulls[commit] = number } }

  /// Gives these answers to the next requests, whatever they are.
  package func script(_ answers: [LoopbackAnswer]) { state.withLock { $0.scripted += answers } }

  /// Another run creates a comment just before the next one is created.
  package func race(on number: Int, _ body: String) {
    state.withLock { $0.beforeCreation = (number, Self.login, body) }
  }

  /// `/user` refuses, as GitHub's does for the tokens of workflows and apps.
  package func closeUser() { state.withLock { $0.isUserClosed = true } }

  // MARK: Answering

  private func answer(_ request: LoopbackRequest) -> LoopbackAnswer {
    if let scripted = state.withLock({ $0.scripted.isEmpty ? nil : $0.scripted.removeFirst() }) { return scripted }
    guard isAuthorised(request) else { return .json(#"{"message":"Bad credentials"}"#, status: 401) }
    var path = request.path
    let api = ["github": "/api/v3", "gitlab": "/api/v4", "gitea": "/api/v1"][kind.rawValue] ?? ""
    if kind == .github, path == "/api/graphql" {
      return .json(#"{"data":{"viewer":{"login":"\#(Self.login)"}}}"#)
    }
    guard path.hasPrefix(api) else { return .json(#"{"message":"Not Found"}"#, status: 404) }
    path = String(path.dropFirst(api.count))
    if path == "/user" { return user }
    let home = kind == .gitlab ? "/projects/acme%2Falerts" : "/repos/" + Self.repository
    guard path.hasPrefix(home + "/") else { return .json(#"{"message":"Not Found"}"#, status: 404) }
    let parts = path.dropFirst(home.count + 1).split(separator: "/").map(String.init)
    return route(request, parts) ?? .json(#"{"message":"Not Found"}"#, status: 404)
  }

  private func isAuthorised(_ request: LoopbackRequest) -> Bool {
    switch kind {
    case .github: request.header("Authorization") == "Bearer " + Self.token
    case .gitlab: request.header("PRIVATE-TOKEN") == Self.token
    case .gitea: request.header("Authorization") == "token " + Self.token
    }
  }

  private var user: LoopbackAnswer {
    if state.withLock({ $0.isUserClosed }) {
      return .json(#"{"message":"Resource not accessible by integration"}"#, status: 403)
    }
    let name = kind == .gitlab ? "username" : "login"
    return .json(#"{"id":7,"\#(name)":"\#(Self.login)"}"#)
  }

  private func route(_ request: LoopbackRequest, _ parts: [String]) -> LoopbackAnswer? {
    let comments = kind == .gitlab ? "merge_requests" : "issues"
    switch (request.method, parts.first ?? "", parts.count) {
    case ("POST", "statuses", 2): return setStatus(request, parts[1])
    case ("GET", "commits", 3), ("GET", "repository", 4): return pulls(of: parts[parts.count - 2])
    case ("GET", comments, 3): return Int(parts[1]).map { list($0, request) }
    case ("POST", comments, 3): return Int(parts[1]).map { create($0, request) }
    case ("PATCH", "issues", 3), ("DELETE", "issues", 3), ("PUT", "merge_requests", 4),
      ("DELETE", "merge_requests", 4):
      return parts.last.flatMap { Int($0) }.map { change($0, request) }
    default: return nil
    }
  }

  private func body(_ request: LoopbackRequest) -> JSONValue { (try? JSONValue(parsing: request.body)) ?? .null }

  private func list(_ number: Int, _ request: LoopbackRequest) -> LoopbackAnswer {
    let all = comments(on: number)
    // Gitea gives all comments of an issue at once, whatever page is asked for.
    guard kind != .gitea else { return .json(JSONValue.array(all.map(json)).text) }
    let query = Dictionary(
      request.query.split(separator: "&").map { pair in
        let parts = pair.split(separator: "=")
        return (String(parts[0]), Int(parts.last ?? "") ?? 0)
      }, uniquingKeysWith: { first, _ in first })
    let (page, size) = (max(1, query["page"] ?? 1), min(100, max(1, query["per_page"] ?? 30)))
    let slice = all.dropFirst((page - 1) * size).prefix(size)
    var answer = LoopbackAnswer.json(JSONValue.array(slice.map(json)).text)
    if page * size < all.count {
      let base = url + request.path
      answer.headers.append(
        Label(
          "Link",
          "<\(base)?per_page=\(size)&page=\(page + 1)>; rel=\"next\", <\(base)?per_page=\(size)&page=9>; rel=\"last\""))
    }
    return answer
  }

  private func json(_ comment: Comment) -> JSONValue {
    var members: [JSONValue.Member] = [.init("id", .integer(Int64(comment.id))), .init("body", .string(comment.body))]
    switch kind {
    case .github, .gitea: members.append(.init("user", .object([.init("login", .string(comment.author))])))
    case .gitlab:
      members.append(.init("author", .object([.init("username", .string(comment.author))])))
      members.append(.init("system", .bool(comment.isSystem)))
    }
    return .object(members)
  }

  private func refusal(of text: String?) -> LoopbackAnswer? {
    guard let text, !text.isEmpty else {
      return .json(#"{"message":{"note":["can't be blank"]}}"#, status: kind == .gitlab ? 400 : 422)
    }
    guard kind == .github, text.unicodeScalars.count > 65_536 else { return nil }
    return .json(
      #"{"message":"Validation Failed","errors":[{"message":"body is too long (maximum is 65536 characters)"}]}"#,
      status: 422)
  }

  private func create(_ number: Int, _ request: LoopbackRequest) -> LoopbackAnswer {
    let text = body(request)["body"]?.string
    if let refusal = refusal(of: text) { return refusal }
    if let race = state.withLock({ state in
      defer { state.beforeCreation = nil }
      return state.beforeCreation
    }) {
      addComment(on: race.number, by: race.author, race.body)
    }
    addComment(on: number, by: Self.login, text ?? "")
    return .json(comments(on: number).last.map { json($0).text } ?? "{}", status: 201)
  }

  private func change(_ id: Int, _ request: LoopbackRequest) -> LoopbackAnswer {
    let text = body(request)["body"]?.string
    if request.method != "DELETE", let refusal = refusal(of: text) { return refusal }
    return state.withLock { state in
      for (number, comments) in state.comments {
        guard let index = comments.firstIndex(where: { $0.id == id }) else { continue }
        guard comments[index].author == Self.login else {
          return .json(#"{"message":"Must have write access"}"#, status: 403)
        }
        if request.method == "DELETE" {
          state.comments[number]?.remove(at: index)
          return LoopbackAnswer(status: 204)
        }
        state.comments[number]?[index].body = text ?? ""
        return .json(#"{"id":\#(id)}"#)
      }
      return .json(#"{"message":"Not Found"}"#, status: 404)
    }
  }

  private func setStatus(_ request: LoopbackRequest, _ commit: String) -> LoopbackAnswer {
    let value = body(request)
    let status = Status(
      commit: commit, context: value["context"]?.string ?? "default", state: value["state"]?.string ?? "",
      description: value["description"]?.string ?? "", targetURL: value["target_url"]?.string ?? "")
    let states: Set<String>
    switch kind {
    case .github: states = ["success", "failure", "error", "pending"]
    case .gitlab: states = ["success", "failed", "pending", "running", "canceled"]
    case .gitea: states = ["success", "failure", "error", "pending", "warning"]
    }
    guard states.contains(status.state), status.context.utf16.count <= 255, status.description.utf16.count <= 140 else {
      return .json(
        #"{"message":"Validation Failed","errors":[{"message":"description is too long (maximum is 140 characters)"}]}"#,
        status: 422)
    }
    if kind == .gitlab, self.status(status.context, of: commit)?.state == status.state {
      return .json(#"{"message":"Cannot transition status via :success from :success"}"#, status: 400)
    }
    state.withLock { $0.statuses.append(status) }
    return .json(#"{"id":1}"#, status: 201)
  }

  private func pulls(of commit: String) -> LoopbackAnswer {
    let number = state.withLock { $0.pulls[commit] }
    switch kind {
    case .github:
      return .json(
        number.map {
          #"[{"number":9,"state":"open","merged_at":null},{"number":\#($0),"state":"closed","merged_at":"2026-01-01T00:00:00Z"}]"#
        }
          ?? "[]")
    case .gitlab: return .json(number.map { #"[{"iid":\#($0),"state":"merged"}]"# } ?? "[]")
    case .gitea:
      return number.map { .json(#"{"number":\#($0),"merged":true}"#) }
        ?? .json(#"{"message":"Not Found"}"#, status: 404)
    }
  }
}
