package import Model
import Specs

/// The role bindings in force, by the scope and file that they stand in.
package struct Bindings: Sendable {
  private var files: [Scope: [String: [Grant]]] = [:]

  package init() {}

  /// Replaces what a file gives; nothing takes its bindings away.
  package mutating func set(_ grants: [Grant], of path: String, in scope: Scope) {
    files[scope, default: [:]][path] = grants.isEmpty ? nil : grants
    if files[scope]?.isEmpty ?? false { files[scope] = nil }
  }

  /// What a file gives.
  package func grants(of path: String, in scope: Scope) -> [Grant] { files[scope]?[path] ?? [] }

  /// What holds in `scope`: its own bindings, then those above it; within a scope in the order of files and lines.
  package func grants(in scope: Scope) -> [Grant] {
    scope.lineage.flatMap { level in
      (files[level] ?? [:]).sorted { $0.key.precedesInBytes($1.key) }.flatMap(\.value)
    }
  }

  /// What the author of a commit is in `scope`; letters' case doesn't count.
  package func standing(ofAuthor email: String, in scope: Scope) -> Standing {
    let person = email.lowercased()
    return Self.highest(grants(in: scope).filter { $0.person == person })
  }

  /// What whoever signed with `key` is in `scope`.
  ///
  /// The key must have been in force when the commit says that it was made, and still be at `now`; a binding that
  /// revokes it wins over any that doesn't.
  package func standing(
    of key: SigningKey, fingerprint: String, in scope: Scope, committedAt: Timestamp, now: Timestamp
  ) -> Standing {
    let holders = grants(in: scope).filter { grant in grant.keys.contains { $0.key == key } }
    guard !holders.isEmpty else {
      return .unproven(
        "it is signed with the unknown key \(fingerprint), which no RoleBinding of \(scope.andAbove) has")
    }
    let entries = holders.flatMap { grant in grant.keys.filter { $0.key == key }.map { (grant, $0) } }
    if let (grant, _) = entries.first(where: { $0.1.isRevoked }) {
      return .unproven("it is signed with the revoked key \(fingerprint) of \(grant.email) (\(grant.place))")
    }
    let inForce = entries.filter { $0.1.isInForce(at: committedAt) && $0.1.isInForce(at: now) }
    if inForce.isEmpty, let (grant, entry) = entries.first {
      let why = Self.limit(of: entry, committedAt: committedAt, now: now)
      return .unproven("it is signed with the key \(fingerprint) of \(grant.email), which \(why) (\(grant.place))")
    }
    return Self.highest(inForce.map(\.0))
  }

  private static func limit(of entry: SigningKeyEntry, committedAt: Timestamp, now: Timestamp) -> String {
    if let from = entry.validFrom, committedAt < from || now < from { return "isn't valid before \(from)" }
    guard let until = entry.validUntil else { return "isn't valid" }
    return now < until ? "was valid until \(until) only" : "expired at \(until)"
  }

  private static func highest(_ grants: [Grant]) -> Standing {
    let best = Role.ascending.reversed().lazy.compactMap { role in grants.first { $0.role == role } }.first
    return best.map { .role($0.role, by: $0) } ?? .stranger
  }

  /// The e-mail that a key signs for, by the first binding that has it from the platform downwards; `nil` for a key that
  /// none has.
  package func holder(of key: SigningKey) -> String? {
    for (_, files) in files.sorted(by: { $0.key < $1.key }) {
      for (_, grants) in files.sorted(by: { $0.key.precedesInBytes($1.key) }) {
        if let found = grants.first(where: { $0.keys.contains { $0.key == key } }) { return found.email }
      }
    }
    return nil
  }

  /// Whether somebody can change everything in `scope`: under ``CommitPolicy/signed`` an owner with a usable key.
  package func hasOwner(_ scope: Scope, under policy: CommitPolicy, at now: Timestamp) -> Bool {
    let grants = grants(in: scope)
    let owners = grants.filter { $0.role == .owner }
    guard policy == .signed else { return !owners.isEmpty }
    let revoked = Set(grants.flatMap(\.keys).filter(\.isRevoked).map(\.key))
    return owners.contains { $0.keys.contains { $0.isInForce(at: now) && !revoked.contains($0.key) } }
  }
}

extension Scope {
  /// `shop/checkout, shop or the platform`.
  package var andAbove: String {
    switch self {
    case .platform: "the platform"
    case .tenant: "\(self) or the platform"
    case .project(let tenant, _): "\(self), \(tenant) or the platform"
    }
  }

  /// `the platform`, `shop`.
  package var inWords: String { self == .platform ? "the platform" : description }
}
