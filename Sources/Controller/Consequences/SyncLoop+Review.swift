import Git
import Ledger
import Model
import Reconciler

extension SyncLoop {
  /// How many commits of one sync are asked for reviewed plans; the newest count.
  private static let mostCommits = 1000

  /// The plan's digest beside those that the commits of the applied range name as reviewed.
  ///
  /// `former`: the commit that was seen before; `nil` at the very first, where only the head is asked.
  func review(_ plan: Plan, since former: ObjectID?, upTo head: ObjectID) -> PlanReview {
    var messages: [String] = []
    if former == nil {
      messages = [state.commit?.message ?? ""]
    } else if former != head {
      do throws(GitError) {
        let range = try mirror.repository.commits(after: former, upTo: head, limit: Self.mostCommits)
        messages = range.commits.map(\.message)
      } catch {
        log.event("plan.not-compared", .warning, ["error": error.description])
      }
    }
    return PlanReview(PlanDigest(plan), messages: messages)
  }

  /// The row that tells of a plan which isn't the one that was reviewed.
  func mismatch(_ review: PlanReview, of plan: Plan) -> [AuditRecord] {
    guard review.isMatch == false else { return [] }
    let declared = review.declared.joined(separator: ", ")
    log.event(
      "plan.differs", .warning,
      ["revision": plan.revision.description, "applied": review.digest.overall, "reviewed": declared])
    let subject = "applied plan \(review.digest.overall) is none of those reviewed: \(declared)"
    return [auditRow("plan.differs", .platform, plan.revision.commit, subject)]
  }
}
