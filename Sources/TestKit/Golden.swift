private import FoundationEssentials

/// Compares a text with a golden file in `Tests/Golden/<test target>`, beside the targets and not inside them, since
/// SwiftPM asks for a rule for every file inside a target.
///
/// Returns `nil` where they are equal, else what differs, line by line. With `RECORD=1` in the environment the file is
/// written instead, and its change is reviewed as a change of the product.
///
///     #expect(goldenDifference(text, "held-scope.txt") == nil)
package func goldenDifference(_ text: String, _ name: String, source: String = #filePath) -> String? {
  let folder = goldenFolder(of: source)
  let path = folder + "/" + name
  if ProcessInfo.processInfo.environment["RECORD"] == "1" {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: path))
      return nil
    } catch {
      return "could not write \(name): \(error)"
    }
  }
  guard let data = FileManager.default.contents(atPath: path) else {
    return "no golden file \(name); run the test with RECORD=1 to write it"
  }
  let expected = String(decoding: data, as: UTF8.self)
  return expected == text ? nil : lineDifference(from: expected, to: text)
}

/// The folder for a test source, whose path is `…/Tests/<test target>/…`.
private func goldenFolder(of source: String) -> String {
  let parts = source.split(separator: "/")
  guard let tests = parts.lastIndex(of: "Tests"), tests + 2 < parts.count else { return "Golden" }
  return "/" + parts[...tests].joined(separator: "/") + "/Golden/" + parts[tests + 1]
}

/// The lines in which two texts differ, marked `-` and `+`, with up to two equal lines around them.
package func lineDifference(from old: String, to new: String) -> String {
  let oldLines = old.split(separator: "\n", omittingEmptySubsequences: false)
  let newLines = new.split(separator: "\n", omittingEmptySubsequences: false)
  var removed: Set<Int> = []
  var inserted: Set<Int> = []
  for change in newLines.difference(from: oldLines) {
    switch change {
    case .remove(let offset, _, _): removed.insert(offset)
    case .insert(let offset, _, _): inserted.insert(offset)
    }
  }
  var lines: [(mark: String, text: Substring)] = []
  var (left, right) = (0, 0)
  while left < oldLines.count || right < newLines.count {
    if removed.contains(left) {
      lines.append(("-", oldLines[left]))
      left += 1
    } else if inserted.contains(right) {
      lines.append(("+", newLines[right]))
      right += 1
    } else {
      lines.append((" ", oldLines[left]))
      (left, right) = (left + 1, right + 1)
    }
  }
  let shown = lines.indices.filter { index in
    lines[max(0, index - 2)..<min(lines.count, index + 3)].contains { $0.mark != " " }
  }
  return shown.map { lines[$0].mark + lines[$0].text }.joined(separator: "\n")
}
