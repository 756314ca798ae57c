package import Model
package import Specs

/// A role that a `RoleBinding` gives to one person. Groups aren't here: commits carry none.
package struct Grant: Hashable, Sendable {
  package let role: Role
  /// Where the binding stands; the role holds there and below.
  package let scope: Scope
  /// As it is written.
  package let email: String
  package let keys: [SigningKeyEntry]
  /// The binding's name, and where it is written.
  package let binding: String
  package let file: String
  /// 1-based.
  package let line: Int

  /// The e-mail as it is compared.
  package var person: String { email.lowercased() }

  /// `RoleBinding team, tenants/shop/roles.yaml:4`.
  package var place: String { "RoleBinding \(binding), \(file):\(line)" }

  /// What the bindings of a file give.
  package static func all(of file: SpecFile) -> [Grant] {
    file.resources.flatMap { resource -> [Grant] in
      guard case .roleBinding(let binding) = resource.spec else { return [] }
      return binding.subjects.compactMap { subject in
        guard case .user(let email, let keys) = subject else { return nil }
        return Grant(
          role: binding.role, scope: resource.id.scope, email: email, keys: keys, binding: resource.id.name,
          file: resource.origin.file, line: resource.origin.line)
      }
    }
  }
}

/// What somebody is in a scope.
package enum Standing: Hashable, Sendable {
  case role(Role, by: Grant)
  /// No binding of the scope, or above it, names them.
  case stranger
  /// Who they are isn't proven; the text says why, and names the commit as `it`.
  case unproven(String)
}
