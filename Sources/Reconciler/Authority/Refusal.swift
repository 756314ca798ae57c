package import Diagnostics
package import Model
package import Specs

/// A file whose change nobody had the right to make: what it says isn't followed, and its scope is held.
package struct Refusal: Hashable, Sendable {
  /// Why.
  package enum Reason: Hashable, Sendable {
    case role(needed: Role, has: Role?, by: Grant?)
    /// Who made the commit isn't proven; the text names the commit as `it`.
    case unproven(String)
    /// Nobody would be left who could change everything.
    case lastOwner
    /// `previous_names` takes over a folder that they don't own.
    case claim(Scope)
  }

  /// From the spec root.
  package let path: String
  package let scope: Scope
  /// The commit that was refused last.
  package let commit: CommitInfo
  /// Who made it, as far as the policy asks: `Ana <ana@example.com>`, or the key.
  package let actor: String
  package let reason: Reason
  /// What asks for the role; `nil` where the change has no meaning of its own.
  package let change: ResourceChange?
  /// The blob of the last authorised content, which stays in force; `nil` where the file wasn't there.
  package let authorised: ObjectID?
  /// A commit that has that content.
  package let authorisedIn: ObjectID?
  /// What the refused content declares.
  package let declared: [ResourceID]

  /// `commit 1a2b3c4d by Ana <ana@example.com> updates Channel oncall, which needs admin of shop; …`.
  package var message: String {
    "commit \(commit.id.short) by \(actor) \(deed)" + why
  }

  private var deed: String {
    guard let change else { return "changes the file" }
    return "\(change.verb.rawValue)s \(change.id.kind.rawValue) \(change.id.name)"
  }

  private var why: String {
    switch reason {
    case .role(let needed, let role, let grant):
      let rights = ", which needs \(needed.rawValue) of \(scope.inWords); "
      guard let role, let grant else { return rights + "there they have no role" }
      return rights + "there they are \(role.rawValue) (\(grant.place))"
    case .unproven(let words): return ", but \(words)"
    case .claim(let former):
      return ", whose 'previous_names' takes over \(former.inWords), which needs owner there as well"
    case .lastOwner:
      return ", which would leave \(scope.inWords) without an owner"
    }
  }

  /// How it is released.
  package var remedy: String {
    let who: String
    switch reason {
    case .role(let needed, _, _): who = "let \(needed.article) of \(scope.inWords) commit a change of this file"
    case .unproven: who = "let somebody with the right, proven by a key in force, commit a change of this file"
    case .claim(let former): who = "let somebody who owns \(former.inWords) too commit a change of this file"
    case .lastOwner: who = "name another owner first"
    }
    return who + ", or put back what was last authorised: " + restoring
  }

  private var restoring: String {
    guard authorised != nil else { return "git rm \(path)" }
    return authorisedIn.map { "git checkout \($0.short) -- \(path)" } ?? "see git log -- \(path)"
  }

  /// The finding at the file.
  package var diagnostic: Diagnostic {
    let start = SourcePosition(line: change?.line ?? 1, column: 1)
    return Diagnostic(
      .error, "not-authorised", message, at: SourceSpan(file: path, range: SourceRange(start, start)), fix: remedy)
  }

  /// What a scope with these refusals, at least one, says: the first by path, and how many more there are.
  static func explanation(of refusals: [Refusal]) -> String? {
    guard let first = refusals.min(by: { $0.path.precedesInBytes($1.path) }) else { return nil }
    let more = refusals.count > 1 ? " (and \(refusals.count - 1) more)" : ""
    return "\(first.path): \(first.message)\(more); to release it, \(first.remedy)"
  }
}

extension Role {
  fileprivate var article: String { (self == .owner || self == .admin ? "an " : "a ") + rawValue }
}
