import Diagnostics
package import Model
package import Specs

/// What one version of a file means: the digests of its resources and of their rules.
package struct FileMeaning: Sendable {
  /// One rule of a group.
  struct RuleUnit: Hashable, Sendable {
    var name: String
    var digest: UInt64
  }

  private struct Unit: Sendable {
    var digest: UInt64
    var rules: [RuleUnit]
  }

  /// What a version says of something that a later version has.
  enum Finding: Hashable, Sendable {
    case same
    /// It is there, and means something else: its digest.
    case other(UInt64)
    case absent
    /// The version can't be read, so nobody knows.
    case unknown
  }

  private var units: [ResourceID: Unit] = [:]
  private var ruleDigests: Set<UInt64> = []
  private let isWhole: Bool

  /// A file that isn't there.
  static let none = FileMeaning(isWhole: true)
  /// A file that can't be read.
  static let unreadable = FileMeaning(isWhole: false)

  private init(isWhole: Bool) {
    self.isWhole = isWhole
  }

  package init(_ file: SpecFile) {
    isWhole = !file.diagnostics.all.contains { $0.severity == .error }
    for resource in file.resources {
      var rules: [RuleUnit] = []
      if case .ruleGroup(let group) = resource.spec {
        rules = group.rules.map { RuleUnit(name: $0.name, digest: $0.digest) }
        ruleDigests.formUnion(rules.map(\.digest))
      }
      units[resource.id] = Unit(digest: resource.digest, rules: rules)
    }
  }

  /// What this version says of a target whose digest is `digest` in the version after it.
  ///
  /// A rule counts as the same wherever in the file it stands: its group is a change of the group.
  func find(_ target: ChangeTarget, digest: UInt64?) -> Finding {
    let unit = ([target.id] + target.former).lazy.compactMap { units[$0] }.first
    let found: UInt64?
    if let rule = target.rule {
      if let digest, ruleDigests.contains(digest) { return .same }
      let namesakes = unit?.rules.filter { $0.name == rule.name } ?? []
      found = rule.ordinal < namesakes.count ? namesakes[rule.ordinal].digest : nil
    } else {
      found = unit?.digest
    }
    if found == nil, !isWhole { return .unknown }
    if found == digest { return .same }
    return found.map { .other($0) } ?? .absent
  }
}

/// A resource, or a rule of a group, whose last change in meaning is looked for.
package struct ChangeTarget: Hashable, Sendable {
  /// A rule of a group.
  package struct RulePlace: Hashable, Sendable {
    /// 0-based, in the group.
    package var index: Int
    package var name: String
    /// How many rules of that name stand before it in the group.
    package var ordinal: Int
  }

  package var id: ResourceID
  /// `nil` for the resource as a whole.
  package var rule: RulePlace?
  /// What it means where the search begins; `nil` for a resource that isn't there any more.
  package var digest: UInt64?
  /// The ids that it had before, by `previous_names`.
  package var former: [ResourceID]
  /// The file, from the spec root.
  package var file: String

  /// A resource as it is, or, where `isGone`, as it was before it was removed.
  package init(_ resource: Resource, isGone: Bool = false) {
    id = resource.id
    digest = isGone ? nil : resource.digest
    former = resource.previousNames.map { ResourceID(resource.id.scope, resource.id.kind, $0) }
    file = resource.origin.file
  }

  /// The rules of a group, in order; none for another kind.
  package static func rules(of resource: Resource) -> [ChangeTarget] {
    guard case .ruleGroup(let group) = resource.spec else { return [] }
    var seen: [String: Int] = [:]
    return group.rules.enumerated().map { index, rule in
      var target = ChangeTarget(resource)
      target.rule = RulePlace(index: index, name: rule.name, ordinal: seen[rule.name, default: 0])
      target.digest = rule.digest
      seen[rule.name, default: 0] += 1
      return target
    }
  }
}
