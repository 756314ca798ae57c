import Diagnostics
import Specs
import TestKit
import Testing

@Suite struct `Rule files of other people` {
  /// Why a verdict may differ from promtool's; each says for which files.
  struct Exception: Sendable {
    let reason: String
    let applies: @Sendable (Corpus.Entry, SpecFile) -> Bool
  }

  /// promtool refuses, reading accepts.
  static let acceptedHere = [
    Exception(reason: "the expression is wrong, which reading the file doesn't judge") { entry, _ in
      entry.firstError.contains("could not parse expression")
    },
    Exception(reason: "a template is wrong, which reading the file doesn't judge") { entry, _ in
      entry.firstError.contains("template: __alert_")
    },
    Exception(reason: "names are UTF-8 since Prometheus 3, promtool 2.42 is older") { entry, _ in
      entry.firstError.contains("invalid label name: bad key")
        || entry.firstError.contains("invalid label name: plug-l3")
        || entry.firstError.contains("name: ins-tance")
    },
    Exception(reason: "groups have labels since Prometheus 3, promtool 2.42 is older") { entry, _ in
      entry.firstError.contains("field labels not found in type rulefmt.RuleGroup")
    },
  ]

  /// promtool accepts, reading refuses.
  static let refusedHere = [
    Exception(reason: "promtool reads the first document only") { entry, file in
      entry.note.contains("YAML documents") && file.diagnostics.all.allSatisfy { $0.code == "duplicate-group" }
    }
  ]

  @Test(.enabled(if: Corpus.found != nil, "there is no corpus of rule files; set BELFRY_CORPUS to its folder"))
  func `get the verdict that promtool gives them`() throws {
    let corpus = try #require(Corpus.found)
    let entries = try corpus.entries(["rules", "crd", "rules-derived"])
    #expect(entries.count > 700)
    var used: Set<String> = []
    for entry in entries {
      let file = SpecFile.parse(path: "tenants/shop/checkout/rules.yaml", bytes: try corpus.bytes(of: entry))
      let isAccepted = !file.diagnostics.hasErrors
      guard isAccepted != entry.isAccepted else { continue }
      let exception = (isAccepted ? Self.acceptedHere : Self.refusedHere).first { $0.applies(entry, file) }
      let said = file.diagnostics.all.first { $0.severity == .error }?.message ?? entry.firstError
      #expect(exception != nil, "\(entry.path): \(said)")
      if let exception { used.insert(exception.reason) }
    }
    #expect(used == Set((Self.acceptedHere + Self.refusedHere).map(\.reason)), "an exception that nothing needs")
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
    for entry in try corpus.entries(["rules", "crd"]) where entry.isAccepted {
      let file = SpecFile.parse(path: "tenants/shop/checkout/rules.yaml", bytes: try corpus.bytes(of: entry))
      let warnings = file.diagnostics.all.filter { $0.severity == .warning && !$0.code.hasPrefix("template-") }
      #expect(warnings.isEmpty, "\(entry.path)")
    }
  }

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
