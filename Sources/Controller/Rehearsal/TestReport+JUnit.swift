import Diagnostics
import Model

extension TestReport {
  /// JUnit's XML, as CI systems read it: a suite for each file, a case for each test.
  var junit: String {
    let counts = counts
    var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    xml += "<testsuites name=\"belfry test\" tests=\"\(counts.tests + counts.broken)\" failures=\"\(counts.failed)\""
    xml += " errors=\"\(counts.broken)\" skipped=\"\(counts.setAside)\" time=\"\(took.junit)\">\n"
    for file in files { xml += file.junit }
    return xml + "</testsuites>\n"
  }
}

extension TestFileOutcome {
  fileprivate var junit: String {
    let failed = tests.count { $0.verdict == .failed }
    let setAside = tests.count { $0.verdict == .setAside }
    let broken = problems.isEmpty ? 0 : 1
    let time = tests.reduce(Duration.zero) { $0 + $1.took }
    var xml = "  <testsuite name=\"\(path.inXML)\" tests=\"\(tests.count + broken)\" failures=\"\(failed)\""
    xml += " errors=\"\(broken)\" skipped=\"\(setAside)\" time=\"\(time.junit)\">\n"
    if broken > 0 {
      let words = problems.map {
        "\($0.span.file):\($0.span.range.start.line):\($0.span.range.start.column): \($0.message)"
      }
      xml += "    <testcase name=\"reading the file\" classname=\"\(path.inXML)\" file=\"\(path.inXML)\" time=\"0\">\n"
      xml += "      <error message=\"\(plural(problems.count, "problem"))\">"
      xml += words.joined(separator: "\n").inXML + "</error>\n    </testcase>\n"
    }
    for test in tests { xml += test.junit(of: path) }
    return xml + "  </testsuite>\n"
  }
}

extension TestOutcome {
  fileprivate func junit(of path: String) -> String {
    var xml = "    <testcase name=\"\(title.inXML)\" classname=\"\(path.inXML)\" file=\"\(path.inXML)\""
    xml += " line=\"\(place.range.start.line)\" time=\"\(took.junit)\""
    guard verdict != .passed else { return xml + "/>\n" }
    xml += ">\n"
    for failure in failures {
      let words = ["\(failure.span.file):\(failure.span.range.start.line):\(failure.span.range.start.column)"]
      xml += "      <failure message=\"\((failure.title + ": " + failure.message).inXML)\""
      xml += " type=\"\(failure.check.rawValue)\">"
      xml += (words + failure.plainDifference).joined(separator: "\n").inXML + "</failure>\n"
    }
    if failures.isEmpty { xml += "      <skipped message=\"\(setAside.joined(separator: "; ").inXML)\"/>\n" }
    return xml + "    </testcase>\n"
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

extension String {
  /// Escaped for text and attributes of XML; characters that XML can't have become U+FFFD.
  fileprivate var inXML: String {
    var escaped = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\n": escaped += "&#10;"
      case "\t": escaped += "&#9;"
      case "\r": escaped += "&#13;"
      case _ where scalar.value < 0x20 || scalar.value == 0xfffe || scalar.value == 0xffff: escaped += "\u{fffd}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
