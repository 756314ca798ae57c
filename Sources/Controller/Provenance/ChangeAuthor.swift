import Git
import Model

/// Who made a change, who let it in, and by which request.
struct ChangeAuthor: Sendable {
  let commit: CommitInfo
  /// The merge by which the commit came into the branch; `nil` for a commit of the branch itself.
  let merge: CommitInfo?

  /// `Ana <ana@example.com>`
  var author: String { commit.author }
  var committer: String { commit.committerName + " <" + commit.committerEmail + ">" }
  /// Who merged it: the author of the merge, since its committer is often the forge.
  var merger: String { merge?.author ?? "" }
  var pullRequest: PullRequest? { merge?.pullRequest ?? commit.pullRequest }

  /// Who vouched for it, by the trailers of the commit and of the merge.
  var approvers: [Trailer] {
    var found: [Trailer] = []
    for trailer in commit.trailers + (merge?.trailers ?? []) where trailer.isApproval && !found.contains(trailer) {
      found.append(trailer)
    }
    return found
  }

  /// The change as provenance has it.
  func change(_ pages: PullRequestPages) -> LastChange {
    var change = LastChange(commit)
    change.pullRequest = pullRequest
    change.pullRequestURL = pullRequest.flatMap(pages.url)
    return change
  }
}

extension Repository {
  /// Who made the changes of these commits, which `head` has in its history.
  ///
  /// The merges are looked for along the first parents, over at most `limit` commits; beyond, a commit counts as one of
  /// the branch itself.
  func authors(
    of commits: Set<ObjectID>, at head: ObjectID, limit: Int
  ) throws(GitError) -> [ObjectID: ChangeAuthor] {
    var found: [ObjectID: ChangeAuthor] = [:]
    var rest = commits
    var next: ObjectID? = head
    var seen = 0
    while let id = next, !rest.isEmpty, seen < limit {
      seen += 1
      let info = try commit(id)
      if rest.remove(id) != nil { found[id] = ChangeAuthor(commit: info, merge: nil) }
      if info.parents.count > 1, !rest.isEmpty {
        for brought in rest.intersection(try self.commits(broughtBy: info)) {
          found[brought] = ChangeAuthor(commit: try commit(brought), merge: info)
          rest.remove(brought)
        }
      }
      next = info.parents.first
    }
    for id in rest { found[id] = ChangeAuthor(commit: try commit(id), merge: nil) }
    return found
  }
}
