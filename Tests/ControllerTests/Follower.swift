import Foundation
import Git
import Model
import Reconciler
import Specs

@testable import Controller

/// One commit of a test's history.
struct Edit {
  var subject: String
  var author: String
  var files: [String: String?]

  init(_ subject: String, by author: String = "Ana", _ files: [String: String?]) {
    self.subject = subject
    self.author = author
    self.files = files
  }
}

extension World {
  /// Commits on the branch that is checked out, without pushing; returns the commit.
  @discardableResult
  func commit(_ edit: Edit) async throws -> String {
    for (name, text) in edit.files {
      if let text {
        try write(text, to: "alerts/" + name)
      } else {
        try FileManager.default.removeItem(atPath: path("alerts/" + name))
      }
    }
    try await git(["add", "-A"])
    try await git(by: edit.author, ["commit", "-q", "--allow-empty", "-m", edit.subject])
    return try await head()
  }

  /// Runs git as somebody.
  func git(by author: String, _ arguments: [String]) async throws {
    let address = author.lowercased() + "@example.com"
    let finished = try await run(
      "/usr/bin/env", ["git"] + arguments, in: "alerts",
      environment: [
        "GIT_AUTHOR_NAME": author, "GIT_AUTHOR_EMAIL": address, "GIT_COMMITTER_NAME": author,
        "GIT_COMMITTER_EMAIL": address,
      ])
    guard finished.code == 0 else { throw NotSeen(description: finished.errors) }
  }
}

/// Follows a repository as the sync loop does, without a controller around it, and says who changed what.
struct Follower {
  let repository: Repository
  let specs: RepositorySpecs
  private(set) var reconciler = Reconciler(limits: DeletionLimits(count: .max, share: 2))
  private(set) var book = ProvenanceBook()
  private var seen: ObjectID?
  private var ignored = IgnoredRevisions()
  private var lastCommits: [String: CommitInfo] = [:]

  init(_ path: String, folder: String = "") throws {
    repository = try Repository(at: path)
    specs = RepositorySpecs(repository, folder: folder)
  }

  private func attributing() throws -> Attributing {
    let remote = try RemoteURL.parse("https://github.com/acme/alerts.git").url
    return Attributing(
      repository: repository, specs: specs, pages: PullRequestPages(remote), ignored: ignored.commits)
  }

  private func head() throws -> ObjectID {
    guard let head = try repository.head(of: "refs/heads/main") else { throw NotSeen(description: "no main") }
    return head
  }

  /// Applies the branch's head, and attributes what that changed.
  @discardableResult
  mutating func follow() async throws -> ChangeAttribution {
    let head = try head()
    _ = try ignored.read(repository, at: head, folder: specs.folder)
    let changes =
      if let seen { try await specs.changes(from: seen, to: head) } else { try await specs.files(at: head) }
    seen = head
    let files = Set(changes.map { specs.repositoryPath($0.path) })
    for (path, commit) in try repository.lastCommits(for: files, at: head) { lastCommits[path] = commit }
    reconciler.see(changes)
    let plan = reconciler.plan(for: Revision(ref: "main", commit: head), at: .epoch)
    let found = try attributing().attribute(plan.steps, at: head, book: book, lastCommits: lastCommits)
    book.note(found.entries)
    reconciler.applied(plan)
    return found
  }

  /// Looks everything up anew, as after a first import.
  mutating func refine() async throws {
    let head = try head()
    let live = reconciler.live.scopes.keys.flatMap { reconciler.live.resources(in: $0).values }
    var merges = MergeIndex()
    let refiner = Refiner(attributing: try attributing(), path: repository.path, tip: head)
    let found = try await refiner.search(live.map { Refiner.Work(resource: $0, head: head) }, &merges)
    for (id, entry) in found { book.note([id: entry]) }
  }

  /// By whom, and in which commit, each rule was changed last: `Ana: Begin`.
  func rules() throws -> [String: String] {
    var found: [String: String] = [:]
    for (resource, rule, index) in liveRules { found[rule] = try told(book[resource.id]?.rule(index)) }
    return found
  }

  /// The same of every resource, by its name.
  func resources() throws -> [String: String] {
    var found: [String: String] = [:]
    for scope in reconciler.live.scopes.keys {
      for id in reconciler.live.resources(in: scope).keys { found[id.name] = try told(book[id]?.own) }
    }
    return found
  }

  func change(ofRule name: String) -> LastChange? {
    liveRules.first { $0.rule == name }.flatMap { book[$0.resource.id]?.rule($0.index) }
  }

  private var liveRules: [(resource: Resource, rule: String, index: Int)] {
    reconciler.live.scopes.keys.flatMap { reconciler.live.resources(in: $0).values }.flatMap { resource in
      guard case .ruleGroup(let group) = resource.spec else { return [(Resource, String, Int)]() }
      return group.rules.enumerated().map { (resource, $1.name, $0) }
    }
  }

  private func told(_ change: LastChange?) throws -> String {
    guard let change else { return "nobody" }
    return change.author.prefix { $0 != " " } + ": " + (try repository.commit(change.commit).subject)
  }
}
