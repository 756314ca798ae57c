import Diagnostics
import Model

extension FindingReport {
  /// GitHub's workflow commands: an annotation for each finding, then all of them as text in a group.
  ///
  /// GitHub shows ten annotations of a level for each step and fifty for a job; the group has the rest. Texts of specs
  /// are escaped in commands, and printed as they are only while commands are stopped by `token`, which nobody knows
  /// beforehand: a spec can't give commands to the workflow.
  func github(token: String) -> String {
    var text = ""
    for finding in findings {
      text +=
        GitHubCommand(
          finding.level.gitHubCommand, finding.gitHubProperties, finding.explanation
        ).text + "\n"
    }
    if findings.count > 1 {
      text += GitHubCommand("group", [], "belfry \(command): all findings").text + "\n"
      text += GitHubCommand("stop-commands", [], token).text + "\n"
      for finding in findings { text += finding.text + "\n" }
      text += "::\(token)::\n" + GitHubCommand("endgroup", [], "").text + "\n"
    }
    return text + summary + "\n"
  }

  /// Adds the findings to the page that GitHub shows for a step, where it names a file for that.
  func appendStepSummary() throws(CommandFailure) {
    guard let file = environment("GITHUB_STEP_SUMMARY"), !file.isEmpty else { return }
    do throws(Files.Failure) {
      try Files.append(Array(stepSummary.utf8), to: file)
    } catch {
      Console.note("belfry: the step's summary can't be written: \(error.description)")
    }
  }

  /// Markdown: the summary, and a table of the first findings.
  var stepSummary: String {
    let limit = 200
    var text = "### belfry \(command)\n\n\(summary.inMarkdown)\n"
    guard !findings.isEmpty else { return text }
    text += "\n| | where | what |\n|---|---|---|\n"
    for finding in findings.prefix(limit) {
      let place = finding.range == nil ? finding.file : "\(finding.file):\(finding.line)"
      let what = finding.explanation.onOneTableLine
      text += "| \(finding.level.rawValue) | \(place.inMarkdown) | \(what) (\(finding.code.inMarkdown)) |\n"
    }
    if findings.count > limit { text += "\nand \(findings.count - limit) more, in the log\n" }
    return text
  }
}

/// One workflow command: `::name key=value,key=value::message`.
struct GitHubCommand: Hashable, Sendable {
  let name: String
  let properties: [Label]
  let message: String

  init(_ name: String, _ properties: [Label], _ message: String) {
    self.name = name
    self.properties = properties
    self.message = message
  }

  /// The line that gives it, without a break at its end.
  var text: String {
    let shown = properties.map { $0.name + "=" + Self.escaped($0.value, isProperty: true) }.joined(separator: ",")
    return "::" + name + (shown.isEmpty ? "" : " " + shown) + "::" + Self.escaped(message, isProperty: false)
  }

  /// Percent first; what would end the line; in properties also what would end the value. Other line breaks of Unicode
  /// and control characters, which some log viewers obey, become U+FFFD.
  private static func escaped(_ text: String, isProperty: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": escaped += "%25"
      case "\r": escaped += "%0D"
      case "\n": escaped += "%0A"
      case ":" where isProperty: escaped += "%3A"
      case "," where isProperty: escaped += "%2C"
      case "\t": escaped += "\t"
      case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value): escaped += "\u{fffd}"
      case "\u{2028}", "\u{2029}": escaped += "\u{fffd}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

extension Finding.Level {
  fileprivate var gitHubCommand: String { self == .note ? "notice" : rawValue }
}

extension Finding {
  fileprivate var gitHubProperties: [Label] {
    var properties = [Label("file", file)]
    if let range {
      properties.append(Label("line", "\(line)"))
      properties.append(Label("endLine", "\(max(range.end.line, range.start.line))"))
      // Columns are only taken where both ends are on one line.
      if range.end.line <= range.start.line {
        properties.append(Label("col", "\(range.start.column)"))
        properties.append(Label("endColumn", "\(max(range.start.column, range.end.column - 1))"))
      }
    }
    properties.append(Label("title", code))
    return properties
  }
}

extension String {
  /// As text of Markdown: nothing in it is markup, an HTML tag, a mention or a reference.
  var inMarkdown: String {
    var escaped = ""
    for scalar in displayableText.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "!", "$", "%": escaped += "\\" + String(scalar)
      case "@", "#": escaped += String(scalar) + "\u{2060}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// As a cell of a Markdown table.
  fileprivate var onOneTableLine: String {
    split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { String($0).inMarkdown }
      .joined(separator: "<br>")
  }
}
