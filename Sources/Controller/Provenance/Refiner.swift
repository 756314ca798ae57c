import Git
import Model
import Reconciler
import Specs

/// Searches the history of what is known by its file's last commit alone, with an open repository of its own: a sync
/// never waits for it.
struct Refiner: Sendable {
  /// A live resource, and a commit that has it as it is.
  struct Work: Sendable {
    let resource: Resource
    let head: ObjectID
  }

  let attributing: Attributing
  /// The mirror's folder.
  let path: String
  /// The newest commit of the branch, from which merges are looked for.
  let tip: ObjectID

  /// How far one batch looks; what isn't found keeps what was known.
  private static let budget = ChangeSearch<RepositoryHistory>.Budget(commits: 5000, files: 1000)

  /// What was found, by resource; a rule or a resource whose change lies further back has none.
  @concurrent
  func search(
    _ batch: [Work], _ merges: inout MergeIndex
  ) async throws(GitError) -> [ResourceID: ProvenanceBook.Entry] {
    let repository = try Repository(at: path)
    var search = ChangeSearch(
      RepositoryHistory(repository: repository), ignoring: attributing.ignored, within: Self.budget,
      options: SpecReading.withoutLints)
    for work in batch {
      try search.add(
        [ChangeTarget(work.resource)] + ChangeTarget.rules(of: work.resource), at: work.head,
        path: attributing.specs.repositoryPath)
    }
    let outcome = try search.run()
    try merges.extend(to: Set(outcome.found.values), repository, from: tip)
    var changes: [ObjectID: LastChange] = [:]
    for id in Set(outcome.found.values) {
      let author = ChangeAuthor(commit: try repository.commit(id), merge: merges.merge(of: id))
      changes[id] = author.change(attributing.pages)
    }
    var entries: [ResourceID: ProvenanceBook.Entry] = [:]
    for work in batch {
      func change(_ target: ChangeTarget) -> LastChange? { outcome.found[target].flatMap { changes[$0] } }
      entries[work.resource.id] = ProvenanceBook.Entry(
        digest: work.resource.digest, own: change(ChangeTarget(work.resource)),
        rules: ChangeTarget.rules(of: work.resource).map(change), isSettled: true)
    }
    return entries
  }
}

/// Which merge brought which commit, along the first parents of a head, as far as somebody asked.
struct MergeIndex: Sendable {
  private var bringers: [ObjectID: CommitInfo] = [:]
  private var mainline: Set<ObjectID> = []
  private var next: ObjectID?
  private var head: ObjectID?

  /// Merges further back are not looked for.
  private static let limit = 5000

  init() {}

  func merge(of commit: ObjectID) -> CommitInfo? { mainline.contains(commit) ? nil : bringers[commit] }

  /// Goes on along the first parents until all of `commits` are known.
  mutating func extend(
    to commits: Set<ObjectID>, _ repository: Repository, from head: ObjectID
  ) throws(GitError) {
    if self.head != head {
      self = MergeIndex()
      self.head = head
      next = head
    }
    var rest = commits.filter { !mainline.contains($0) && bringers[$0] == nil }
    while let id = next, !rest.isEmpty, mainline.count < Self.limit {
      let info = try repository.commit(id)
      mainline.insert(id)
      rest.remove(id)
      for brought in try repository.commits(broughtBy: info) {
        bringers[brought] = info
        rest.remove(brought)
      }
      next = info.parents.first
    }
  }
}

/// What waits to be looked for further back.
struct Refinement: Sendable {
  /// One element when something waits.
  let arrivals: AsyncStream<Void>
  private let arrival: AsyncStream<Void>.Continuation
  private var waiting: Set<ResourceID> = []
  /// ``waiting`` when it was sorted last, the next one last: what stands in one file is looked for together.
  private var order: [ResourceID] = []

  /// How many resources are looked for at once.
  private static let width = 100

  init() {
    (arrivals, arrival) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  mutating func add(_ ids: some Sequence<ResourceID>) {
    waiting.formUnion(ids)
  }

  /// Says that what waits is live now, and may be looked for.
  func wake() {
    if !waiting.isEmpty { arrival.yield() }
  }

  /// The next ones; none when nothing waits.
  mutating func take() -> [ResourceID] {
    var taken: [ResourceID] = []
    while taken.count < Self.width, !waiting.isEmpty {
      if order.isEmpty { order = waiting.sorted(by: >) }
      guard let next = order.popLast() else { break }
      if waiting.remove(next) != nil { taken.append(next) }
    }
    return taken
  }
}
