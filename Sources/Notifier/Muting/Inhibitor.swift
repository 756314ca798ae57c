package import Model
package import Specs

/// The inhibit rules of one dispatcher, or of the platform, and the firing alerts that inhibit by them.
///
/// A target is muted while a firing source has the same values for every `equal` label; missing counts as empty. If the
/// target matches the source side as well, a source that matches both sides doesn't count, so that no alert inhibits
/// itself and no two inhibit each other. A silenced or inhibited source still inhibits.
package struct Inhibitor: Sendable {
  /// One rule and whose alerts it concerns.
  package struct Rule: Hashable, Sendable {
    /// Its scope decides: a project's rule concerns the project's alerts, a tenant's rule those of the whole tenant.
    package let id: ResourceID
    package let spec: InhibitRuleSpec

    package init(id: ResourceID, spec: InhibitRuleSpec) {
      self.id = id
      self.spec = spec
    }
  }

  /// Why an alert is inhibited.
  package struct Inhibition: Hashable, Sendable {
    package let rule: ResourceID
    package let source: Fingerprint
  }

  package let rules: [Rule]
  private let sourceIndex: MatcherIndex
  private let targetIndex: MatcherIndex
  private var sources: [BucketKey: Bucket] = [:]
  /// Grows when what inhibits may have changed.
  private(set) var revision: UInt64 = 0

  /// The sources of one rule with the same values of its `equal` labels.
  private struct BucketKey: Hashable {
    let rule: Int
    let values: [String]
  }

  private struct Bucket {
    /// Those that match only the source side, and those that match both.
    var oneSided: Set<AlertKey> = []
    var twoSided: Set<AlertKey> = []
  }

  /// Two scopes may have alerts with the same labels.
  private struct AlertKey: Hashable, Comparable {
    let scope: Scope
    let fingerprint: Fingerprint

    static func < (left: Self, right: Self) -> Bool {
      (left.fingerprint, left.scope) < (right.fingerprint, right.scope)
    }
  }

  package init(_ rules: [Rule] = []) {
    self.rules = rules.sorted { $0.id < $1.id }
    sourceIndex = MatcherIndex(self.rules.map(\.spec.sourceMatchers))
    targetIndex = MatcherIndex(self.rules.map(\.spec.targetMatchers))
  }

  /// Takes note of an alert that fires; once more does no harm.
  package mutating func insert(_ labels: Labels, _ fingerprint: Fingerprint, in scope: Scope) {
    guard !rules.isEmpty else { return }
    for position in sourceIndex.accepting(labels) where rules[position].concerns(scope) {
      let rule = rules[position].spec
      let alert = AlertKey(scope: scope, fingerprint: fingerprint)
      let key = BucketKey(rule: position, values: rule.equal.map { labels[$0] })
      revision += 1
      if rule.targetMatchers.accept(labels) {
        sources[key, default: Bucket()].twoSided.insert(alert)
      } else {
        sources[key, default: Bucket()].oneSided.insert(alert)
      }
    }
  }

  /// Takes note that an alert fires no longer.
  package mutating func remove(_ labels: Labels, _ fingerprint: Fingerprint, in scope: Scope) {
    guard !sources.isEmpty else { return }
    let alert = AlertKey(scope: scope, fingerprint: fingerprint)
    for position in sourceIndex.accepting(labels) where rules[position].concerns(scope) {
      let key = BucketKey(rule: position, values: rules[position].spec.equal.map { labels[$0] })
      revision += 1
      sources[key]?.oneSided.remove(alert)
      sources[key]?.twoSided.remove(alert)
      if let bucket = sources[key], bucket.oneSided.isEmpty, bucket.twoSided.isEmpty { sources[key] = nil }
    }
  }

  /// What inhibits an alert with these labels; `nil` when nothing does.
  package func inhibition(of labels: Labels, in scope: Scope) -> Inhibition? {
    guard !sources.isEmpty else { return nil }
    var found: Inhibition?
    targetIndex.forEachAccepting(labels) { position in
      guard rules[position].concerns(scope) else { return true }
      let rule = rules[position].spec
      guard let bucket = sources[BucketKey(rule: position, values: rule.equal.map { labels[$0] })] else { return true }
      let source =
        bucket.oneSided.min() ?? (rule.sourceMatchers.accept(labels) ? nil : bucket.twoSided.min())
      if let source { found = Inhibition(rule: rules[position].id, source: source.fingerprint) }
      return found == nil
    }
    return found
  }

  /// Whether anything inhibits an alert with these labels.
  func inhibits(_ labels: Labels, in scope: Scope) -> Bool {
    guard !sources.isEmpty else { return false }
    var isInhibited = false
    targetIndex.forEachAccepting(labels) { position in
      guard rules[position].concerns(scope) else { return true }
      let rule = rules[position].spec
      guard let bucket = sources[BucketKey(rule: position, values: rule.equal.map { labels[$0] })] else { return true }
      isInhibited =
        !bucket.oneSided.isEmpty || (!bucket.twoSided.isEmpty && !rule.sourceMatchers.accept(labels))
      return !isInhibited
    }
    return isInhibited
  }
}

extension Inhibitor.Rule {
  /// Whether the rule is about alerts of `other`: its own scope and what is below.
  fileprivate func concerns(_ other: Scope) -> Bool {
    switch id.scope {
    case .platform: true
    case .tenant(let tenant): other.tenant == tenant
    case .project: other == id.scope
    }
  }
}
