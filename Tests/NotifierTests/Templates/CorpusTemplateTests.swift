import Foundation
import Model
import Notifier
import Specs
import Templates
import TestKit
import Testing

/// The templates of real Alertmanager configurations beside the repository, or where `BELFRY_CORPUS` says.
@Suite struct `Templates of real configurations` {
  static let folder: URL? = Corpus.found?.folder.appendingPathComponent("alertmanager")

  @Test(.enabled(if: folder != nil, "there is no corpus"))
  func `are read and expanded`() throws {
    let folder = try #require(Self.folder)
    var count = 0
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() {
      guard let text = try? String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8) else { continue }
      if path.hasSuffix(".tmpl") {
        count += 1
        let template = try Template(parsing: text, functions: .notification)
        for name in template.definitions.keys { check(text + "{{ template \(name.quotedAsGo) . }}", path) }
      } else if path.hasSuffix(".yml") || path.hasSuffix(".yaml") {
        for template in Self.templates(in: text) {
          count += 1
          check(template, path)
        }
      }
    }
    #expect(count > 0)
  }

  private func check(_ text: String, _ path: String) {
    do {
      _ = try expansion(text, of: twoAlerts).get()
    } catch let error as MessageTemplateError {
      // Some call definitions of files that aren't in the corpus.
      #expect(error.description.hasSuffix(" not defined"), "\(path): \(text)")
    } catch {
      Issue.record("\(path): \(error): \(text)")
    }
  }

  /// The values with `{{` of a YAML text, as far as one can tell without reading YAML: those in quotes on one line, and
  /// block scalars.
  private static func templates(in yaml: String) -> [String] {
    var found: [String] = []
    var block: (indent: Int, lines: [String])?
    for line in yaml.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      let indent = line.prefix { $0 == " " }.count
      if let open = block {
        if indent > open.indent || line.allSatisfy({ $0 == " " }) {
          block?.lines.append(line)
          continue
        }
        found.append(open.lines.joined(separator: "\n"))
        block = nil
      }
      guard !line.contains("#") || line.contains("'") || line.contains("\""),
        let colon = line.firstRange(of: ": ")
      else { continue }
      let value = line[colon.upperBound...].drop { $0 == " " }
      if value.hasPrefix("|") || value.hasPrefix(">") {
        block = (indent, [])
      } else if let quote = value.first, quote == "'" || quote == "\"", value.count > 1, value.last == quote {
        found.append(String(value.dropFirst().dropLast()).replacing("\\n", with: "\n"))
      }
    }
    return (found + [block?.lines.joined(separator: "\n")].compactMap { $0 }).filter { $0.contains("{{") }
  }
}
