import Diagnostics
import JSON
import Model

extension FindingReport {
  /// How many results GitHub takes of one run; the worst are first.
  private static let resultLimit = 25_000

  /// SARIF 2.1.0 (OASIS, 27 March 2020): one run, a rule for each code.
  var sarif: JSONValue {
    let codes = Set(findings.map(\.code)).sorted()
    let indexes = Dictionary(uniqueKeysWithValues: zip(codes, codes.indices))
    let driver: [JSONValue.Member] = [
      .init("name", "belfry"), .init("semanticVersion", .string(belfryVersion)),
      .init("rules", .array(codes.map(rule))),
    ]
    let results = zip(findings, fingerprints).prefix(Self.resultLimit).map { finding, fingerprint in
      result(finding, fingerprint, rule: indexes[finding.code] ?? 0)
    }
    return .object([
      .init("$schema", "https://json.schemastore.org/sarif-2.1.0.json"), .init("version", "2.1.0"),
      .init(
        "runs",
        .array([
          .object([
            .init("tool", .object([.init("driver", .object(driver))])),
            .init("automationDetails", .object([.init("id", .string("belfry-\(command)/"))])),
            // Our columns count Unicode scalars.
            .init("columnKind", "unicodeCodePoints"),
            .init("results", .array(results)),
          ])
        ])),
    ])
  }

  private func rule(_ code: String) -> JSONValue {
    let help = CodeHelp.text(of: code) ?? code.inWords
    let worst = findings.first { $0.code == code }?.level ?? .warning
    return .object([
      .init("id", .string(code)), .init("name", .string(code.inCamelCase)),
      .init("shortDescription", .object([.init("text", .string(code.inWords))])),
      .init("fullDescription", .object([.init("text", .string(help))])),
      .init("help", .object([.init("text", .string(help))])),
      .init("defaultConfiguration", .object([.init("level", .string(worst.rawValue))])),
    ])
  }

  private func result(_ finding: Finding, _ fingerprint: String, rule: Int) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("ruleId", .string(finding.code)), .init("ruleIndex", .integer(Int64(rule))),
      .init("level", .string(finding.level.rawValue)),
      .init("message", .object([.init("text", .string(finding.explanation))])),
      .init("locations", .array([.object([.init("physicalLocation", physical(finding.file, finding.range))])])),
      .init(
        "partialFingerprints",
        .object([
          .init("primaryLocationLineHash", .string(fingerprint.prefix(16) + ":1")),
          .init("belfryFinding/v1", .string(fingerprint)),
        ])),
    ]
    let related = finding.notes.compactMap { note in
      note.file.map { file in
        JSONValue.object([
          .init("physicalLocation", physical(file, note.range)),
          .init("message", .object([.init("text", .string(note.message))])),
        ])
      }
    }
    if !related.isEmpty { members.append(.init("relatedLocations", .array(related))) }
    return .object(members)
  }

  private func physical(_ file: String, _ range: SourceRange?) -> JSONValue {
    let uri = file.split(separator: "/", omittingEmptySubsequences: false).map { String($0).percentEncoded }
    var members: [JSONValue.Member] = [
      .init(
        "artifactLocation",
        .object([.init("uri", .string(uri.joined(separator: "/"))), .init("uriBaseId", "%SRCROOT%")]))
    ]
    let start = range?.start ?? SourcePosition(line: 1, column: 1)
    let end = range?.end ?? start
    var region: [JSONValue.Member] = [
      .init("startLine", .integer(Int64(max(1, start.line)))),
      .init("startColumn", .integer(Int64(max(1, start.column)))),
    ]
    if end > start {
      region.append(.init("endLine", .integer(Int64(end.line))))
      region.append(.init("endColumn", .integer(Int64(max(1, end.column)))))
    }
    members.append(.init("region", .object(region)))
    return .object(members)
  }
}

extension String {
  /// A code as a few words: `Unknown field`.
  fileprivate var inWords: String {
    let words = replacing("-", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  /// A code as SARIF writes names: `UnknownField`.
  fileprivate var inCamelCase: String {
    split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
