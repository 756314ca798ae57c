import Git
import Model
import Reconciler

/// What becomes of a head that doesn't descend from the commit that was applied.
enum RewrittenHistoryPolicy: String, CaseIterable, Sendable {
  /// Everything stays as it is.
  case refuse
  /// The new history is followed; status, log and audit say so.
  case warn
  /// The new history is followed; log and audit say so.
  case accept
}

/// A head that doesn't descend from the commit that was applied: what was lost, and what following it would take away.
struct RewrittenHistory: Sendable {
  /// The most commits that are listed, and that are counted.
  static let listLimit = 20
  static let countLimit = 1000

  let from: ObjectID
  let to: ObjectID
  /// What both share; `nil` for nothing.
  let mergeBase: ObjectID?
  /// The commits that the new head doesn't have, newest first, along first parents; at most ``listLimit``.
  let lost: [CommitInfo]
  /// How many there are; of those beyond ``countLimit`` nobody knows.
  let lostCount: Int
  let isTruncated: Bool
  /// What following it would take away, approved or not.
  let deletions: Int
  let firing: Int
  let at: Timestamp

  init(
    from: ObjectID, to: ObjectID, in repository: Repository, losing losses: (count: Int, firing: Int), at now: Timestamp
  ) throws(GitError) {
    self.from = from
    self.to = to
    mergeBase = try repository.mergeBase(from, to)
    let range = try repository.commits(after: to, upTo: from, limit: Self.countLimit)
    lost = Array(range.commits.reversed().prefix(Self.listLimit))
    lostCount = range.commits.count
    isTruncated = range.isTruncated
    deletions = losses.count
    firing = losses.firing
    at = now
  }

  /// One line that names nobody: what is said to readers of any tenant.
  var summary: String {
    let count = isTruncated ? "more than \(lostCount)" : "\(lostCount)"
    var text = "\(to.short) doesn't descend from \(from.short), which was applied: the history was rewritten; "
    text += lostCount == 1 ? "1 commit is lost" : "\(count) commits are lost"
    text += mergeBase.map { ", \($0.short) is the last that both have" } ?? ", and the two share nothing"
    guard deletions > 0 else { return text + "; following it would delete no rule, route or channel" }
    text += "; following it would delete \(deletions) rules, routes and channels"
    return firing == 0 ? text : text + ", and \(firing) firing \(firing == 1 ? "alert" : "alerts") would lose cover"
  }

  /// What to do about it where it is refused.
  var remedy: String {
    "push a branch that contains \(from.short), for example by git merge \(from.short), "
      + "or start the controller once with --rewritten-history warn"
  }

  /// The lost commits, newest first, with their authors.
  var names: String {
    let shown = lost.map { "\($0.id.short) '\($0.subject)' by \($0.author)" }.joined(separator: "; ")
    let more = lostCount - lost.count
    return more > 0 || isTruncated ? shown + "; and \(more)\(isTruncated ? " or more" : "") others" : shown
  }
}
