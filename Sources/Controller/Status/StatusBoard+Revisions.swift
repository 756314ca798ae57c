import Diagnostics
import Evaluator
import Git
import Ledger
import Model
import StatusAPI

extension StatusBoard {
  func revision(_ prefix: String, for reader: Visibility) async throws(SourceUnavailable) -> RevisionLookup {
    let state = await sync.state
    let records: [SyncRecord]
    do throws(LedgerError) {
      records = try await ledger.syncs(SyncFilter(commit: prefix), LedgerPage(limit: 100))
    } catch {
      throw SourceUnavailable(error.description)
    }
    let commits = Set(records.map(\.revision.commit))
    if commits.count > 1 { return .ambiguous(commits.sorted()) }
    guard let commit = commits.first ?? fetched(prefix, state) else { return .unknown }
    let revision = records.first?.revision ?? Revision(ref: state.desired?.ref ?? state.newest?.ref, commit: commit)
    return .found(revisionView(revision, records, state, await evaluator.firstEvaluations, reader))
  }

  /// The commit that begins with these digits, if it belongs to the followed history: it may have been fetched with a
  /// later one and never have been the head.
  private func fetched(_ prefix: String, _ state: SyncState) -> ObjectID? {
    let heads = [state.desired, state.attempted, state.newest].compactMap { $0?.commit }
    if let head = heads.first(where: { $0.hex.hasPrefix(prefix) }) { return head }
    guard let commit = try? mirror.repository.commit(beginningWith: prefix) else { return nil }
    return heads.contains { (try? mirror.repository.isAncestor(commit, of: $0)) == true } ? commit : nil
  }

  private func revisionView(
    _ revision: Revision, _ records: [SyncRecord], _ state: SyncState, _ evaluations: FirstEvaluations,
    _ reader: Visibility
  ) -> RevisionView {
    var contained = Containment(repository: mirror.repository, commit: revision.commit)
    // The newest attempt that did something: a later one of the same commit mostly finds nothing left to do.
    let plan = (records.first { !$0.plan.isEmpty && $0.changeCount > 0 } ?? records.first)?.plan ?? ""
    let digests = PlanDocument.digests(in: plan)
    let summary = StoredPlan(reader == .all ? plan : "")
    let scopes = state.scopes.keys.filter { reader.allows($0) }.sorted().map { scope in
      var standing = standing(of: scope, state, evaluations, &contained, attemptedAt: records.last?.finishedAt)
      standing.planDigest = digests[scope.description]
      return standing
    }
    let newest = state.attempted ?? state.newest
    return RevisionView(
      revision: revision, commit: reader == .all ? try? mirror.repository.commit(revision.commit) : nil,
      seenAt: records.last?.startedAt, attemptedAt: records.last?.finishedAt, sync: records.last?.id,
      isAppliedEverywhere: scopes.allSatisfy(\.isApplied) && !scopes.isEmpty,
      supersededBy: newest?.commit == revision.commit ? nil : newest, timings: records.last?.timings ?? [],
      scopes: scopes, planDigest: summary.digest, planMatch: summary.isMatch)
  }

  private func standing(
    of scope: Scope, _ state: SyncState, _ evaluations: FirstEvaluations, _ contained: inout Containment,
    attemptedAt: Timestamp?
  ) -> RevisionView.Standing {
    let found = state.scopes[scope]
    let sync = found?.sync ?? SyncStanding(status: .unknown)
    var standing = RevisionView.Standing(scope: scope, outcome: .pending, sync: sync)
    if let applied = state.applied(scope), contained.isIn(applied.commit) {
      let isIt = applied.commit == contained.commit
      standing.outcome = isIt ? .applied : .superseded
      standing.supersededBy = isIt ? nil : applied
      standing.appliedAt = found?.appliedAt ?? attemptedAt
      let evaluation = evaluations.standing(of: scope)
      if evaluation.waiting == 0 {
        standing.evaluatedAt = [standing.appliedAt, evaluation.completedAt].compactMap(\.self).max()
      }
    } else if sync.status == .suspended {
      standing.outcome = .suspended
    } else if sync.status == .held, let attempted = found?.attempted, contained.isIn(attempted.commit) {
      standing.outcome = .held
      let all = found?.diagnostics ?? []
      let errors = all.filter { $0.diagnostic.severity == .error }
      standing.diagnostics = Array((errors.isEmpty ? all : errors).prefix(Self.shownDiagnostics))
    } else if attemptedAt != nil, let newest = state.attempted, !contained.isIn(newest.commit) {
      standing.outcome = .replaced
    }
    return standing
  }

  /// The most findings that one scope shows here; the scope itself shows all.
  private static let shownDiagnostics = 5
}

extension SyncRecord {
  fileprivate var changeCount: Int { created + updated + moved + deleted }
}

/// In which commits one commit is contained; each is asked for once, since most scopes are at the same one.
private struct Containment {
  let repository: Repository
  let commit: ObjectID
  private var known: [ObjectID: Bool] = [:]

  init(repository: Repository, commit: ObjectID) {
    self.repository = repository
    self.commit = commit
  }

  mutating func isIn(_ later: ObjectID) -> Bool {
    if let known = known[later] { return known }
    let found = commit == later || (try? repository.isAncestor(commit, of: later)) == true
    known[later] = found
    return found
  }
}
