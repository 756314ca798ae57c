import Git
import Ledger
import Model
import Reconciler
import Specs

extension SyncLoop {
  /// A silence of the second branch that was passed over, told once.
  struct PassedOver: Hashable, Sendable {
    let path: String
    let commit: ObjectID?
  }

  /// The silences of the second branch whose files were last changed by somebody with the right to.
  func permitted(_ silences: [Resource], at head: ObjectID) throws(GitError) -> [Resource] {
    guard settings.commits != .off, let walk, !silences.isEmpty else { return silences }
    let files = Dictionary(grouping: silences) { specs.repositoryPath($0.origin.file) }
    let commits = try mirror.repository.lastCommits(for: Set(files.keys), at: head)
    var permitted: [Resource] = []
    for (path, silences) in files {
      if let why = try reason(against: silences, commits[path], walk) {
        tellPassedOver(silences, commits[path], why)
      } else {
        permitted += silences
      }
    }
    return permitted
  }

  /// Why a file's silences don't apply; `nil` where they do.
  private func reason(
    against silences: [Resource], _ commit: CommitInfo?, _ walk: CommitWalk
  ) throws(GitError) -> String? {
    guard let commit, let scope = silences.first?.id.scope else { return "the commit that wrote it isn't known" }
    let signature = try walk.signature(of: commit.id)
    let needed = Kind.silence.roleNeeded(in: scope)
    let actor = walk.authority.actor(of: commit, signature)
    let rights = "commit \(commit.id.short) by \(actor) needs \(needed.rawValue) of \(scope)"
    switch walk.authority.standing(of: commit, signature, in: scope, at: clock.now) {
    case .role(let role, _) where role.includes(needed): return nil
    case .role(let role, let grant): return "\(rights); there they are \(role.rawValue) (\(grant.place))"
    case .stranger: return "\(rights); there they have no role"
    case .unproven(let words): return "\(rights), but \(words)"
    }
  }

  private func tellPassedOver(_ silences: [Resource], _ commit: CommitInfo?, _ why: String) {
    guard let first = silences.first,
      silencesPassedOver.insert(PassedOver(path: first.origin.file, commit: commit?.id)).inserted
    else { return }
    log.event("silence.refused", .warning, ["path": first.origin.file, "why": why])
    var batch = LedgerBatch()
    batch.audit = [
      AuditRecord(
        at: clock.now, actor: commit?.author ?? "unknown", action: "silence.refused", scope: first.id.scope,
        commit: commit?.id, subject: "\(first.origin.file): \(why)")
    ]
    ledger.submit(batch)
  }
}
