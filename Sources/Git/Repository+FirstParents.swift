package import Model

/// A commit on the way from one state to another, and the state that it is compared with.
package struct HistoryStep: Hashable, Sendable {
  package let commit: CommitInfo
  /// Its first parent; for the first step, where the way begins.
  package let parent: ObjectID
}

extension Repository {
  /// The way from `base` to `head` along first parents, oldest first: a merge is one step.
  ///
  /// Where `base` isn't a first parent on that way (its branch was merged into another, which then took its place), the
  /// merge that brings it in is one step against `base`. Where `head` doesn't descend from `base` at all, `head` itself
  /// is the only step.
  package func firstParentSteps(from base: ObjectID, to head: ObjectID) throws(GitError) -> [HistoryStep] {
    guard base != head else { return [] }
    let commits = try commits(after: base, upTo: head, limit: .max).commits
    guard let first = commits.first else { return [HistoryStep(commit: try commit(head), parent: base)] }
    var start = 0
    if first.parents.first != base {
      // Whoever descends from the base stands behind whoever doesn't.
      var end = commits.count - 1
      while start < end {
        let middle = start + (end - start) / 2
        if try isAncestor(base, of: commits[middle].id) { end = middle } else { start = middle + 1 }
      }
    }
    let parents = [base] + commits[start...].dropLast().map(\.id)
    return zip(commits[start...], parents).map { HistoryStep(commit: $0, parent: $1) }
  }
}
