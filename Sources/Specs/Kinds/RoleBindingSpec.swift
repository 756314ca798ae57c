package import Model

/// What somebody may do in a scope.
package enum Role: String, Hashable, Sendable, CaseIterable {
  case owner, admin, member, viewer
}

/// `RoleBinding`: who has a role in a scope.
package struct RoleBindingSpec: Hashable, Sendable {
  /// Somebody who holds the role.
  package enum Subject: Hashable, Sendable {
    /// A commit's author by e-mail, with the SSH keys that sign for them.
    case user(email: String, signingKeys: [SigningKeyEntry])
    /// A group that tokens of readers name; commits carry none.
    case group(String)
  }

  package var role: Role
  package var subjects: [Subject]

  package init(role: Role, subjects: [Subject]) {
    self.role = role
    self.subjects = subjects
  }
}

/// `Approval`: a reviewed permission for what a guard refuses, with an end.
package struct ApprovalSpec: Hashable, Sendable {
  /// The most deletions allowed in one sync of the scope.
  package var deletions: Int
  package var until: Timestamp
  /// The only scope that it counts for; `nil` for its own and all below.
  package var scope: Scope?
  package var reason: String?

  package init(deletions: Int, until: Timestamp) {
    self.deletions = deletions
    self.until = until
  }
}
