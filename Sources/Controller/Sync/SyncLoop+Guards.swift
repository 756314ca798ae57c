import JSON
import Ledger
import Model
import Reconciler

// What the guard of deletions did.
extension SyncLoop {
  /// A row for each approval that let deletions through.
  func guardRows(_ plan: Plan) -> [AuditRecord] {
    plan.scopes.compactMap { part in
      guard let found = part.deletionGuard, part.decision == .apply, let approval = found.approval else { return nil }
      let subject = "\(found.deletions) deletions allowed by Approval '\(approval.name)' of \(approval.scope)"
      var row = auditRow("guard.approved", part.scope, plan.revision.commit, subject)
      row.after = found.json.text
      return row
    }
  }

  func logGuards(_ plan: Plan) {
    for part in plan.scopes {
      guard let found = part.deletionGuard else { continue }
      let names = found.resources.map { "\($0.name) (\($0.file):\($0.line))" }.joined(separator: ", ")
      let more = found.deletions - found.resources.count
      log.event(
        found.status == .tripped ? "guard.tripped" : "guard.approved", found.status == .tripped ? .warning : .info,
        [
          "scope": part.scope.description, "cause": found.cause.word, "deletions": "\(found.deletions)",
          "of": "\(found.total)", "firing": "\(found.firing)",
          "resources": more > 0 ? names + ", and \(more) more" : names,
        ])
    }
  }
}
