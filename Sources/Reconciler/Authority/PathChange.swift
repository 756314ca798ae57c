import Diagnostics
package import Model
package import Specs

/// What a change of a file does to one resource.
package struct ResourceChange: Hashable, Sendable {
  /// What is done to it.
  package enum Verb: String, Hashable, Sendable, CaseIterable {
    case create, update, delete
  }

  package let id: ResourceID
  package let verb: Verb
  /// Where it stands in the new content, 1-based; 1 for what is gone.
  package let line: Int
}

/// What a commit makes of one file, beside the last content of it that somebody was allowed to write.
package struct PathChange: Sendable {
  /// From the spec root.
  package let path: String
  /// Whose file it is.
  package let scope: Scope
  /// The blob of the last authorised content; `nil` where the file wasn't there.
  package let authorised: ObjectID?
  /// The new content's blob; `nil` where the file is gone, or left out.
  package let content: ObjectID?
  /// What differs in meaning, in the order of the new content.
  package let resources: [ResourceChange]
  /// Whether all of the new content could be read.
  package let isReadable: Bool
  /// The least role for any change of this file, even one without meaning.
  package let leastRole: Role
  /// What the new content's role bindings give.
  package let grants: [Grant]
  /// What the new content declares.
  package let declared: [ResourceID]
  /// The folders that the new content says it was before, and the authorised content doesn't.
  package let claims: [Scope]

  /// Whether the file is again as it was last authorised.
  package var isRestored: Bool { authorised == content }

  /// The least role that may make this change, and the first resource that asks for it.
  package var roleNeeded: (role: Role, because: ResourceChange?) {
    for role in Role.ascending.reversed() where !leastRole.includes(role) {
      if let found = resources.first(where: { $0.id.kind.roleNeeded(in: scope) == role }) { return (role, found) }
    }
    return (leastRole, resources.first)
  }

  /// A change of a spec file; `nil` stands for a file that isn't there.
  package init(
    path: String, scope: Scope, from authorised: (blob: ObjectID, file: SpecFile)?,
    to content: (blob: ObjectID, file: SpecFile)?
  ) {
    self.path = path
    self.scope = scope
    self.authorised = authorised?.blob
    self.content = content?.blob
    isReadable = !(content?.file.diagnostics.hasErrors ?? false)
    leastRole = .member
    grants = content.map { Grant.all(of: $0.file) } ?? []
    declared = (content?.file.resources.map(\.id) ?? []) + (content?.file.unreadable ?? [])
    let former = Set((authorised?.file.resources ?? []).flatMap(\.claims))
    claims = (content?.file.resources ?? []).flatMap(\.claims).filter { !former.contains($0) }
    resources = Self.differences(from: authorised?.file, to: content?.file, isReadable: isReadable)
  }

  /// A change of the file that says which files are left out: the platform's, since any scope may lose files by it.
  package init(ignoreFile path: String, from authorised: ObjectID?, to content: ObjectID?) {
    self.path = path
    scope = .platform
    self.authorised = authorised
    self.content = content
    (resources, grants, declared, claims) = ([], [], [], [])
    isReadable = true
    leastRole = .admin
  }

  /// What differs in meaning. Of content that can't be read whole only what it does say counts: what is missing may
  /// stand in the part that can't be read.
  private static func differences(from old: SpecFile?, to new: SpecFile?, isReadable: Bool) -> [ResourceChange] {
    let before = Dictionary(grouping: old?.resources ?? [], by: \.id)
    let after = Dictionary(grouping: new?.resources ?? [], by: \.id)
    var changes: [ResourceChange] = []
    var seen: Set<ResourceID> = []
    for resource in new?.resources ?? [] where seen.insert(resource.id).inserted {
      let (was, now) = (before[resource.id] ?? [], after[resource.id] ?? [])
      if was.count == now.count, zip(was, now).allSatisfy({ $0.saysTheSame(as: $1) }) { continue }
      changes.append(.init(id: resource.id, verb: was.isEmpty ? .create : .update, line: resource.origin.line))
    }
    for id in new?.unreadable ?? [] where seen.insert(id).inserted {
      changes.append(.init(id: id, verb: before[id] == nil ? .create : .update, line: 1))
    }
    guard isReadable else { return changes }
    let gone = before.keys.filter { !seen.contains($0) }.sorted()
    return changes + gone.map { .init(id: $0, verb: .delete, line: 1) }
  }
}

extension Resource {
  /// Whether both mean the same. By value and not by digest, since a digest can be met on purpose.
  fileprivate func saysTheSame(as other: Resource) -> Bool {
    spec == other.spec && owner == other.owner && labels == other.labels && previousNames == other.previousNames
  }
}
