import Diagnostics
import Model

extension TestReport {
  /// JUnit's XML: a suite for each file, a case for each test; `place` gives a file's path from the repository's root.
  func junit(_ place: (String) -> String) -> JUnit {
    JUnit(name: "belfry test", suites: files.map { $0.junit(place) }, took: took)
  }
}

extension TestFileOutcome {
  fileprivate func junit(_ place: (String) -> String) -> JUnit.Suite {
    let file = place(path)
    var cases: [JUnit.Case] = []
    if !problems.isEmpty {
      let words = problems.map {
        "\(place($0.span.file)):\($0.span.range.start.line):\($0.span.range.start.column): \($0.message)"
      }
      let mark = JUnit.Mark.error(message: plural(problems.count, "problem"), text: words.joined(separator: "\n"))
      cases.append(JUnit.Case(name: "reading the file", file: file, marks: [mark]))
    }
    return JUnit.Suite(name: file, cases: cases + tests.map { $0.junit(file) })
  }
}

extension TestOutcome {
  fileprivate func junit(_ file: String) -> JUnit.Case {
    var marks = failures.map { failure in
      let place = "\(file):\(failure.span.range.start.line):\(failure.span.range.start.column)"
      return JUnit.Mark.failure(
        message: failure.title + ": " + failure.message, type: failure.check.rawValue,
        text: ([place] + failure.plainDifference).joined(separator: "\n"))
    }
    if failures.isEmpty, !setAside.isEmpty { marks.append(.skipped(setAside.joined(separator: "; "))) }
    return JUnit.Case(name: title, file: file, line: Int(place.range.start.line), took: took, marks: marks)
  }
}
