import Diagnostics
import Specs
import TestKit
import Testing

@Suite struct `Rule files of other people` {
  /// Why a verdict may differ from promtool's; each says for which files.
  struct Exception: Sendable {
    let reason: String
    /// Whether the files that are usually there have such a case.
    var isCommon = true
    let applies: @Sendable (Corpus.Entry, SpecFile) -> Bool
  }

  /// promtool 2.42 refuses, `check` accepts, as current Prometheus does.
  static let acceptedHere = [
    Exception(reason: "names are UTF-8 since Prometheus 3") { entry, _ in
      ["invalid label name: ", "invalid annotation name: "].contains { entry.firstError.contains($0) }
        && !entry.firstError.hasSuffix(": __name__")
    },
    Exception(reason: "groups have labels since Prometheus 3") { entry, _ in
      entry.firstError.contains("field labels not found in type rulefmt.RuleGroup")
    },
    Exception(reason: "groups have a query offset since Prometheus 2.53", isCommon: false) { entry, _ in
      entry.firstError.contains("field query_offset not found in type rulefmt.RuleGroup")
    },
    Exception(reason: "the expression or template needs a newer Prometheus", isCommon: false) { entry, _ in
      entry.note.contains("newer than 2.42") || entry.note.contains("or newer") || entry.note.contains("too old")
    },
  ]

  /// promtool 2.42 accepts, `check` refuses.
  static let refusedHere = [
    Exception(reason: "promtool reads the first document only") { entry, file in
      entry.note.contains("YAML documents") && file.diagnostics.all.allSatisfy { $0.code == "duplicate-group" }
    },
    Exception(reason: "Prometheus 3 renamed holt_winters", isCommon: false) { _, file in
      file.diagnostics.all.allSatisfy { $0.severity == .warning || $0.message.contains("holt_winters") }
    },
  ]

  @Test(.enabled(if: Corpus.found != nil, "there is no corpus of rule files; set BELFRY_CORPUS to its folder"))
  func `get the verdict that promtool gives them`() throws {
    let corpus = try #require(Corpus.found)
    let entries = try corpus.entries(["rules", "crd", "rules-derived"])
    var used: [String: Int] = [:]
    for entry in entries {
      let file = SpecFile.parse(path: "tenants/shop/checkout/rules.yaml", bytes: try corpus.bytes(of: entry))
      let isAccepted = !file.diagnostics.hasErrors
      guard isAccepted != entry.isAccepted else { continue }
      let exception = (isAccepted ? Self.acceptedHere : Self.refusedHere).first { $0.applies(entry, file) }
      let said = file.diagnostics.all.first { $0.severity == .error }?.message ?? entry.firstError
      #expect(exception != nil, "\(entry.path): \(said)")
      if let exception { used[exception.reason, default: 0] += 1 }
    }
    let excepted = used.values.reduce(0, +)
    print("verdicts of promtool 2.42: \(entries.count - excepted) of \(entries.count) files agree")
    for (reason, count) in used.sorted(by: { $0.key < $1.key }) { print("  \(count) differ: \(reason)") }
    guard corpus.isUsual else { return }
    let common = (Self.acceptedHere + Self.refusedHere).filter(\.isCommon).map(\.reason)
    #expect(entries.count > 700 && Set(used.keys) == Set(common), "an exception that nothing needs")
  }

  @Test(.enabled(if: Corpus.found != nil, "there is no corpus of rule files; set BELFRY_CORPUS to its folder"))
  func `get the verdict that Prometheus's own tests expect`() throws {
    let corpus = try #require(Corpus.found)
    for (path, isAccepted) in corpus.upstreamVerdicts() where path.hasPrefix("rules/") {
      // That test asks for names of the old kind, which promtool never does.
      if path.hasSuffix("/legacy_validation_annotation.bad.yaml") { continue }
      let file = SpecFile.parse(path: "tenants/shop/checkout/rules.yaml", bytes: try corpus.bytes(at: path))
      #expect(!file.diagnostics.hasErrors == isAccepted, "\(path)")
    }
  }

