/// The code of every finding that reading one file can give, besides those about YAML itself.
///
/// Each has a heading in `docs/diagnostics.md`. Findings about the whole tree have codes of their own, but for checks of
/// rules, which all stand here.
package enum DiagnosticCode: String, Hashable, Sendable, CaseIterable {
  // The file as a whole.
  case misplacedFile = "misplaced-file"
  case folderName = "folder-name"
  case fileTooLarge = "file-too-large"
  case lfsPointer = "lfs-pointer"
  case mixedFile = "mixed-file"
  case limitExceeded = "limit-exceeded"

  // The document.
  case unknownDocument = "unknown-document"
  case unknownVersion = "unknown-version"
  case unknownKind = "unknown-kind"
  case kindOutOfScope = "kind-out-of-scope"
  case malformedName = "malformed-name"
  case folderMismatch = "folder-mismatch"

  // Fields.
  case unknownField = "unknown-field"
  case otherDialect = "other-dialect"
  case notAvailable = "not-available"
  case missingField = "missing-field"
  case conflictingFields = "conflicting-fields"
  case deprecatedField = "deprecated-field"
  case noEffect = "no-effect"

  // Values.
  case wrongType = "wrong-type"
  case unknownValue = "unknown-value"
  case outOfRange = "out-of-range"
  case duplicateItem = "duplicate-item"
  case ambiguousText = "ambiguous-text"
  case ambiguousNumber = "ambiguous-number"
  case ambiguousBoolean = "ambiguous-boolean"
  case durationWithoutUnit = "duration-without-unit"
  case malformedDuration = "malformed-duration"
  case malformedTimestamp = "malformed-timestamp"
  case malformedMatcher = "malformed-matcher"
  case classicMatcher = "classic-matcher"
  case malformedTime = "malformed-time"
  case unknownZone = "unknown-zone"
  case malformedURL = "malformed-url"
  case malformedAddress = "malformed-address"
  case malformedKey = "malformed-key"
  case unverifiableKey = "unverifiable-key"
  case labelName = "label-name"
  case unusualName = "unusual-name"

  // Rules.
  case duplicateGroup = "duplicate-group"
  case recordOrAlert = "record-or-alert"
  case recordingField = "recording-field"
  case recordName = "record-name"
  case malformedExpression = "malformed-expression"
  case experimentalExpression = "experimental-expression"
  case templateSyntax = "template-syntax"

  // Rules that can be read and probably don't do what they should.
  case resultType = "result-type"
  case impossibleLabel = "impossible-label"
  case templateMistake = "template-mistake"
  case noCondition = "no-condition"
  case neverTrue = "never-true"
  case alwaysTrue = "always-true"
  case rateOfGauge = "rate-of-gauge"
  case shortRange = "short-range"
  case shortHold = "short-for"
  case aggregatedAbsence = "aggregated-absent"
  case plainPattern = "plain-pattern"
  case wrongPattern = "wrong-pattern"
  case missingSeverity = "missing-severity"
  case duplicateRule = "duplicate-rule"
  case ruleOrder = "rule-order"
  case unrecordedMetric = "unrecorded-metric"
  case controlComment = "control-comment"
  case unusedControl = "unused-control"

  // Rules on a data source that tenants share.
  case foreignTenant = "foreign-tenant"

  // What would go wrong later.
  case secretInSpec = "secret-in-spec"
  case credentialsWithoutTLS = "credentials-without-tls"
  case matchesEverything = "matches-everything"
  case endBeforeStart = "end-before-start"
  case withoutEnd = "without-end"
  case groupForReaders = "group-for-readers"
}

extension DiagnosticCode {
  /// Whether a comment with a reason may switch the check off: `# belfry/disable <code>: <reason>`.
  package var canBeSwitchedOff: Bool {
    switch self {
    case .experimentalExpression, .resultType, .impossibleLabel, .templateMistake, .noCondition, .neverTrue,
      .alwaysTrue, .rateOfGauge, .shortRange, .shortHold, .aggregatedAbsence, .plainPattern, .wrongPattern,
      .missingSeverity,
      .duplicateRule, .ruleOrder, .unrecordedMetric:
      true
    default: false
    }
  }

  /// Whether the check looks beyond its file, so that only ``SpecTree`` knows if it finds something.
  var needsWholeTree: Bool {
    switch self {
    case .duplicateRule, .unrecordedMetric, .shortRange, .shortHold: true
    default: false
    }
  }
}
