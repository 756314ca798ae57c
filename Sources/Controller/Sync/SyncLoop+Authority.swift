import Diagnostics
import Git
import Model
import Reconciler
import Specs

/// Rights on commits: who may change what, before anything is planned.
extension SyncLoop {
  /// The name under which the mirror keeps the newest commit at which nothing was refused.
  static let authorisedName = "authorised"

  /// What has to be read anew to follow `revision`, judged; `nil` where the whole revision is refused.
  func changes(
    to revision: Revision, _ timings: inout SyncTimings
  ) async throws(GitError) -> [(path: String, file: SpecFile?)]? {
    guard settings.commits != .off else {
      guard let seen else { return try await specs.files(at: revision.commit) }
      return try await specs.changes(from: seen, to: revision.commit)
    }
    guard var walk = try await beginning(to: revision) else { return nil }
    let verdict = try await walk.advance(to: revision.commit, at: clock.now)
    timings.end("authorise", at: clock.now)
    let files = try await walk.files(since: seen, under: self.walk)
    note(verdict, walk)
    return files
  }

  private func note(_ verdict: Authority.Verdict, _ walk: CommitWalk) {
    self.walk = walk
    refusedNow = verdict.refused
    // The rights of those who wrote silences on their branch may be others now.
    if verdict.changesBindings { silencesSeen = nil }
    reconciler.setRefusals(walk.authority.refusals.values)
    for path in verdict.released { log.event("commit.released", .info, ["path": path]) }
    logRefused(verdict.refused)
  }

  /// Where judging goes on, or begins: at what was judged already, at the trust root where that is newer, at what the
  /// ledger knows was applied, or, where nothing ever was, at the revision itself.
  private func beginning(to revision: Revision) async throws(GitError) -> CommitWalk? {
    if let root = settings.trustRoot {
      guard isAncestor(root, of: revision.commit) else {
        refuseUntrusted(revision, root)
        return nil
      }
      if let walk, isAncestor(root, of: walk.head) { return walk }
      return try await CommitWalk(settings.commits, at: root, in: specs)
    }
    if let walk { return walk }
    let root = rootFromLedger(of: revision.commit) ?? revision.commit
    return try await CommitWalk(settings.commits, at: root, in: specs)
  }

  private func refuseUntrusted(_ revision: Revision, _ root: ObjectID) {
    let message =
      "\(revision.commit.short) doesn't descend from \(root.short), the --trust-root; follow a branch that does, or "
      + "give another trust root"
    guard state.newest != nil else {
      state.failed(message, at: clock.now)
      return
    }
    guard state.attempted != revision else { return }
    state.refused(revision, .historyRewritten, message, at: clock.now)
    log.event("sync.refused", .error, ["revision": revision.description, "why": message])
  }

  /// The oldest commit that the ledger knows to have been applied, when the mirror was lost.
  private func rootFromLedger(of head: ObjectID) -> ObjectID? {
    let known = appliedByLedger.filter { isAncestor($0, of: head) }
    return known.dropFirst().reduce(known.first) { oldest, commit in
      oldest.map { isAncestor(commit, of: $0) ? commit : $0 }
    }
  }

  /// Whether one commit descends from the other; one that isn't there doesn't.
  private func isAncestor(_ ancestor: ObjectID, of commit: ObjectID) -> Bool {
    (try? mirror.repository.isAncestor(ancestor, of: commit)) ?? false
  }

  // MARK: After a restart

  /// The files at the revision that was applied last, judged again from the newest commit at which nothing was refused.
  func restoredFiles(
    at newest: ObjectID, _ applied: [String: ObjectID]
  ) async throws(GitError) -> [(path: String, file: SpecFile?)] {
    guard settings.commits != .off else { return try await specs.files(at: newest) }
    var walk = try await CommitWalk(settings.commits, at: judgedFrom(newest, applied), in: specs)
    _ = try await walk.advance(to: newest, at: clock.now)
    let files = try await walk.files(since: nil, under: nil)
    self.walk = walk
    reconciler.setRefusals(walk.authority.refusals.values)
    logRefused(walk.authority.refusals.values.sorted { $0.path.precedesInBytes($1.path) })
    return files
  }

  private func judgedFrom(_ newest: ObjectID, _ applied: [String: ObjectID]) -> ObjectID {
    // Where no policy held so far, what was applied is the root.
    guard let authorised = applied[Self.authorisedName], isAncestor(authorised, of: newest) else { return newest }
    guard let root = settings.trustRoot, isAncestor(root, of: newest) else { return authorised }
    return isAncestor(root, of: authorised) ? authorised : root
  }

  /// The ignore rules to read an older revision by, where its own may be refused ones.
  var ignoreRulesInForce: IgnoreRules? {
    guard let walk, walk.authority.refusals[RepositorySpecs.ignoreFile] != nil else { return nil }
    return walk.rules
  }

  // MARK: Records

  /// Keeps where judging may begin after a restart; without a policy, nowhere.
  func keepAuthorisedRef() throws(GitError) {
    if let walk {
      try mirror.setApplied([Self.authorisedName: walk.clean])
    } else if settings.commits == .off {
      try mirror.removeApplied(Self.authorisedName)
    }
  }

  /// A row for each commit and scope that was refused in this sync.
  func takeRefusalRows() -> [AuditRecord] {
    defer { refusedNow = [] }
    return Self.grouped(refusedNow).map { refusals in
      let first = refusals[0]
      let paths = refusals.map(\.path).joined(separator: ", ")
      return AuditRecord(
        at: clock.now, actor: first.actor, action: "commit.refused", scope: first.scope, commit: first.commit.id,
        subject: "\(paths): \(first.message)")
    }
  }

  private func logRefused(_ refusals: [Refusal]) {
    for refusals in Self.grouped(refusals) {
      let first = refusals[0]
      log.event(
        "commit.refused", .warning,
        [
          "commit": first.commit.id.short, "scope": first.scope.description, "path": first.path,
          "paths": "\(refusals.count)", "why": first.message,
        ])
    }
  }

  /// By commit and scope, each group at least one, in the order in which they were refused.
  private static func grouped(_ refusals: [Refusal]) -> [[Refusal]] {
    struct Key: Hashable {
      let commit: ObjectID
      let scope: Scope
    }
    var groups: [[Refusal]] = []
    var places: [Key: Int] = [:]
    for refusal in refusals {
      let key = Key(commit: refusal.commit.id, scope: refusal.scope)
      if let place = places[key] {
        groups[place].append(refusal)
      } else {
        places[key] = groups.count
        groups.append([refusal])
      }
    }
    return groups
  }

  /// The commits that findings are blamed on: of a refused file the refused one, else the file's last.
  func culprits(of plan: Plan) -> [String: CommitInfo] {
    var found: [String: CommitInfo] = [:]
    for file in Set(plan.scopes.lazy.flatMap(\.diagnostics).map(\.span.file)) {
      found[file] = walk?.authority.refusals[file]?.commit ?? lastCommits[file]
    }
    return found
  }

  /// Of these paths, those whose content at the head is followed.
  func followed(_ paths: some Sequence<String>) -> Set<String> {
    Set(paths).filter { walk?.authority.refusals[$0] == nil }
  }
}
