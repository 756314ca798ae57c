import Ledger
import Model
import Reconciler
import Specs

// Tenants and projects that have other names now.
extension SyncLoop {
  /// Takes over what an earlier process knew of renamed tenants and projects.
  func restore(_ aliases: ScopeAliases) {
    self.aliases = aliases
    tellFormerNames()
  }

  /// Notes the folders that a plan renamed: in the ledger, so that history is found under the new name, and for
  /// secrets.
  func noteRenames(_ plan: Plan, into batch: inout LedgerBatch, at now: Timestamp) {
    for (former, scope) in plan.renames.sorted(by: { $0.key < $1.key }) {
      batch.scopeAliases.append(.put(aliases.rename(former, to: scope, at: now, commit: plan.revision.commit)))
      batch.scopes.append(.remove(former))
      batch.audit.append(auditRow("scope.renamed", scope, plan.revision.commit, "was \(former)"))
      log.event("scope.renamed", .info, ["scope": scope.description, "was": former.description])
    }
    if !aliases.isEmpty { tellFormerNames() }
  }

  /// A renamed tenant's secrets may still lie under its former names, unless somebody else has these now.
  func tellFormerNames() {
    let living = Set((reconciler.tree.scopes + Array(reconciler.live.scopes.keys)).compactMap(\.tenant))
    var names: [String: [String]] = [:]
    for alias in aliases.all {
      guard let tenant = alias.scope.tenant, alias.scope.project == nil, names[tenant] == nil else { continue }
      names[tenant] = aliases.formerTenants(of: tenant, besides: living)
    }
    secrets.setFormerNames(names.filter { !$0.value.isEmpty })
  }
}
