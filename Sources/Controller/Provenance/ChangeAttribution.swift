import Git
import Model
import Reconciler
import Specs

/// What a plan's steps were changed by: the provenance of what stays, and the authors of all of it.
struct ChangeAttribution: Sendable {
  /// The new entries; `nil` for what is gone.
  var entries: [ResourceID: ProvenanceBook.Entry?] = [:]
  /// Who changed each step's resource last, or removed it; by the step's id.
  var authors: [ResourceID: ChangeAuthor] = [:]
  /// Who changed the rules of groups that were changed, by their places in the group.
  var ruleAuthors: [ResourceID: [Int: ChangeAuthor]] = [:]
  /// Whether nothing was ever applied before, so that nobody looked.
  var isImport = false
  /// How many versions of files were read for it.
  var filesRead = 0
}

/// Finds out who made the changes of a plan.
struct Attributing: Sendable {
  let repository: Repository
  let specs: RepositorySpecs
  let pages: PullRequestPages
  let ignored: Set<ObjectID>

  /// How far a sync looks before it leaves the rest to later.
  static let syncBudget = ChangeSearch<RepositoryHistory>.Budget(commits: 500, files: 300)
  /// How many commits back the merge that brought a commit is looked for.
  private static let mergeLimit = 500

  /// The attribution of the steps of a plan for `head`.
  ///
  /// Rules that mean what they meant keep their change, and so does what moved as it was. The rest is searched within
  /// the budget; what isn't found has its file's last commit for now.
  func attribute(
    _ steps: [Step], at head: ObjectID, book: ProvenanceBook, lastCommits: [String: CommitInfo]
  ) throws(GitError) -> ChangeAttribution {
    var search = ChangeSearch(
      RepositoryHistory(repository: repository), ignoring: ignored, within: Self.syncBudget,
      options: SpecReading.withoutLints)
    let works = steps.map { StepWork($0, book) }
    for work in works { try search.add(work.targets, at: head, path: specs.repositoryPath) }
    let outcome = try search.run()
    let authors = try repository.authors(of: Set(outcome.found.values), at: head, limit: Self.mergeLimit)
    var result = ChangeAttribution()
    result.filesRead = outcome.files
    for work in works { work.finish(outcome.found, authors, pages, lastCommits, &result) }
    return result
  }
}

/// One step: what has to be searched for it, and what is known already.
private struct StepWork {
  let step: Step
  /// What stays as it was before.
  private let kept: ProvenanceBook.Entry?
  private var keptRules: [Int: LastChange] = [:]
  private(set) var targets: [ChangeTarget] = []

  init(_ step: Step, _ book: ProvenanceBook) {
    self.step = step
    let earlier = step.before.flatMap { book[$0.id] }
    guard let after = step.after else {
      kept = nil
      targets = step.before.map { [ChangeTarget($0, isGone: true)] } ?? []
      return
    }
    if let earlier, let before = step.before, before.digest == after.digest, earlier.digest == before.digest {
      kept = earlier
      return
    }
    kept = nil
    targets = [ChangeTarget(after)]
    var known = Self.rules(of: step.before, earlier)
    for target in ChangeTarget.rules(of: after) {
      guard let digest = target.digest, let place = target.rule?.index else { continue }
      if let change = known[digest]?.popLast() { keptRules[place] = change } else { targets.append(target) }
    }
  }

  /// The changes of a group's rules before, by what the rules mean; the first ones last.
  private static func rules(of resource: Resource?, _ entry: ProvenanceBook.Entry?) -> [UInt64: [LastChange]] {
    guard let resource, let entry, entry.digest == resource.digest, case .ruleGroup(let group) = resource.spec else {
      return [:]
    }
    var known: [UInt64: [LastChange]] = [:]
    for (index, rule) in group.rules.enumerated().reversed() {
      if let change = entry.rule(index) { known[rule.digest, default: []].append(change) }
    }
    return known
  }

  func finish(
    _ found: [ChangeTarget: ObjectID], _ authors: [ObjectID: ChangeAuthor], _ pages: PullRequestPages,
    _ lastCommits: [String: CommitInfo], _ result: inout ChangeAttribution
  ) {
    func author(_ target: ChangeTarget) -> ChangeAuthor? { found[target].flatMap { authors[$0] } }
    if let before = step.before, before.id != step.after?.id { result.entries[before.id] = .some(nil) }
    guard let after = step.after else {
      if let target = targets.first { result.authors[step.id] = author(target) }
      return
    }
    if let kept {
      result.entries[after.id] = kept
      return
    }
    let fallback = lastCommits[after.origin.file].map { ChangeAuthor(commit: $0, merge: nil) }
    var entry = ProvenanceBook.Entry(digest: after.digest, own: nil, isSettled: true)
    entry.rules = Array(repeating: nil, count: after.ruleCount)
    for (place, change) in keptRules { entry.rules[place] = change }
    for target in targets {
      let known = author(target)
      if known == nil { entry.isSettled = false }
      guard let author = known ?? fallback else { continue }
      if let place = target.rule?.index {
        entry.rules[place] = author.change(pages)
        result.ruleAuthors[after.id, default: [:]][place] = author
      } else {
        entry.own = author.change(pages)
        result.authors[after.id] = author
      }
    }
    result.entries[after.id] = entry
  }
}
