import ArgumentParser
import Diagnostics
import Specs
import YAML

/// `belfry fmt`: spec files in one layout.
struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt", abstract: "Bring spec files into one layout; comments stay.",
    discussion: """
      Writes every spec file below PATH anew whose layout differs: two spaces for each level, lists at the level of
      their field, no blanks at the ends of lines. Its meaning never changes.

      Example: belfry fmt
      Example: belfry fmt --check tenants/shop
      """)

  @Argument(help: "A folder with platform/ and tenants/, or something within it.")
  var path = "."
  @Flag(help: "Write nothing; list the files that aren't formatted, and exit with 3 when there are any.")
  var check = false

  func run() throws {
    let specs = try WorkingTreeSpecs(at: path)
    var changed: [String] = []
    var hasFailed = false
    for source in try specs.sources() where specs.isInFocus(source.path) {
      guard case .success(let bytes) = source.bytes() else { continue }
      let formatted: [UInt8]
      do throws(YAMLFormatting.Refusal) {
        formatted = try YAMLFormatting.format(bytes, file: source.path)
      } catch {
        hasFailed = true
        Console.note("belfry: " + error.words(about: source.path))
        continue
      }
      guard formatted != bytes else { continue }
      changed.append(source.path)
      if !check { try Files.write(formatted, to: specs.root + "/" + source.path) }
    }
    for path in changed { Console.result(path) }
    if check, !changed.isEmpty {
      let isOne = changed.count == 1
      Console.note("belfry: \(plural(changed.count, "file")) \(isOne ? "isn't" : "aren't") formatted; run 'belfry fmt'")
    }
    if hasFailed || (check && !changed.isEmpty) { throw Exit.unsound.code }
  }
}

extension YAMLFormatting.Refusal {
  fileprivate func words(about path: String) -> String {
    switch self {
    case .syntax(let found):
      "\(path):\(found.span.range.start.line):\(found.span.range.start.column): \(found.message); it stays as it is"
    case .meaningWouldChange: "\(path): its layout can't be changed safely; it stays as it is"
    }
  }
}
