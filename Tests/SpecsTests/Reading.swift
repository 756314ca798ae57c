import Diagnostics
import Model
import Specs
import TestKit
import Testing

/// Where the documents of one kind usually stand, for tests about something else.
func usualPath(_ kind: Kind) -> String {
  switch kind {
  case .platform: "platform/platform.yaml"
  case .tenant: "tenants/shop/tenant.yaml"
  case .project: "tenants/shop/checkout/project.yaml"
  case .dataSource, .approval: "platform/file.yaml"
  default: "tenants/shop/checkout/file.yaml"
  }
}

/// A document around a spec that is written without indentation.
func document(_ kind: Kind, _ spec: String) -> String {
  let name =
    switch kind {
    case .platform: "platform"
    case .tenant: "shop"
    case .project: "checkout"
    default: "example"
    }
  let body = spec.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "  " + $0 }
  return "apiVersion: belfry/v1\nkind: \(kind.rawValue)\nmetadata: {name: \(name)}\nspec:\n"
    + body.joined(separator: "\n") + "\n"
}

let zones: @Sendable (String) -> Bool = { ["UTC", "Europe/Berlin", "Asia/Shanghai"].contains($0) }

/// Reads one file; what the decoder says of its form, the schemas must say too.
func read(
  _ text: String, at path: String = "tenants/shop/checkout/file.yaml",
  sourceLocation: SourceLocation = #_sourceLocation
) -> SpecFile {
  let file = SpecFile.parse(path: path, bytes: Array(text.utf8), options: SpecOptions(knowsZone: zones))
  SchemaAgreement.check(text, file, sourceLocation: sourceLocation)
  return file
}

/// The spec of the only document, which has no findings but those of these codes.
func readSpec(
  _ kind: Kind, _ spec: String, besides expected: Set<String> = [], sourceLocation: SourceLocation = #_sourceLocation
) throws -> Spec {
  let file = read(document(kind, spec), at: usualPath(kind))
  let found = file.diagnostics.all.filter { !expected.contains($0.code) }
  #expect(found.map(\.message) == [], sourceLocation: sourceLocation)
  return try #require(file.resources.first, sourceLocation: sourceLocation).spec
}

/// One row of a table of mistakes: the text, with `1️⃣` where the finding points, its code and its words.
struct Mistake: Sendable, CustomTestStringConvertible {
  let text: String
  let code: String
  let message: String

  init(_ text: String, _ code: String, _ message: String) {
    self.text = text
    self.code = code
    self.message = message
  }

  var testDescription: String { code + ": " + message }

  /// Whether reading gives this finding alone, at the mark.
  func check(path: String, wrap: (String) -> String = { $0 }, sourceLocation: SourceLocation = #_sourceLocation) {
    let marked = MarkedText(wrap(text))
    let file = read(marked.text, at: path)
    let found = file.diagnostics.all
    #expect(found.map(\.code) == [code], sourceLocation: sourceLocation)
    #expect(found.first?.message == message, sourceLocation: sourceLocation)
    #expect(found.first?.span.range.start == marked.position(1), sourceLocation: sourceLocation)
  }
}
