package import Model
import Specs

/// Who may change what, carried from commit to commit along the first parents.
///
/// A value without effects. It starts from a commit that is trusted; each further commit is judged by the bindings in
/// force before it, so nobody grants themselves a right that the same commit uses. A file whose change is refused keeps
/// its last authorised content until it has that content again, or somebody with the right changes it.
package struct Authority: Sendable {
  /// Content that stays the measure for a file that can't be read: what it said when it last could.
  package struct Basis: Hashable, Sendable {
    /// `nil` where the file wasn't there.
    package let blob: ObjectID?
    /// A commit that has it.
    package let commit: ObjectID?
  }

  /// What judging a commit came to.
  package struct Verdict: Sendable {
    package var refused: [Refusal] = []
    /// The paths that were refused before, and no longer are.
    package var released: [String] = []
    /// Whether bindings in force changed.
    package var changesBindings = false

    package init() {}

    /// Takes in what a later judgement came to.
    package mutating func add(_ later: Verdict) {
      refused += later.refused
      released += later.released
      changesBindings = changesBindings || later.changesBindings
    }
  }

  package let policy: CommitPolicy
  package private(set) var bindings: Bindings
  package private(set) var refusals: [String: Refusal] = [:]
  private var bases: [String: Basis] = [:]

  /// Begins with the bindings of a commit that is trusted.
  package init(policy: CommitPolicy, bindings: Bindings) {
    self.policy = policy
    self.bindings = bindings
  }

  /// Whether every file's content is authorised and can be read, so that a later judgement may begin here.
  package var isClean: Bool { refusals.isEmpty && bases.isEmpty }

  /// The content that the next change of a file is measured by, where it isn't what the file last had.
  package func basis(of path: String) -> Basis? {
    if let refusal = refusals[path] { return Basis(blob: refusal.authorised, commit: refusal.authorisedIn) }
    return bases[path]
  }

  /// Judges a commit by the files that it changes, each of them named once.
  ///
  /// `parent`: the commit that the changes are against. `signature` counts under ``CommitPolicy/signed`` only. `now`:
  /// keys must be in force then, too.
  @discardableResult
  package mutating func judge(
    _ commit: CommitInfo, after parent: ObjectID?, signature: SignatureStanding, changes: [PathChange],
    at now: Timestamp
  ) -> Verdict {
    var verdict = Verdict()
    var standings: [Scope: Standing] = [:]
    var permitted: [PathChange] = []
    for change in changes {
      guard !change.isRestored else {
        permitted.append(change)
        continue
      }
      let standing = standings[change.scope] ?? standing(of: commit, signature, in: change.scope, at: now)
      standings[change.scope] = standing
      if let reason = Self.reason(against: change, standing)
        ?? claimRefused(change, of: commit, signature, at: now)
      {
        verdict.refused.append(refusal(of: change, by: commit, after: parent, signature, reason))
      } else {
        permitted.append(change)
      }
    }
    for change in keepOwners(&permitted, at: now, &verdict) {
      verdict.refused.append(refusal(of: change, by: commit, after: parent, signature, .lastOwner))
    }
    for change in permitted { settle(change, after: parent, &verdict) }
    for refusal in verdict.refused {
      refusals[refusal.path] = refusal
      bases[refusal.path] = nil
    }
    return verdict
  }

  /// What whoever made a commit is in `scope`.
  package func standing(
    of commit: CommitInfo, _ signature: SignatureStanding, in scope: Scope, at now: Timestamp
  ) -> Standing {
    guard policy == .signed else { return bindings.standing(ofAuthor: commit.authorEmail, in: scope) }
    switch signature {
    case .unsigned: return .unproven("it is unsigned")
    case .invalid(let why): return .unproven("its signature is invalid: \(why)")
    case .unsupported(let why): return .unproven("its signature is unsupported: \(why)")
    case .valid(let key, let fingerprint):
      return bindings.standing(
        of: key, fingerprint: fingerprint, in: scope, committedAt: commit.committedAt, now: now)
    }
  }

  private static func reason(against change: PathChange, _ standing: Standing) -> Refusal.Reason? {
    let needed = change.roleNeeded.role
    switch standing {
    case .role(let role, _) where role.includes(needed): return nil
    case .role(let role, let grant): return .role(needed: needed, has: role, by: grant)
    case .stranger: return .role(needed: needed, has: nil, by: nil)
    case .unproven(let words): return .unproven(words)
    }
  }

  /// A renamed folder takes over what the former one has, secrets included, so it is for whoever owns both.
  private func claimRefused(
    _ change: PathChange, of commit: CommitInfo, _ signature: SignatureStanding, at now: Timestamp
  ) -> Refusal.Reason? {
    let foreign = change.claims.first { claimed in
      guard case .role(.owner, _) = standing(of: commit, signature, in: claimed, at: now) else { return true }
      return false
    }
    return foreign.map(Refusal.Reason.claim)
  }

  private func refusal(
    of change: PathChange, by commit: CommitInfo, after parent: ObjectID?, _ signature: SignatureStanding,
    _ reason: Refusal.Reason
  ) -> Refusal {
    Refusal(
      path: change.path, scope: change.scope, commit: commit, actor: actor(of: commit, signature), reason: reason,
      change: change.roleNeeded.because, authorised: change.authorised,
      authorisedIn: basis(of: change.path).map(\.commit) ?? parent, declared: change.declared)
  }

  /// Who made a commit, in the words of the policy: under ``CommitPolicy/signed`` the key comes first.
  package func actor(of commit: CommitInfo, _ signature: SignatureStanding) -> String {
    guard policy == .signed else { return commit.author }
    guard case .valid(_, let fingerprint) = signature else { return "somebody who calls themselves \(commit.author)" }
    return "\(fingerprint) (author \(commit.author))"
  }

  /// Takes the permitted changes of bindings over, from the platform downwards, but for those that would leave a scope
  /// without an owner. Who owns what is above a scope also owns the scope, so no scope below needs a look.
  ///
  /// - Returns: what is refused for it; it is no longer among `permitted`.
  private mutating func keepOwners(
    _ permitted: inout [PathChange], at now: Timestamp, _ verdict: inout Verdict
  ) -> [PathChange] {
    let before = bindings
    let changed = permitted.filter { !$0.isRestored && $0.isReadable && changesGrants($0) }
    var refused: [PathChange] = []
    for (scope, changes) in Dictionary(grouping: changed, by: \.scope).sorted(by: { $0.key < $1.key }) {
      var after = bindings
      for change in changes { after.set(change.grants, of: change.path, in: scope) }
      if before.hasOwner(scope, under: policy, at: now), !after.hasOwner(scope, under: policy, at: now) {
        refused += changes
      } else {
        bindings = after
        verdict.changesBindings = true
      }
    }
    let paths = Set(refused.map(\.path))
    permitted.removeAll { paths.contains($0.path) }
    return refused
  }

  private func changesGrants(_ change: PathChange) -> Bool {
    bindings.grants(of: change.path, in: change.scope) != change.grants
  }

  /// Notes that a file's new content is authorised, or that it is what was authorised before.
  private mutating func settle(_ change: PathChange, after parent: ObjectID?, _ verdict: inout Verdict) {
    let basis = basis(of: change.path)
    if refusals.removeValue(forKey: change.path) != nil { verdict.released.append(change.path) }
    let stays = change.isReadable || change.isRestored
    bases[change.path] = stays ? nil : basis ?? Basis(blob: change.authorised, commit: parent)
  }
}
