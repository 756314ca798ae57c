import Model

/// A report in JUnit's XML, as CI systems read it.
struct JUnit: Sendable {
  /// What became of a case, besides having passed.
  enum Mark: Sendable {
    case failure(message: String, type: String, text: String)
    case error(message: String, text: String)
    case skipped(String)
  }

  /// One test, or one finding.
  struct Case: Sendable {
    var name: String
    var file: String
    var line: Int?
    var took: Duration = .zero
    var marks: [Mark] = []
  }

  /// The cases of one file.
  struct Suite: Sendable {
    var name: String
    var cases: [Case]
  }

  let name: String
  let suites: [Suite]
  var took: Duration = .zero

  var xml: String {
    let cases = suites.flatMap(\.cases)
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + "<testsuites name=\"\(name.inXML)\"\(Self.counts(cases, took))>\n" + suites.map(\.xml).joined()
      + "</testsuites>\n"
  }

  fileprivate static func counts(_ cases: [Case], _ took: Duration) -> String {
    func count(_ isOf: (Mark) -> Bool) -> Int { cases.count { $0.marks.contains(where: isOf) } }
    let failures = count { if case .failure = $0 { true } else { false } }
    let errors = count { if case .error = $0 { true } else { false } }
    let skipped = count { if case .skipped = $0 { true } else { false } }
    return " tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
      + " time=\"\(took.junit)\""
  }
}

extension JUnit.Suite {
  fileprivate var xml: String {
    let took = cases.reduce(Duration.zero) { $0 + $1.took }
    return "  <testsuite name=\"\(name.inXML)\"\(JUnit.counts(cases, took))>\n" + cases.map(\.xml).joined()
      + "  </testsuite>\n"
  }
}

extension JUnit.Case {
  fileprivate var xml: String {
    var xml = "    <testcase name=\"\(name.inXML)\" classname=\"\(file.inXML)\" file=\"\(file.inXML)\""
    if let line { xml += " line=\"\(line)\"" }
    xml += " time=\"\(took.junit)\""
    guard !marks.isEmpty else { return xml + "/>\n" }
    xml += ">\n"
    for mark in marks {
      switch mark {
      case .failure(let message, let type, let text):
        xml += "      <failure message=\"\(message.inXML)\" type=\"\(type.inXML)\">\(text.inXML)</failure>\n"
      case .error(let message, let text): xml += "      <error message=\"\(message.inXML)\">\(text.inXML)</error>\n"
      case .skipped(let message): xml += "      <skipped message=\"\(message.inXML)\"/>\n"
      }
    }
    return xml + "    </testcase>\n"
  }
}

extension FindingReport {
  /// A suite for each file with findings and a case for each finding; only errors are failures. Without any finding, one
  /// case that passed.
  var junit: JUnit {
    let byFile = Dictionary(grouping: findings, by: \.file).sorted { $0.key < $1.key }
    let suites = byFile.map { file, found in
      JUnit.Suite(
        name: file,
        cases: found.map { finding in
          let mark: JUnit.Mark =
            finding.level == .error
            ? .failure(message: finding.message, type: finding.code, text: finding.explanation + "\n" + finding.text)
            : .skipped(finding.level.rawValue + ": " + finding.explanation)
          let name = finding.code + (finding.range == nil ? "" : " at line \(finding.line)")
          return JUnit.Case(name: name, file: file, line: finding.line, marks: [mark])
        })
    }
    let sound = JUnit.Suite(
      name: "belfry \(command)", cases: [JUnit.Case(name: summary, file: "belfry \(command)")])
    return JUnit(name: "belfry \(command)", suites: suites.isEmpty ? [sound] : suites)
  }
}

extension Duration {
  /// Seconds with milliseconds.
  fileprivate var junit: String {
    let milliseconds = max(0, wholeMilliseconds)
    let fraction = String(milliseconds % 1000)
    return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.utf8.count) + fraction
  }
}
