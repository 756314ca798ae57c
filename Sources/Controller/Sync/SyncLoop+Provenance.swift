import Git
import Ledger
import Model
import Reconciler
import Specs
import StatusAPI

extension SyncLoop {
  var attributing: Attributing {
    Attributing(
      repository: mirror.repository, specs: specs, pages: pages,
      ignored: ignoredRevisions.commits)
  }

  /// Finds out who made a plan's changes, and notes it; not finding it is no reason to stop.
  ///
  /// At the first import everything has its file's last commit for now: the history of a whole repository is searched
  /// later, beside the syncs.
  func attribute(_ plan: Plan) async -> ChangeAttribution {
    let head = plan.revision.commit
    var result = ChangeAttribution()
    do throws(GitError) {
      requeue(try ignoredRevisions.read(mirror.repository, at: head, folder: settings.path))
      if state.newest != nil {
        result = try attributing.attribute(plan.steps, at: head, book: book, lastCommits: lastCommits)
      } else {
        result.isImport = true
      }
    } catch {
      log.event("provenance.unknown", .warning, ["error": error.description])
    }
    for step in plan.steps where result.entries[step.id] == nil { result.entries[step.id] = step.after.map(guess) }
    await note(result.entries)
    return result
  }

  /// The last commit of a resource's file, until something better is known.
  func guess(_ resource: Resource) -> ProvenanceBook.Entry {
    let change = lastCommits[resource.origin.file].map { ChangeAuthor(commit: $0, merge: nil).change(pages) }
    return ProvenanceBook.Entry(digest: resource.digest, own: change, isSettled: false)
  }

  private func note(_ entries: [ResourceID: ProvenanceBook.Entry?]) async {
    book.note(entries)
    await engine.note(entries)
    refinement.add(entries.compactMap { id, entry in entry.map { !$0.isSettled } ?? false ? id : nil })
  }

  /// Notes where things stand now that mean what they meant.
  func place(_ files: [(path: String, file: SpecFile?)], besides steps: [Step], at revision: Revision) async {
    let changed = Set(steps.map(\.id))
    let resources = files.compactMap(\.file).flatMap(\.resources).filter { resource in
      !changed.contains(resource.id) && reconciler.live[resource.id]?.origin.file == resource.origin.file
        && reconciler.live[resource.id]?.digest == resource.digest
    }
    let moved = await engine.place(resources)
    record(moved, at: revision)
  }

  /// Keeps what is known of live resources in the ledger.
  func record(_ resources: [Resource], at revision: Revision) {
    var batch = LedgerBatch()
    batch.resources = resources.map { .put($0.record(book[$0.id], at: revision, clock.now)) }
    ledger.submit(batch)
  }

  // MARK: At a start

  /// Takes over what the ledger knows of what is live; only of the rest the files' last commits are looked for.
  func restoreProvenance(_ records: [ResourceRecord], at newest: ObjectID) {
    var unknown: [Resource] = []
    var entries: [ResourceID: ProvenanceBook.Entry?] = [:]
    let known = Dictionary(records.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for scope in reconciler.live.scopes.keys {
      for (id, resource) in reconciler.live.resources(in: scope) {
        let entry = known[id].flatMap { ProvenanceBook.Entry($0, of: resource) }
        if let entry, entry.own != nil { entries[id] = entry } else { unknown.append(resource) }
      }
    }
    if !unknown.isEmpty {
      log.event("provenance.searched", .info, ["resources": "\(unknown.count)"])
      noteCommits(of: Set(unknown.map(\.origin.file)), at: newest)
    }
    for resource in unknown { entries[resource.id] = guess(resource) }
    book.note(entries)
    refinement.add(entries.compactMap { id, entry in entry.map { !$0.isSettled } ?? false ? id : nil })
    _ = try? ignoredRevisions.read(mirror.repository, at: newest, folder: settings.path)
  }

  // MARK: Later

  /// Looks again for what commits are said to have changed that are ignored from now on.
  private func requeue(_ ignored: Set<ObjectID>) {
    guard !ignored.isEmpty else { return }
    let ids = book.entries.filter { _, entry in
      (entry.rules + [entry.own]).contains { $0.map { ignored.contains($0.commit) } ?? false }
    }
    refinement.add(ids.keys)
  }

  /// Looks further back, beside the syncs, for what is known by its file's last commit alone; until cancelled.
  func refine() async {
    for await _ in refinement.arrivals {
      var merges = MergeIndex()
      while !Task.isCancelled, let tip = state.newest?.commit, let batch = nextBatch() {
        do throws(GitError) {
          let refiner = Refiner(attributing: attributing, path: mirror.repository.path, tip: tip)
          let outcome = try await refiner.search(batch, &merges)
          await settle(outcome)
        } catch {
          log.event("provenance.unknown", .warning, ["error": error.description])
        }
      }
    }
  }

  private func nextBatch() -> [Refiner.Work]? {
    let ids = refinement.take()
    guard !ids.isEmpty else { return nil }
    return ids.compactMap { id in
      guard let resource = reconciler.live[id], let revision = state.applied(id.scope) else { return nil }
      // A file is the same at its last commit as at the head, and the way from there is shorter.
      let last = state.scopes[id.scope]?.sync.status == .synced ? lastCommits[resource.origin.file]?.id : nil
      return Refiner.Work(resource: resource, head: last ?? revision.commit)
    }
  }

  private func settle(_ entries: [ResourceID: ProvenanceBook.Entry]) async {
    // A sync may have changed something meanwhile; it knows better.
    let current = entries.filter { id, entry in reconciler.live[id]?.digest == entry.digest }
    var known: [ResourceID: ProvenanceBook.Entry?] = [:]
    for (id, entry) in current { known[id] = entry.filled(from: book[id]) }
    book.note(known)
    _ = await engine.place([], known)
    refinement.add(entries.keys.filter { current[$0] == nil })
    guard let revision = state.newest else { return }
    record(current.keys.compactMap { reconciler.live[$0] }, at: revision)
  }
}

extension ProvenanceBook.Entry {
  /// This, with what isn't known here as it was known before: the search went no further.
  fileprivate func filled(from earlier: Self?) -> Self {
    var entry = self
    entry.own = own ?? earlier?.own
    entry.rules = rules.indices.map { rules[$0] ?? earlier?.rule($0) }
    return entry
  }
}
