package import Model
package import Specs

/// Walks back from a commit to those that last changed resources and rules in meaning.
///
/// A target goes on to a parent in which it means the same: merges are looked through, formatting and moves of files
/// are no changes. Only commits on the way are visited, and only versions of files that differ are read, so the work
/// grows with the changes that are looked through.
package struct ChangeSearch<History: FileHistory> {
  /// How far a search goes.
  package struct Budget: Hashable, Sendable {
    /// Commits that are visited at most.
    package var commits: Int
    /// Versions of files that are read at most.
    package var files: Int

    package init(commits: Int, files: Int) {
      self.commits = commits
      self.files = files
    }
  }

  /// What a search came to.
  package struct Outcome: Sendable {
    /// The commit that last changed each target. What isn't here wasn't found within the budget.
    package fileprivate(set) var found: [ChangeTarget: ObjectID] = [:]
    /// How many commits were visited, and versions of files read.
    package fileprivate(set) var commits = 0
    package fileprivate(set) var files = 0

    package init() {}
  }

  /// A target on its way back.
  private struct Trace {
    var target: ChangeTarget
    /// Its digest at the commit it is at.
    var digest: UInt64?
    /// Its file there, from the root of the repository.
    var path: String
    /// The commit that counts where only versions that can't be read lie between it and the one it is at.
    var reader: ObjectID?

    /// The same, at a version that was read.
    var read: Trace {
      var trace = self
      trace.reader = nil
      return trace
    }
  }

  private struct Visit {
    var parents: [ObjectID]
    var committedAt: Timestamp
    var traces: [Trace]
  }

  private struct Version: Hashable {
    var file: String
    var blob: ObjectID
  }

  private let history: History
  /// Commits whose changes are nobody's, as `.git-blame-ignore-revs` lists them.
  private let ignored: Set<ObjectID>
  private let budget: Budget
  private let options: SpecOptions
  private var visits: [ObjectID: Visit] = [:]
  /// The commits of ``visits``, oldest first.
  private var queue: [ObjectID] = []
  private var meanings: [Version: FileMeaning] = [:]
  private var outcome = Outcome()

  package init(_ history: History, ignoring ignored: Set<ObjectID>, within budget: Budget, options: SpecOptions) {
    self.history = history
    self.ignored = ignored
    self.budget = budget
    self.options = options
  }

  /// Adds targets that a commit has as they are described; `path` is from the root of the repository.
  package mutating func add(
    _ targets: [ChangeTarget], at commit: ObjectID, path: (String) -> String
  ) throws(History.Failure) {
    try hand(targets.map { Trace(target: $0, digest: $0.digest, path: path($0.file)) }, to: commit)
  }

  /// Searches until every target is found, or the budget is used up.
  package mutating func run() throws(History.Failure) -> Outcome {
    while outcome.commits < budget.commits, outcome.files < budget.files, let id = queue.popLast(),
      let visit = visits.removeValue(forKey: id)
    {
      outcome.commits += 1
      try look(at: id, visit)
    }
    return outcome
  }

  private mutating func hand(_ traces: [Trace], to id: ObjectID) throws(History.Failure) {
    guard !traces.isEmpty else { return }
    if visits[id] != nil {
      visits[id]?.traces += traces
      return
    }
    let (parents, time) = try history.commit(id)
    visits[id] = Visit(parents: parents, committedAt: time, traces: traces)
    var (low, high) = (0, queue.count)
    while low < high {
      let middle = low + (high - low) / 2
      if (visits[queue[middle]]?.committedAt ?? .epoch) > time { high = middle } else { low = middle + 1 }
    }
    queue.insert(id, at: low)
  }

  /// Hands each trace to a parent in which its target means the same; the rest was changed here.
  private mutating func look(at id: ObjectID, _ visit: Visit) throws(History.Failure) {
    var rest = visit.traces.map { (trace: $0, finding: FileMeaning.Finding.absent) }
    for (index, parent) in visit.parents.enumerated() where !rest.isEmpty {
      let differing = try history.differing(from: parent, to: id, among: Set(rest.map(\.trace.path)))
      var same: [Trace] = []
      var left: [(Trace, FileMeaning.Finding)] = []
      for (trace, earlier) in rest {
        guard let blob = differing[trace.path] else {
          same.append(trace)
          continue
        }
        let finding = try meaning(of: blob, as: trace.target.file).find(trace.target, digest: trace.digest)
        if finding == .same { same.append(trace.read) } else { left.append((trace, index == 0 ? finding : earlier)) }
      }
      try hand(same, to: parent)
      rest = left
    }
    try settle(rest, at: id, visit.parents)
  }

  private mutating func settle(
    _ rest: [(trace: Trace, finding: FileMeaning.Finding)], at id: ObjectID, _ parents: [ObjectID]
  ) throws(History.Failure) {
    guard !rest.isEmpty else { return }
    var sources: [(path: String, blob: ObjectID)]?
    var passed: [Trace] = []
    for (trace, finding) in rest {
      var (trace, finding) = (trace, finding)
      if finding == .absent, trace.digest != nil, let parent = parents.first {
        if sources == nil { sources = try history.sources(from: parent, to: id) }
        finding = try moved(&trace, among: sources ?? [])
      }
      switch finding {
      case .same: passed.append(trace.read)
      case .unknown where !parents.isEmpty:
        trace.reader = trace.reader ?? id
        passed.append(trace)
      case .other(let digest) where ignored.contains(id):
        trace.digest = digest
        passed.append(trace)
      case .absent, .other, .unknown: outcome.found[trace.target] = trace.reader ?? id
      }
    }
    if let parent = parents.first { try hand(passed, to: parent) }
  }

  /// What files that a commit removed or changed say of a target that its own file didn't have before; the trace goes
  /// on in the file that has it.
  private mutating func moved(
    _ trace: inout Trace, among sources: [(path: String, blob: ObjectID)]
  ) throws(History.Failure) -> FileMeaning.Finding {
    var similar: (path: String, finding: FileMeaning.Finding)?
    for source in sources where source.path != trace.path {
      let finding = try meaning(of: source.blob, as: trace.target.file).find(trace.target, digest: trace.digest)
      switch finding {
      case .same:
        trace.path = source.path
        return .same
      case .other where similar == nil: similar = (source.path, finding)
      case .other, .absent, .unknown: break
      }
    }
    guard let similar else { return .absent }
    trace.path = similar.path
    return similar.finding
  }

  /// What a version of a file means if it stands where the target's file does.
  private mutating func meaning(of blob: ObjectID?, as file: String) throws(History.Failure) -> FileMeaning {
    guard let blob else { return .none }
    let version = Version(file: file, blob: blob)
    if let known = meanings[version] { return known }
    outcome.files += 1
    let bytes = try history.content(blob)
    let meaning = bytes.map { FileMeaning(SpecFile.parse(path: file, bytes: $0, options: options)) } ?? .unreadable
    meanings[version] = meaning
    return meaning
  }
}