  @Test(.enabled(if: Corpus.found != nil, "there is no corpus of rule files; set BELFRY_CORPUS to its folder"))
  func `are told which dialect a strange field belongs to`() throws {
    let corpus = try #require(Corpus.found)
    let dialects = [
      "concurrency": "vmalert", "params": "vmalert", "headers": "vmalert", "type": "vmalert", "eval_offset": "vmalert",
      "partial_response_strategy": "Thanos",
    ]
    var seen: Set<String> = []
    for entry in try corpus.entries(["rules"]) {
      let words = entry.firstError.split(separator: " ").map(String.init)
      guard entry.firstError.contains("not found in type rulefmt."), let index = words.firstIndex(of: "field"),
        let dialect = dialects[words[index + 1]]
      else { continue }
      let file = SpecFile.parse(path: "tenants/shop/checkout/rules.yaml", bytes: try corpus.bytes(of: entry))
      let wanted = "'\(words[index + 1])' is a field of \(dialect), not of Prometheus"
      #expect(file.diagnostics.all.contains { $0.code == "other-dialect" && $0.message == wanted }, "\(entry.path)")
      seen.insert(words[index + 1])
    }
    #expect(seen == Set(dialects.keys))
  }

  @Test(.enabled(if: Corpus.found != nil, "there is no corpus of rule files; set BELFRY_CORPUS to its folder"))
  func `are recognised as unit tests`() throws {
    let corpus = try #require(Corpus.found)
    for entry in try corpus.entries(["utest"]) where entry.isAccepted {
      let file = SpecFile.parse(path: "tenants/shop/checkout/test.yaml", bytes: try corpus.bytes(of: entry))
      #expect(file.content == .unitTest && file.diagnostics.isEmpty, "\(entry.path)")
    }
  }

  @Test(.enabled(if: Corpus.found != nil, "there is no corpus of rule files; set BELFRY_CORPUS to its folder"))
  func `are not flooded with warnings`() throws {
    let corpus = try #require(Corpus.found)
    var counts: [String: Int] = [:]
    for entry in try corpus.entries(["rules", "crd"]) where entry.isAccepted {
      let file = SpecFile.parse(path: "tenants/shop/checkout/rules.yaml", bytes: try corpus.bytes(of: entry))
      #expect(file.diagnostics.all.allSatisfy { $0.severity == .error }, "\(entry.path)")
      var tree = SpecTree()
      tree.update([("tenants/shop/checkout/rules.yaml", file)])
      for found in tree.problems where found.severity == .warning { counts[found.code, default: 0] += 1 }
    }
    for (code, count) in counts.sorted(by: { $0.key < $1.key }) { print("  \(count) × \(code)") }
    guard corpus.isUsual else { return }
    for (code, count) in counts { #expect(count <= Self.bounds[code] ?? 0, "\(code)") }
  }

  /// How often each check of rules may find something; each finding was looked at when its bound was set.
  static let bounds = [
    "aggregated-absent": 2, "always-true": 20, "duplicate-rule": 17, "impossible-label": 457, "missing-severity": 41,
    "never-true": 14, "no-condition": 35, "plain-pattern": 65, "rate-of-gauge": 13, "rule-order": 33, "short-for": 48,
    "short-range": 3, "template-mistake": 11, "unrecorded-metric": 64,
  ]

  @Test(.enabled(if: Corpus.found != nil, "there is no corpus of rule files; set BELFRY_CORPUS to its folder"))
  func `can be broken anywhere without stopping the process`() throws {
    let corpus = try #require(Corpus.found)
    let entries = try corpus.entries(["rules", "crd"]).filter { $0.path.hashValueByBytes % 8 == 0 }
    for (seed, entry) in entries.enumerated() {
      var random = SplitMix64(seed: UInt64(seed))
      let original = try corpus.bytes(of: entry)
      guard original.count < 20_000 else { continue }
      for _ in 0..<3 {
        let bytes = Mutation.mutated(original, using: &random)
        let file = SpecFile.parse(path: "tenants/shop/checkout/rules.yaml", bytes: bytes)
        #expect(file.scope != nil)
      }
    }
  }
}

extension String {
  fileprivate var hashValueByBytes: UInt64 {
    utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
  }
}
