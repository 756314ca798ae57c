import Diagnostics
import JSON
import Model
import Specs
import TestKit
import Testing
import YAML

/// Holds the schemas against the decoder, for every text that any test of this target reads.
enum SchemaAgreement {
  static let schema = SchemaValidator(root: SpecSchema.any)

  /// The findings that a schema can have too: they follow from one place and its neighbours.
  private static let ofForm: Set<DiagnosticCode> = [
    .unknownVersion, .unknownKind, .unknownField, .otherDialect, .notAvailable, .missingField, .wrongType,
    .unknownValue, .durationWithoutUnit, .malformedDuration, .malformedTimestamp, .malformedTime, .recordOrAlert,
    .withoutEnd, .malformedURL,
  ]

  /// Warnings about forms that the decoder still takes, and that editors may mark.
  private static let stricter: Set = ["ambiguous-boolean", "no-effect"]

  /// Words of findings with one of these codes that need more than the form: values that are parsed or compared, or a field beside another.
  private static let beyondForm = [
    "ends before it begins", "begins from the month's end", "a signature needs its key",
    "at least one matcher that can be read",
  ]

  /// Compares what the decoder and the schema say of one file.
  static func check(_ text: String, _ file: SpecFile, sourceLocation: SourceLocation) {
    let stream = YAMLStream(parsing: Array(text.utf8), file: file.path)
    guard stream.diagnostics.all.isEmpty, file.content == .specs, !stream.documents.isEmpty else { return }
    let values = stream.documents.compactMap(\.root).map { JSONValue($0) }.filter { !$0.isNull }
    let refusals = values.flatMap { schema.problems(of: $0) }
    let errors = file.diagnostics.all.filter { $0.severity == .error }
    if errors.isEmpty, !file.diagnostics.all.contains(where: { stricter.contains($0.code) }) {
      #expect(refusals == [], "the schema refuses what is read:\n\(text)", sourceLocation: sourceLocation)
    }
    let structural = errors.filter { error in
      DiagnosticCode(rawValue: error.code).map(ofForm.contains) ?? false
        && !beyondForm.contains { error.message.contains($0) }
    }
    if !structural.isEmpty, refusals.isEmpty {
      Issue.record(
        "the schema takes what is refused: \(structural.map { $0.code + ": " + $0.message })\n\(text)",
        sourceLocation: sourceLocation)
    }
  }
}

extension JSONValue {
  /// What an editor makes of a YAML node: by the core schema of YAML 1.2.
  init(_ node: YAMLNode) {
    switch node.content {
    case .mapping(let entries): self = .object(entries.map { Member($0.name, JSONValue($0.value)) })
    case .sequence(let items): self = .array(items.map { JSONValue($0) })
    case .scalar(let scalar):
      switch scalar.tag {
      case .null: self = .null
      case .boolean: self = .bool(scalar.bool ?? false)
      case .integer: self = scalar.integer.map(JSONValue.integer) ?? .number(scalar.double ?? 0)
      case .float: self = .number(scalar.double ?? 0)
      case .string: self = .string(scalar.text)
      }
    }
  }
}
