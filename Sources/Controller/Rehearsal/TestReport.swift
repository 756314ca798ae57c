import Diagnostics
import Model

/// What became of all files of a run, in the order in which they were asked for.
struct TestReport: Sendable {
  /// How many tests ended how.
  struct Counts: Sendable {
    var files = 0
    var tests = 0
    var passed = 0
    var failed = 0
    var setAside = 0
    /// Files that could not be run.
    var broken = 0
  }

  var files: [TestFileOutcome]
  var took: Duration = .zero

  var isGood: Bool { files.allSatisfy(\.isGood) }

  var counts: Counts {
    var counts = Counts(files: files.count)
    for file in files {
      if !file.problems.isEmpty { counts.broken += 1 }
      counts.tests += file.tests.count
      for test in file.tests {
        switch test.verdict {
        case .passed: counts.passed += 1
        case .failed: counts.failed += 1
        case .setAside: counts.setAside += 1
        }
      }
    }
    return counts
  }
}

extension TestReport {
  /// For people: a line for each file, below it what failed.
  func text(colour: Bool) -> String {
    let paint = Paint(colour: colour)
    return files.map { $0.text(paint) }.joined() + "\n" + summary + "\n"
  }

  /// `12 files, 31 tests: 29 passed, 1 failed, 1 set aside`.
  var summary: String {
    let counts = counts
    var parts = ["\(counts.passed) passed"]
    if counts.failed > 0 { parts.append("\(counts.failed) failed") }
    if counts.setAside > 0 { parts.append("\(counts.setAside) set aside") }
    if counts.broken > 0 { parts.append(plural(counts.broken, "file") + " can't be run") }
    return plural(counts.files, "file") + ", " + plural(counts.tests, "test") + ": " + parts.joined(separator: ", ")
  }
}

/// Colours of a terminal, or none.
struct Paint {
  /// A colour's code.
  enum Colour: String {
    case red = "31"
    case green = "32"
    case yellow = "33"
  }

  let colour: Bool

  func callAsFunction(_ text: String, _ shade: Colour) -> String {
    colour ? "\u{1b}[\(shade.rawValue)m\(text)\u{1b}[0m" : text
  }

  func line(_ line: DifferenceLine) -> String {
    let text = line.side.rawValue + " " + line.text.displayableText
    switch line.side {
    case .both: return text
    case .expected: return self(text, .red)
    case .got: return self(text, .green)
    }
  }
}

extension TestFileOutcome {
  fileprivate func text(_ paint: Paint) -> String {
    let name = path.displayableText
    guard problems.isEmpty else {
      let errors = problems.count { $0.severity == .error }
      return paint("FAIL", .red) + "  \(name): can't be run, \(plural(errors, "error"))\n"
    }
    let failed = tests.filter { $0.verdict == .failed }
    let setAside = tests.filter { $0.verdict == .setAside }
    var text =
      failed.isEmpty
      ? paint("ok", .green) + "    \(name): \(plural(tests.count, "test"))"
        + (setAside.isEmpty ? "" : ", \(setAside.count) set aside") + "\n"
      : paint("FAIL", .red) + "  \(name): \(failed.count) of \(plural(tests.count, "test")) failed\n"
    for test in tests {
      for failure in test.failures { text += failure.text(of: test, paint) }
      let place = "  \(name):\(test.place.range.start.line): \(test.title.displayableText): "
      for reason in test.setAside { text += place + paint("set aside", .yellow) + ": \(reason.displayableText)\n" }
      for remark in test.remarks { text += place + paint(remark.displayableText, .yellow) + "\n" }
    }
    return text
  }
}

extension TestFailure {
  /// `file:line:column: test: alert X at 5m: 1 alert differs`, and the difference.
  fileprivate func text(of test: TestOutcome, _ paint: Paint) -> String {
    let place = "\(span.file.displayableText):\(span.range.start.line):\(span.range.start.column)"
    let words = [test.title, title, message].map(\.displayableText).joined(separator: ": ")
    return "  \(place): \(words)\n" + difference.map { "    " + paint.line($0) + "\n" }.joined()
  }

  /// The difference without colours, a line each.
  var plainDifference: [String] { difference.map { Paint(colour: false).line($0) } }
}

extension String {
  /// Without characters that could steer a terminal.
  var displayableText: String {
    guard unicodeScalars.contains(where: { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) }) else { return self }
    return String(
      String.UnicodeScalarView(
        unicodeScalars.map { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) ? "\u{fffd}" : $0 }))
  }
}
