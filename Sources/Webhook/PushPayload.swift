import JSON
import Model

/// The body of a push webhook, of which only refs and commits are read: no address in it is ever used.
struct PushPayload {
  /// The most refs that one push is read to have moved.
  private static let changeLimit = 1000

  private let root: JSONValue

  init(parsing bytes: [UInt8]) throws(WebhookRefusal) {
    do {
      root = try JSONValue(parsing: bytes)
    } catch {
      throw .malformedBody("\(error)")
    }
    guard root.members != nil else { throw .malformedBody("it is no JSON object") }
  }

  /// Whether a system hook of GitLab tells of a push.
  var isGitLabPush: Bool { ["push", "tag_push"].contains(root["object_kind"]?.string ?? root["event_name"]?.string) }

  /// The refs that were moved, as the provider writes them.
  func changes(_ provider: WebhookProvider) throws(WebhookRefusal) -> [RefChange] {
    switch provider {
    case .github, .gitea, .forgejo, .gogs: [try change(commit: head("head_commit", "id") ?? text("after"))]
    case .gitlab: [try change(commit: text("checkout_sha") ?? text("after"))]
    case .bitbucket: try bitbucketChanges()
    case .bitbucketServer: try serverChanges()
    }
  }

  private func change(commit: String?) throws(WebhookRefusal) -> RefChange {
    guard let ref = text("ref"), !ref.isEmpty else { throw .malformedBody("it has no 'ref'") }
    // A deleted ref's commit is all zeros, whatever else is told.
    return RefChange(ref: ref, commit: Self.commit(text("after")) == nil ? nil : Self.commit(commit))
  }

  /// Bitbucket Cloud: `push.changes[]`, each with `new`, or only `old` where the ref was deleted.
  private func bitbucketChanges() throws(WebhookRefusal) -> [RefChange] {
    guard let changes = root["push"]?["changes"]?.array else { throw .malformedBody("it has no 'push.changes'") }
    return changes.prefix(Self.changeLimit).compactMap { change in
      let new: JSONValue? = change["new"]?.members == nil ? .none : change["new"]
      guard let place = new ?? change["old"], let name = place["name"]?.string else { return nil }
      let folder = place["type"]?.string?.hasSuffix("tag") == true ? "refs/tags/" : "refs/heads/"
      return RefChange(ref: folder + name, commit: Self.commit(new?["target"]?["hash"]?.string))
    }
  }

  /// Bitbucket Server: `changes[]` with `ref.id` and `toHash`.
  private func serverChanges() throws(WebhookRefusal) -> [RefChange] {
    guard let changes = root["changes"]?.array else { throw .malformedBody("it has no 'changes'") }
    return changes.prefix(Self.changeLimit).compactMap { change in
      guard let ref = change["ref"]?["id"]?.string ?? change["refId"]?.string else { return nil }
      return RefChange(ref: ref, commit: Self.commit(change["toHash"]?.string))
    }
  }

  private func text(_ name: String) -> String? { root[name]?.string }
  private func head(_ name: String, _ member: String) -> String? { root[name]?[member]?.string }

  /// A commit by its name; `nil` for the zeros of a deleted ref, and for what is no name.
  private static func commit(_ text: String?) -> ObjectID? {
    text.flatMap { ObjectID($0) }.flatMap { $0.hex.utf8.allSatisfy { $0 == UInt8(ascii: "0") } ? nil : $0 }
  }
}
