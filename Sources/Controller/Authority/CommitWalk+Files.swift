import Git
import Model
import Reconciler
import Specs

extension CommitWalk {
  /// What has to be read anew to be at ``head``, for whoever was at `seen` under `earlier`: of a refused file, its last
  /// authorised content. All files where nothing was seen.
  func files(
    since seen: ObjectID?, under earlier: CommitWalk?
  ) async throws(GitError) -> [(path: String, file: SpecFile?)] {
    let refusals = authority.refusals
    let before = earlier?.authority.refusals ?? [:]
    let sameRules = seen != nil && earlier?.ignore == ignore
    var files: [(path: String, file: SpecFile?)]
    if let seen, sameRules {
      let changes = try specs.folderChanges(from: seen, to: head)
      files = try await specs.read(
        changes.filter { specs.isSpec($0, in: nil, rules) && refusals[specs.relative($0.path)] == nil })
      files += try await released(before.keys.filter { refusals[$0] == nil }, besides: Set(files.map(\.path)))
    } else {
      files = try await specs.everything(at: head, besides: seen, rules).filter { refusals[$0.path] == nil }
    }
    let overlaid = refusals.values.filter { !sameRules || before[$0.path] != $0 }
    return files + (try await overlays(overlaid))
  }

  /// These files, those of refused changes with their last authorised content.
  func replacingRefused(
    in files: [(path: String, file: SpecFile?)]
  ) async throws(GitError) -> [(path: String, file: SpecFile?)] {
    let refusals = authority.refusals
    return files.filter { refusals[$0.path] == nil } + (try await overlays(Array(refusals.values)))
  }

  /// Files that are followed again, and that may be as they were when they were refused.
  private func released(
    _ paths: [String], besides known: Set<String>
  ) async throws(GitError) -> [(path: String, file: SpecFile?)] {
    var changes: [FileChange] = []
    for path in paths where !known.contains(path) && SpecFile.scope(ofPath: path) != nil {
      let full = specs.repositoryPath(path)
      let entry = isSpec(full) ? try specs.repository.entry(at: head, path: full) : nil
      changes.append(FileChange(path: full, old: nil, new: entry?.blob, mode: entry?.mode ?? .file))
    }
    return try await specs.read(changes)
  }

  /// The last authorised content of refused files. What their refused content declares beside it counts as there and
  /// not readable, so that mentions of it wait for its release and aren't called dangling.
  private func overlays(_ refusals: [Refusal]) async throws(GitError) -> [(path: String, file: SpecFile?)] {
    let placed = refusals.filter { SpecFile.scope(ofPath: $0.path) != nil }
    let authorised = try await specs.parsed(
      placed.map { FileChange(path: specs.repositoryPath($0.path), old: nil, new: $0.authorised, mode: .file) })
    return placed.map { refusal in
      var file =
        authorised[refusal.path] ?? SpecFile(path: refusal.path, scope: refusal.scope, content: .specs)
      let known = Set(file.resources.map(\.id)).union(file.unreadable)
      file.unreadable += refusal.declared.filter { !known.contains($0) }
      return (refusal.path, file)
    }
  }
}

extension RepositorySpecs {
  /// The new content of files, by path from the spec root; those without any are left out.
  func parsed(_ changes: [FileChange]) async throws(GitError) -> [String: SpecFile] {
    var found: [String: SpecFile] = [:]
    for (path, file) in try await read(changes.filter { $0.new != nil }) { found[path] = file }
    return found
  }

  /// The role bindings at a commit. Only files that may hold one are parsed.
  func bindings(at commit: ObjectID, leavingOut rules: IgnoreRules) async throws(GitError) -> Bindings {
    var bindings = Bindings()
    let entries = try repository.entries(at: commit, under: folder).filter { entry in
      let path = relative(entry.path)
      return entry.mode.isReadable && SpecFile.scope(ofPath: path) != nil && !rules.matches(path)
    }
    for start in stride(from: 0, to: entries.count, by: 1000) {
      let slice = entries[start..<min(start + 1000, entries.count)]
      let sources = zip(slice, try repository.blobs(slice.map(\.blob))).compactMap { entry, content in
        guard case .bytes(let bytes) = content, BindingSearch.mayDeclare(bytes) else { return SpecReading.Source?.none }
        return SpecReading.Source(path: relative(entry.path)) { .success(bytes) }
      }
      for case let file? in await SpecReading.read(sources, SpecReading.withoutLints).map(\.file) {
        if let scope = file.scope { bindings.set(Grant.all(of: file), of: file.path, in: scope) }
      }
    }
    return bindings
  }
}
