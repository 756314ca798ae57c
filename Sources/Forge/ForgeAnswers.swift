package import JSON
package import Model

/// A comment on a pull request.
package struct ForgeComment: Hashable, Sendable {
  package let id: Int
  /// The login of who wrote it; `""` where the account is gone.
  package let author: String
  package let body: String

  package init(id: Int, author: String, body: String) {
    self.id = id
    self.author = author
    self.body = body
  }
}

/// Reads what forges answer. Nothing in an answer is trusted to be there, or to be of the documented type.
package enum ForgeAnswers {
  /// The document of an answer that succeeded.
  ///
  /// `what` names what was asked for, in errors. `now` dates the limits that forges give as instants.
  package static func document(_ response: HTTPResponse, _ what: String, at now: Timestamp) throws(ForgeError)
    -> JSONValue
  {
    try check(response, what, at: now)
    do {
      return try JSONValue(parsing: response.body)
    } catch {
      throw .unreadable("\(what): no JSON")
    }
  }

  /// Whether an answer is a success; otherwise throws what it says.
  package static func check(_ response: HTTPResponse, _ what: String, at now: Timestamp) throws(ForgeError) {
    let words = { message(of: response) }
    switch response.status {
    case 200..<300: return
    case 401: throw .unauthorised(words())
    case 403, 429:
      if let pause = pause(response, at: now) { throw .throttled(pause) }
      throw .forbidden(words())
    case 404: throw .notFound(what)
    case 300..<400:
      throw .refused(
        status: response.status, "it answers from elsewhere: was the repository renamed, or is the address http?")
    case 500...: throw .unavailable(status: response.status)
    default: throw .refused(status: response.status, words())
    }
  }

  /// How long a rate limit lasts: `Retry-After` in seconds, or a reset as an instant once nothing remains; at least a
  /// second, at most an hour. GitHub's second limit may give neither, and asks for a minute.
  private static func pause(_ response: HTTPResponse, at now: Timestamp) -> Duration? {
    func number(_ name: String) -> Int64? { response.header(name).flatMap { Int64($0) } }
    func held(_ seconds: Int64) -> Duration { .seconds(min(max(seconds, 1), 3600)) }
    if let seconds = number("Retry-After") { return held(seconds) }
    for (left, reset) in [("x-ratelimit-remaining", "x-ratelimit-reset"), ("RateLimit-Remaining", "RateLimit-Reset")] {
      guard number(left) == 0, let instant = number(reset) else { continue }
      return held(min(max(instant, 0), 1 << 40) - now.millisecondsSinceEpoch / 1000)
    }
    let isLimit = response.status == 429 || message(of: response).lowercased().contains("rate limit")
    return isLimit ? .seconds(60) : nil
  }

  /// What the answer says went wrong, in one line.
  static func message(of response: HTTPResponse) -> String {
    guard let value = try? JSONValue(parsing: response.body) else { return "" }
    var words: [String] = []
    for name in ["message", "error"] { words += value[name]?.leaves ?? [] }
    for error in value["errors"]?.array ?? [] { words += error["message"]?.leaves ?? error.leaves }
    return words.prefix(5).joined(separator: "; ").onOneLine(atMost: 300)
  }

  /// The login of the token's owner.
  package static func login(_ value: JSONValue) throws(ForgeError) -> String {
    let viewer = value["data"]?["viewer"]?["login"]
    guard let login = (value["login"] ?? value["username"] ?? viewer)?.string, !login.isEmpty else {
      throw .unreadable("who owns the token isn't told")
    }
    return login
  }

  /// A page of comments; what GitLab writes by itself is left out.
  package static func comments(_ value: JSONValue) throws(ForgeError) -> [ForgeComment] {
    guard let items = value.array else { throw .unreadable("a list of comments was expected") }
    return items.compactMap { item in
      guard item["system"]?.bool != true, let id = item["id"]?.int, let body = item["body"]?.string else { return nil }
      let author = item["user"]?["login"] ?? item["author"]?["username"]
      return ForgeComment(id: id, author: author?.string ?? "", body: body)
    }
  }

  /// Whether a next page is announced (RFC 8288: `Link: <…>; rel="next"`). Its address isn't followed: it is the same
  /// list's, one page on, and the token goes nowhere else.
  package static func hasNextPage(_ response: HTTPResponse) -> Bool {
    guard let links = response.header("Link") else { return false }
    return links.split(separator: ",").contains { link in
      link.split(separator: ";").dropFirst().contains { part in
        let word = part.filter { $0 != " " && $0 != "\"" }.lowercased()
        return word == "rel=next"
      }
    }
  }

  static func id(_ value: JSONValue) throws(ForgeError) -> Int {
    guard let id = value["id"]?.int else { throw .unreadable("a comment without id") }
    return id
  }

  /// The number of the pull request that merged `commit`: the one that names it as its merge, else the one merged first.
  package static func merged(_ value: JSONValue, _ commit: ObjectID) -> Int? {
    let candidates = (value.array ?? [value]).filter { item in
      item["merged"]?.bool == true || item["merged_at"]?.string != nil || item["state"]?.string == "merged"
    }
    let name = commit.description
    let named = candidates.first { item in
      ["merge_commit_sha", "squash_commit_sha"].contains { item[$0]?.string == name }
    }
    func number(_ item: JSONValue) -> Int? { (item["iid"] ?? item["number"])?.int }
    if let named { return number(named) }
    return candidates.min { ($0["merged_at"]?.string ?? "") < ($1["merged_at"]?.string ?? "") }.flatMap(number)
  }
}

extension JSONValue {
  /// The strings in this value: GitLab says what is wrong as a string, a list, or a list for each field.
  fileprivate var leaves: [String] {
    switch self {
    case .string(let text): [text]
    case .array(let items): items.flatMap(\.leaves)
    case .object(let members): members.flatMap { member in member.value.leaves.map { "\(member.name) \($0)" } }
    default: []
    }
  }
}
