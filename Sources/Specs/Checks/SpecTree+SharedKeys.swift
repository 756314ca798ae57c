import Diagnostics
import Model

extension SpecTree {
  /// Warns where a key of this scope signs for somebody else as well, here or in a scope above.
  func reportSharedKeys(of scope: Scope, in entry: ScopeEntry, to found: inout Diagnostics) {
    guard !entry.roleBindings.isEmpty else { return }
    var holders: [SigningKey: Holder] = [:]
    // From the platform downwards, so that it is the lower one who is told.
    for level in scope.lineage.reversed() {
      for binding in keyBindings(of: level) {
        for (email, key) in binding.keys {
          guard let first = holders[key] else {
            holders[key] = Holder(email: email, span: binding.span)
            continue
          }
          guard level == scope, first.email != email else { continue }
          found.warning(
            "shared-key", "one key (\(Wording.short(key.description))) signs for '\(first.email)' and '\(email)'",
            at: binding.span, fix: "give each their own key, or keep one address",
            notes: [.init("'\(first.email)' has it here", at: first.span)])
        }
      }
    }
  }

  private struct Holder {
    let email: String
    let span: SourceSpan
  }

  private func keyBindings(of scope: Scope) -> [(span: SourceSpan, keys: [(email: String, key: SigningKey)])] {
    (entry(scope)?.roleBindings ?? []).sorted().compactMap { id in
      guard let resource = resource(id), case .roleBinding(let binding) = resource.spec else { return nil }
      let keys = binding.subjects.flatMap { subject -> [(email: String, key: SigningKey)] in
        guard case .user(let email, let entries) = subject else { return [] }
        return entries.map { (email.lowercased(), $0.key) }
      }
      return (resource.span, keys)
    }
  }
}
