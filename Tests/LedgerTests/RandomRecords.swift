import Ledger
import Model
import TestKit

/// Makes records of every shape: odd texts, extreme numbers, everything optional there or not.
struct RandomRecords {
  private var random: SplitMix64

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
  }

  /// A text of a few odd characters; NUL only inside JSON columns, which can hold it.
  mutating func text(withNUL: Bool = false) -> String {
    let characters: [Character] = [
      "a", "Z", "0", " ", "\"", "\\", "'", "\n", "\t", "\r", "\u{1}", "\u{7f}", "é", "e\u{301}", "漢", "🔔", "👩🏽‍💻",
      "\u{2028}", "\u{feff}", "{", "]", ",", ":", "/", "@", "\0",
    ]
    let usable = withNUL ? characters[...] : characters.dropLast()
    return String((0..<Int.random(in: 0...12, using: &random)).map { _ in usable.randomElement(using: &random) ?? "a" })
  }

  mutating func name() -> String { "n" + text() }

  mutating func bool() -> Bool { Bool.random(using: &random) }

  mutating func number() -> Int { Int.random(in: 0...1000, using: &random) }

  mutating func optional<Value>(_ make: (inout Self) -> Value) -> Value? { bool() ? make(&self) : nil }

  mutating func timestamp() -> Timestamp {
    let extremes: [Int64] = [-62_135_596_800_000, -1, 0, 1, 253_402_300_799_999]
    let any = Int64.random(in: 0...2_000_000_000_000, using: &random)
    return Timestamp(millisecondsSinceEpoch: number() < 200 ? extremes.randomElement(using: &random) ?? 0 : any)
  }

  mutating func double() -> Double {
    let extremes: [Double] = [.nan, .infinity, -.infinity, 0, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 0.1]
    return bool() ? extremes.randomElement(using: &random) ?? 0 : Double.random(in: -1e6...1e6, using: &random)
  }

  mutating func scope() -> Scope {
    [.platform, .tenant(name()), .project(tenant: name(), project: name())].randomElement(using: &random) ?? .platform
  }

  mutating func kind() -> Kind { Kind.allCases.randomElement(using: &random) ?? .channel }

  mutating func word<Word: CaseIterable>(_: Word.Type) -> Word? { Array(Word.allCases).randomElement(using: &random) }

  mutating func resource() -> ResourceID { ResourceID(scope(), kind(), text()) }

  mutating func commit() -> ObjectID? {
    let length = bool() ? 40 : 64
    return ObjectID(String((0..<length).map { _ in "0123456789abcdef".randomElement(using: &random) ?? "0" }))
  }

  mutating func revision() -> Revision? {
    let ref = optional { $0.text() }
    return commit().map { Revision(ref: ref, commit: $0) }
  }

  mutating func fingerprints() -> [Fingerprint] {
    (0..<Int.random(in: 0...3, using: &random)).map { _ in Fingerprint(value: random.next()) }
  }

  mutating func provenance() -> Provenance {
    Provenance(
      file: text(withNUL: true), line: number(), commit: optional { $0.commit() } ?? nil,
      author: optional { $0.text(withNUL: true) }, committedAt: optional { $0.timestamp() },
      pullRequest: optional { $0.request() }
    )
  }

  mutating func request() -> PullRequest {
    PullRequest(Bool.random(using: &random) ? .number : .mergeRequest, 1 + number())
  }

  mutating func changes() -> [LastChange] {
    let commits = (0..<3).compactMap { _ in commit() }.map { commit in
      LastChange(
        commit: commit, author: text(withNUL: true), committedAt: timestamp(), pullRequest: optional { $0.request() },
        pullRequestURL: optional { $0.text() })
    }
    return commits.isEmpty ? [] : (0..<Int.random(in: 0...5, using: &random)).map { commits[$0 % commits.count] }
  }

  mutating func alert() -> Alert {
    let labels = (0..<4).map { _ in Label(text(withNUL: true), text(withNUL: true)) }
    let annotations = (0..<3).map { _ in Label(text(withNUL: true), text(withNUL: true)) }
    return Alert(
      scope: scope(), labels: Labels(labels), annotations: annotations, state: word(AlertState.self) ?? .firing,
      value: double(), activeAt: timestamp(), firedAt: optional { $0.timestamp() },
      keepFiringSince: optional { $0.timestamp() }, resolvedAt: optional { $0.timestamp() },
      rule: RuleReference(group: ResourceID(scope(), .ruleGroup, text()), rule: text(), provenance: provenance()),
      generatorURL: text()
    )
  }

  mutating func transition() -> AlertTransition {
    let reasons: [AlertTransition.Reason] = [
      .conditionMet, .heldLongEnough, .holdRaised, .conditionEnded, .ruleRemoved,
    ]
    return AlertTransition(
      from: optional { $0.word(AlertState.self) } ?? nil, alert: alert(),
      reason: reasons.randomElement(using: &random) ?? .holdRaised, at: timestamp()
    )
  }

  mutating func notification() -> NotificationLogEntry {
    NotificationLogEntry(
      key: .init(owner: scope(), groupKey: text(), channel: resource()), sentAt: timestamp(),
      expiresAt: timestamp(), firing: fingerprints(), resolved: fingerprints(), handle: optional { $0.text() }
    )
  }

  mutating func scopeRecord() -> ScopeRecord {
    ScopeRecord(
      scope: scope(), applied: optional { $0.revision() } ?? nil, appliedAt: optional { $0.timestamp() },
      attempted: optional { $0.revision() } ?? nil, status: word(SyncStatus.self) ?? .synced,
      reason: optional { $0.word(HeldReason.self) } ?? nil, since: timestamp()
    )
  }

  mutating func resourceRecord() -> ResourceRecord? {
    revision().map {
      ResourceRecord(
        id: resource(), provenance: provenance(), digest: text(), revision: $0, appliedAt: timestamp(),
        ruleChanges: changes(), isSettled: Bool.random(using: &random))
    }
  }

  mutating func delivery() -> DeliveryRecord {
    DeliveryRecord(
      owner: scope(), groupKey: text(), channel: resource(), attempt: number(), startedAt: timestamp(),
      finishedAt: timestamp(), outcome: word(DeliveryRecord.Outcome.self) ?? .delivered, detail: text(),
      error: text(), endpoint: number(), bytes: number(), merged: number(), nextAttemptAt: optional { $0.timestamp() },
      reason: text(), firing: number(), resolved: number(), alerts: fingerprints()
    )
  }

  mutating func sync() -> SyncRecord? {
    revision().map {
      SyncRecord(
        trigger: word(SyncTrigger.self) ?? .poll, revision: $0, startedAt: timestamp(), finishedAt: timestamp(),
        status: word(SyncStatus.self) ?? .synced, created: number(), updated: number(), moved: number(),
        deleted: number(), timings: [.init(stage: text(withNUL: true), milliseconds: 1 / Double(1 + number()))],
        plan: text(), diagnostics: text()
      )
    }
  }

  mutating func audit() -> AuditRecord {
    let scope = scope()
    return AuditRecord(
      at: timestamp(), actor: text(), action: text(), scope: scope, commit: optional { $0.commit() } ?? nil,
      subject: text(), before: text(), after: text(), committer: text(), merger: text(),
      approvers: (0..<Int.random(in: 0...2, using: &random)).map { _ in Trailer(text(), text()) },
      pullRequest: optional { $0.request() }, path: text(), line: optional { 1 + $0.number() },
      resource: optional { ResourceID(scope, $0.kind(), $0.text()) }, trigger: word(SyncTrigger.self),
      revision: optional { $0.commit() } ?? nil)
  }
}
