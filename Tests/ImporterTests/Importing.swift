import Diagnostics
import Foundation
import Specs
import Testing

@testable import Importer

/// The seeds of the fuzz target: each has one of everything.
func seed(_ name: String) throws -> [UInt8] {
  let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
  let tests = file.deletingLastPathComponent().deletingLastPathComponent()
  return Array(try Data(contentsOf: tests.appendingPathComponent("Fuzz/arrival/" + name)))
}

extension Imported {
  func text(_ path: String) -> String? {
    files.first { $0.path == path }.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  var errors: [Diagnostic] { diagnostics.all.filter { $0.severity == .error } }

  /// What `belfry check` says.
  var problems: [Diagnostic] {
    var tree = SpecTree()
    tree.update(
      files.filter { SpecFile.scope(ofPath: $0.path) != nil }
        .map { ($0.path, SpecFile.parse(path: $0.path, bytes: $0.bytes)) })
    return tree.problems.filter { $0.severity == .error }
  }
}

func alertmanager(_ text: String, templates: [AlertmanagerImport.TemplateFile] = []) -> Imported {
  AlertmanagerImport(file: "am.yml", bytes: Array(text.utf8)).result(templates: templates)
}

func rules(_ files: [(String, String)], _ placement: String? = nil) throws -> Imported {
  PrometheusImport(
    files.map { ImportedFile($0.0, $0.1) },
    placement: try placement.map { try TenantPlacement(parsing: $0) } ?? .platform
  ).result()
}
