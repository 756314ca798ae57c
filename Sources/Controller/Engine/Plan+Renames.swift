import Evaluator
import Model
import Reconciler
import Specs

extension Plan {
  /// The scopes that have other names after it, old to new.
  var renames: [Scope: Scope] {
    var renames: [Scope: Scope] = [:]
    for part in scopes where part.decision == .apply {
      if let former = part.movedFrom { renames[former] = part.scope }
    }
    return renames
  }
}

extension EvaluatorChange {
  /// Says of the scopes that this puts groups into which they were before; `renamed`: old to new.
  mutating func note(_ renamed: [Scope: Scope]) {
    guard !renamed.isEmpty else { return }
    for index in groups.indices {
      groups[index].previousScopes = renamed.filter { $0.value == self.groups[index].scope }.keys.sorted()
    }
  }
}

extension Resource {
  /// The same in another scope.
  func moved(to scope: Scope) -> Resource {
    Resource(
      id: ResourceID(scope, id.kind, id.name), spec: spec, owner: owner, labels: labels, previousNames: previousNames,
      origin: origin, nameRange: nameRange, references: references)
  }
}
