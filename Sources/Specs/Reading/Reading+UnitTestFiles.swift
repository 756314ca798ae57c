package import Diagnostics
package import Model
import PromQL
import YAML

/// A unit-test file as it was read.
package struct UnitTestFile: Sendable {
  package var path: String
  /// The scope that its place gives; `nil` outside `platform/` and `tenants/`.
  package var scope: Scope?
  /// `nil` when no document of it is a unit test.
  package var spec: UnitTestSpec?
  package var diagnostics: Diagnostics

  /// Reads a file that stands in `scope`, or in nobody's folder: every finding at once.
  package init(path: String, scope: Scope?, bytes: [UInt8], options: SpecOptions = .init()) {
    self.path = path
    self.scope = scope
    var reading = Reading(file: path, scope: scope ?? .platform, bytes: bytes, options: options)
    let stream = YAMLStream(parsing: bytes, file: path, limits: options.limits.yaml)
    for document in stream.documents where document.isComplete {
      guard let root = document.root, !root.isNull else { continue }
      guard case .unitTest = DocumentForm(root) else { continue }
      if spec == nil {
        spec = reading.unitTest(root)
      } else {
        reading.error(
          .mixedFile, "a file has one unit-test document, this is another", at: root.range.firstLineStart,
          fix: "put its tests into the first, or into another file")
      }
    }
    diagnostics = stream.diagnostics
    diagnostics.append(reading.diagnostics)
  }

  /// Whether a file may hold unit tests: one of their outermost fields begins a line. Quick, and never wrong about a
  /// file that holds some in block style.
  package static func mayHoldTests(_ bytes: [UInt8]) -> Bool {
    ["tests:", "rule_files:"].contains { word in
      let word = Array(word.utf8)
      var start = 0
      while start + word.count <= bytes.count {
        if bytes[start..<start + word.count].elementsEqual(word) { return true }
        guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { return false }
        start = end + 1
      }
      return false
    }
  }
}

extension SpecFile {
  /// Reads the rules of a file wherever it stands, as those of `scope`: unit tests name files by any path.
  package static func parse(
    rulesAt path: String, bytes: [UInt8], scope: Scope, options: SpecOptions = .init()
  ) -> SpecFile {
    var reading = Reading(file: path, scope: scope, bytes: bytes, options: options)
    let stream = YAMLStream(parsing: bytes, file: path, limits: options.limits.yaml)
    var harvest = DocumentHarvest()
    for document in stream.documents where document.isComplete {
      guard let root = document.root, !root.isNull else { continue }
      reading.document(root, index: document.index, into: &harvest)
    }
    var file = SpecFile(path: path, scope: scope, content: .specs, resources: harvest.resources)
    file.unreadable = harvest.unreadable
    for finding in (stream.diagnostics.all + reading.diagnostics.all).sorted() { file.diagnostics.report(finding) }
    return file
  }
}

extension Reading {
  /// Tells what is wrong with an expression, at its place in the file.
  mutating func checkExpression(_ text: String, in node: YAMLNode) {
    for problem in Expr.parse(text).problems {
      error(.malformedExpression, problem.message, at: place(of: problem.range.lowerBound, in: node), fix: problem.fix)
    }
  }
}
