import Diagnostics
import Git
import Model
import Reconciler
import Specs

/// Judges the commits of a repository along the first parents, reading what they changed and no more.
struct CommitWalk: Sendable {
  let specs: RepositorySpecs
  private(set) var authority: Authority
  /// The commit up to which was judged.
  private(set) var head: ObjectID
  /// The newest commit at which nothing was refused: where a later process may begin.
  private(set) var clean: ObjectID
  /// Who made ``head``: known once it was judged.
  private(set) var maker: Maker?
  /// The `.belfryignore` in force.
  private(set) var ignore: ObjectID?
  private(set) var rules: IgnoreRules

  /// Who made a commit, as far as that is known.
  struct Maker: Hashable, Sendable {
    let commit: CommitInfo
    let signature: SignatureStanding
  }

  /// Begins at a commit that is trusted: its bindings are in force, and its files are authorised.
  init(_ policy: CommitPolicy, at root: ObjectID, in specs: RepositorySpecs) async throws(GitError) {
    self.specs = specs
    head = root
    clean = root
    ignore = try specs.ignoreBlob(at: root)
    rules = try specs.ignoreRules(ignore)
    authority = Authority(policy: policy, bindings: try await specs.bindings(at: root, leavingOut: rules))
    try look(at: root)
  }

  /// Judges every commit on the way to `new`.
  mutating func advance(to new: ObjectID, at now: Timestamp) async throws(GitError) -> Authority.Verdict {
    var verdict = Authority.Verdict()
    for step in try specs.repository.firstParentSteps(from: head, to: new) {
      verdict.add(try await judge(step, at: now))
      head = step.commit.id
      if authority.isClean { clean = head }
    }
    if maker?.commit.id != new { try look(at: new) }
    // What was refused and released on the way is no news.
    verdict.refused = verdict.refused.filter { authority.refusals[$0.path] == $0 }
    return verdict
  }

  private mutating func look(at commit: ObjectID) throws(GitError) {
    maker = Maker(commit: try specs.repository.commit(commit), signature: try signature(of: commit))
  }

  func signature(of commit: ObjectID) throws(GitError) -> SignatureStanding {
    authority.policy == .signed ? try specs.repository.signatureStanding(of: commit) : .unsigned
  }

  // MARK: One commit

  private mutating func judge(_ step: HistoryStep, at now: Timestamp) async throws(GitError) -> Authority.Verdict {
    let raw = try specs.repository.changes(from: step.parent, to: step.commit.id, under: specs.folder)
    guard !raw.isEmpty else { return Authority.Verdict() }
    let signature = try signature(of: step.commit.id)
    var verdict = Authority.Verdict()
    let before = (blob: ignore, rules: rules)
    if raw.contains(where: { specs.relative($0.path) == RepositorySpecs.ignoreFile }) {
      let blob = try specs.ignoreBlob(at: step.commit.id)
      let change = PathChange(ignoreFile: RepositorySpecs.ignoreFile, from: ignore, to: blob)
      verdict = authority.judge(step.commit, after: step.parent, signature: signature, changes: [change], at: now)
      if authority.refusals[RepositorySpecs.ignoreFile] == nil {
        ignore = blob
        rules = try specs.ignoreRules(blob)
      }
    }
    let files =
      before.blob == ignore
      ? raw.filter { isSpec($0.path) } : try differences(step, before.rules)
    verdict.add(
      authority.judge(
        step.commit, after: step.parent, signature: signature, changes: try await changes(files), at: now))
    return verdict
  }

  /// Whether a file of the repository is a spec file that isn't left out.
  func isSpec(_ path: String) -> Bool {
    let path = specs.relative(path)
    return SpecFile.scope(ofPath: path) != nil && !rules.matches(path)
  }

  /// After a change of `.belfryignore`, any file may have come or gone: whoever changed it must have the right to that.
  private func differences(_ step: HistoryStep, _ before: IgnoreRules) throws(GitError) -> [FileChange] {
    let old = try specs.repository.entries(at: step.parent, under: specs.folder).filter {
      SpecFile.scope(ofPath: specs.relative($0.path)) != nil && !before.matches(specs.relative($0.path))
    }
    var gone = Dictionary(old.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    let new = try specs.repository.entries(at: step.commit.id, under: specs.folder).filter { isSpec($0.path) }
    let changed = new.compactMap { entry -> FileChange? in
      let was = gone.removeValue(forKey: entry.path)
      if was == entry { return nil }
      return FileChange(path: entry.path, old: was?.blob, new: entry.blob, mode: entry.mode)
    }
    return changed + gone.values.map { FileChange(path: $0.path, old: $0.blob, new: nil, mode: $0.mode) }
  }

  /// Each change beside the last authorised content of its file; some hundred files stand in memory at once.
  private func changes(_ files: [FileChange]) async throws(GitError) -> [PathChange] {
    var changes: [PathChange] = []
    for start in stride(from: 0, to: files.count, by: 500) {
      let slice = files[start..<min(start + 500, files.count)]
      let measured = slice.map { file in
        let path = specs.relative(file.path)
        return (path: path, file: file, old: authority.basis(of: path).map(\.blob) ?? file.old)
      }
      let before = try await specs.parsed(
        measured.filter { $0.old != $0.file.new }.map {
          FileChange(path: $0.file.path, old: nil, new: $0.old, mode: .file)
        })
      let after = try await specs.parsed(slice.map { $0 })
      for (path, file, old) in measured {
        guard let scope = SpecFile.scope(ofPath: path) else { continue }
        // Content that was put back is read once.
        let known = old == file.new ? after[path] : before[path]
        changes.append(
          PathChange(
            path: path, scope: scope, from: old.flatMap { blob in known.map { (blob, $0) } },
            to: file.new.flatMap { blob in after[path].map { (blob, $0) } }))
      }
    }
    return changes
  }
}
