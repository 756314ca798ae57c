import Diagnostics
import Git
import Model
import Specs

/// What a working tree is compared with to tell new findings from old ones: the merge base of `HEAD` and a revision.
struct Baseline {
  /// The findings of a working tree, parted.
  struct Parted {
    /// In a line that changed, or not found in the base.
    var new: [Diagnostic] = []
    var old: [Diagnostic] = []
  }

  let commit: ObjectID
  private let specs: WorkingTreeSpecs
  private let repository: Repository
  private let folder: String
  /// The files that differ, by their path from the spec root.
  private let changed: Set<String>

  /// - Throws: where there is no repository, no such revision, or no ancestor that both share.
  init(of specs: WorkingTreeSpecs, since revision: String) throws {
    let tree = try WorkingTree.discovered(from: specs.root)
    let head = try tree.headCommit()
    let other = try tree.resolve(revision)
    guard let base = try tree.mergeBase(head, other) else {
      let remedy =
        (try? tree.isShallow()) == true
        ? "this clone is shallow; fetch the history first (git fetch --unshallow, or fetch-depth: 0)"
        : "compare with a branch that it comes from"
      throw CommandFailure(.failed, "HEAD and '\(revision)' share no commit: \(remedy)")
    }
    commit = base
    self.specs = specs
    repository = tree.repository
    folder = tree.folder
    let prefix = folder.isEmpty ? "" : folder + "/"
    changed = Set(
      try tree.changedFiles(since: base).filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) })
  }

  /// Parts what was found in `tree`, which `files` made; `all` are the findings, inside the focus or not.
  ///
  /// The base's findings come from the same tree with the files that differ put back, so that the work grows with the
  /// change. A finding is known there by its code, file, message and resource, as often as it occurs.
  func part(
    _ all: [Diagnostic], of tree: SpecTree, _ files: [(path: String, file: SpecFile?)]
  ) async throws -> Parted {
    let before = try await baseFiles(files)
    var base = tree
    base.update(before.map { ($0.path, $0.file) })
    let replaced = Set(before.map(\.path))
    let tests =
      specs.problemsOfTests(among: files.filter { !replaced.contains($0.path) })
      + before.flatMap { $0.file?.problemsOfTests(in: $0.bytes) ?? [] }
    var known: [FindingKey: Int] = [:]
    let oldOwners = ResourceLines(base)
    for finding in base.problems + tests { known[FindingKey(finding, oldOwners), default: 0] += 1 }
    var lines = ChangedLines(baseline: self)
    let owners = ResourceLines(tree)
    var parted = Parted()
    for finding in all.sorted() {
      let key = FindingKey(finding, owners)
      // One in a changed line is new whatever was there, and leaves what was there to the others.
      if try !lines.touch(finding), let left = known[key], left > 0 {
        known[key] = left - 1
        parted.old.append(finding)
      } else {
        parted.new.append(finding)
      }
    }
    return parted
  }

  /// The files that differ, as they were; `nil` for those that weren't there, or were left out.
  private func baseFiles(
    _ files: [(path: String, file: SpecFile?)]
  ) async throws -> [(path: String, file: SpecFile?, bytes: [UInt8])] {
    let ignored: IgnoreRules
    if let entry = try repository.entry(at: commit, path: path(".belfryignore")), entry.mode.isReadable {
      ignored = IgnoreRules(parsing: String(decoding: try repository.blob(entry.blob, limit: 1 << 20), as: UTF8.self))
    } else {
      ignored = .none
    }
    var wanted = changed
    if changed.contains(".belfryignore") {
      // Any file may have come or gone.
      wanted.formUnion(files.map(\.path))
      let prefix = folder.isEmpty ? 0 : folder.count + 1
      wanted.formUnion(try repository.entries(at: commit, under: folder).map { String($0.path.dropFirst(prefix)) })
    }
    return try wanted.filter { SpecFile.scope(ofPath: $0) != nil }.sorted().map { path in
      guard !ignored.matches(path), let entry = try repository.entry(at: commit, path: self.path(path)) else {
        return (path, nil, [])
      }
      guard entry.mode.isReadable else {
        return (path, SpecFile.unreadable(path: path, reason: "is a link or no regular file, and is not followed"), [])
      }
      let bytes = try repository.blob(entry.blob)
      return (path, SpecFile.parse(path: path, bytes: bytes, options: SpecReading.options), bytes)
    }
  }

  private func path(_ path: String) -> String { folder.isEmpty ? path : folder + "/" + path }

  /// Looks up, once for each file, which lines differ from the base.
  private struct ChangedLines {
    let baseline: Baseline
    /// `nil` for a file that wasn't there: all its lines are new.
    private var known: [String: [ClosedRange<Int>]?] = [:]

    init(baseline: Baseline) {
      self.baseline = baseline
    }

    mutating func touch(_ finding: Diagnostic) throws -> Bool {
      let file = finding.span.file
      guard baseline.changed.contains(file) else { return false }
      let lines: [ClosedRange<Int>]?
      if let earlier = known[file] {
        lines = earlier
      } else {
        lines = try read(file)
        known[file] = .some(lines)
      }
      guard let lines else { return true }
      let range = finding.span.range
      let last = max(range.start.line, range.end.column <= 1 ? range.end.line - 1 : range.end.line)
      return lines.contains { $0.overlaps(Int(range.start.line)...Int(last)) }
    }

    private func read(_ file: String) throws -> [ClosedRange<Int>]? {
      guard let entry = try baseline.repository.entry(at: baseline.commit, path: baseline.path(file)),
        let bytes = try? Files.read(baseline.specs.root + "/" + file)
      else { return nil }
      return try baseline.repository.changedLines(from: entry.blob, to: bytes)
    }
  }
}

/// What makes two findings of two trees the same.
private struct FindingKey: Hashable {
  let code: String
  let file: String
  let message: String
  let resource: String?

  init(_ finding: Diagnostic, _ owners: ResourceLines) {
    code = finding.code
    file = finding.span.file
    message = finding.message
    resource = owners.resource(at: finding.span)
  }
}

/// Which resource, and which rule of a group, a line belongs to: the last one that begins at it or above it.
struct ResourceLines {
  private var byFile: [String: [(line: Int, name: String)]] = [:]

  init(_ tree: SpecTree) {
    for scope in tree.scopes {
      for resource in tree.resources(in: scope) {
        let name = resource.id.description
        byFile[resource.origin.file, default: []].append((resource.origin.line, name))
        guard case .ruleGroup(let group) = resource.spec else { continue }
        for (rule, line) in zip(group.rules, resource.origin.ruleLines) {
          byFile[resource.origin.file, default: []].append((Int(line), name + " " + rule.name))
        }
      }
    }
    for file in byFile.keys { byFile[file]?.sort { $0.line < $1.line } }
  }

  func resource(at span: SourceSpan) -> String? {
    byFile[span.file]?.last { $0.line <= Int(span.range.start.line) }?.name
  }
}

extension SpecFile {
  /// What is wrong with the unit tests of a file, besides what reading it as a spec has told.
  func problemsOfTests(in bytes: [UInt8]) -> [Diagnostic] {
    guard content == .unitTest else { return [] }
    let known = Set(diagnostics.all)
    return UnitTestFile(path: path, scope: scope, bytes: bytes, options: SpecReading.options)
      .diagnostics.all.filter { !known.contains($0) }
  }
}
