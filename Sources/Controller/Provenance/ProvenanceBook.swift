import Model
import Specs

/// Who changed each live resource and each of its rules last, in meaning.
struct ProvenanceBook: Sendable {
  /// What is known of one resource.
  struct Entry: Hashable, Sendable {
    /// The meaning that it is known of.
    var digest: UInt64
    var own: LastChange?
    /// The change of each rule of a group, in order; empty where all have `own`.
    var rules: [LastChange?] = []
    /// Whether it was looked for as far back as it ever is.
    var isSettled: Bool

    /// The change of a rule.
    func rule(_ index: Int) -> LastChange? { index < rules.count ? rules[index] : own }

    /// The same, without naming each rule's change where it is the group's.
    var compact: Entry {
      var entry = self
      if rules.allSatisfy({ $0 == own }) { entry.rules = [] }
      return entry
    }
  }

  private(set) var entries: [ResourceID: Entry] = [:]

  init() {}

  subscript(id: ResourceID) -> Entry? { entries[id] }

  /// Takes changes over; `nil` for what is gone.
  mutating func note(_ changes: [ResourceID: Entry?]) {
    for (id, entry) in changes { entries[id] = entry?.compact }
  }

  /// Where a resource is written, with its last change.
  func provenance(of resource: Resource) -> Provenance {
    Provenance(file: resource.origin.file, line: resource.origin.line, change: entries[resource.id]?.own)
  }

  /// The same of each rule of a group, in order.
  func ruleProvenance(of resource: Resource) -> [Provenance] {
    guard case .ruleGroup(let group) = resource.spec else { return [] }
    let entry = entries[resource.id]
    return group.rules.indices.map { index in
      Provenance(file: resource.origin.file, line: resource.line(ofRule: index), change: entry?.rule(index))
    }
  }
}

extension ProvenanceBook.Entry {
  /// What the ledger had kept of a resource; `nil` where it was kept of another meaning.
  init?(_ record: ResourceRecord, of resource: Resource) {
    guard record.digest == resource.digestText else { return nil }
    let rules = resource.ruleCount
    guard record.ruleChanges.isEmpty || record.ruleChanges.count == rules else { return nil }
    self.init(
      digest: resource.digest, own: record.provenance.change, rules: record.ruleChanges,
      isSettled: record.isSettled && record.provenance.commit != nil)
  }
}

extension Resource {
  /// 16 hexadecimal digits.
  var digestText: String {
    let hex = String(digest, radix: 16)
    return String(repeating: "0", count: 16 - hex.utf8.count) + hex
  }

  /// The rules of a group; none for another kind.
  var ruleCount: Int {
    if case .ruleGroup(let group) = spec { group.rules.count } else { 0 }
  }

  /// The line of a rule, 1-based.
  func line(ofRule index: Int) -> Int {
    index < origin.ruleLines.count ? Int(origin.ruleLines[index]) : origin.line
  }

  /// What the ledger keeps of this resource.
  func record(_ entry: ProvenanceBook.Entry?, at revision: Revision, _ now: Timestamp) -> ResourceRecord {
    // Where the change of some rule isn't known, none is kept, and all are looked for again.
    let rules = entry?.rules.compactMap(\.self) ?? []
    let isWhole = rules.count == entry?.rules.count
    return ResourceRecord(
      id: id, provenance: Provenance(file: origin.file, line: origin.line, change: entry?.own), digest: digestText,
      revision: revision, appliedAt: now, ruleChanges: isWhole ? rules : [],
      isSettled: (entry?.isSettled ?? false) && isWhole)
  }
}
