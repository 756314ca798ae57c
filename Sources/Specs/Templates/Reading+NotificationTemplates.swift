import Diagnostics
import Model
import Templates
import YAML

/// Templates of notifications: what is wrong with them by themselves, and what they call elsewhere.
extension Reading {
  /// A text of a channel that is a template over a notification; `name` is the field's.
  ///
  /// What can't be read, and what would fail on every message, is an error; what might fail is a warning. Definitions
  /// that it calls are kept as mentions, which the whole tree resolves.
  mutating func notificationTemplate(_ node: YAMLNode, named name: String, isOneLine: Bool = false) -> String? {
    guard let text = word(node, "a template") else { return nil }
    let template = checkNotificationTemplate(node, text, named: name)
    if isOneLine, options.lints, let template, template.spansLines {
      warning(
        .templateMistake, "'\(name)' is shown in one line, and its template has several", at: node.range.firstLineStart,
        fix: "write it in one line, or end each line with {{- \"\" }}")
    }
    return text
  }

  /// The name of a definition, kept as a mention where no default has it.
  mutating func definitionName(_ node: YAMLNode) -> String? {
    guard let name = word(node, "the name of a template") else { return nil }
    guard !Template.hasActions(name),
      !name.utf8.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") })
    else {
      error(
        .wrongType, "a template's text stands where the name of a template is expected", at: node.range,
        fix: "write it under 'text': template: {text: …}")
      return nil
    }
    if !TemplateLibrary.notificationDefaults.contains(name) { mention(.template, name, at: node.range) }
    return name
  }

  /// Checks such a text; the template, where it can be read.
  @discardableResult
  mutating func checkNotificationTemplate(_ node: YAMLNode, _ text: String, named name: String) -> Template? {
    guard let template = try? Template(parsing: text, functions: .notification) else {
      for problem in Template.problems(in: text, functions: .notification) {
        error(
          .templateSyntax, "the template of '\(Wording.short(name))' can't be read: \(problem.description)",
          at: placeOfWord(at: problem.offset, in: node), fix: problem.remedy)
      }
      return nil
    }
    guard Template.hasActions(text) else { return template }
    let analysis = template.analysis(library: .notificationDefaults)
    for call in analysis.calls where !TemplateLibrary.notificationDefaults.contains(call.name) {
      mention(.template, call.name, at: placeOfWord(at: call.offset, in: node))
    }
    for finding in analysis.findings where finding.kind != .undefinedTemplate { report(finding, of: name, in: node) }
    return template
  }

  private mutating func report(_ finding: TemplateFinding, of name: String, in node: YAMLNode) {
    let place = placeOfWord(at: finding.offset, in: node)
    if finding.fails, finding.isCertain {
      error(
        .templateMistake, "the template of '\(Wording.short(name))' fails on every message: \(finding.message)",
        at: place,
        fix: finding.fix)
    } else if options.lints {
      warning(
        .templateMistake, "the template of '\(Wording.short(name))' can't work: \(finding.message)", at: place,
        fix: finding.fix)
    }
  }
}

extension TemplateFinding {
  /// Whether the expansion ends with an error there; a verb that doesn't fit only looks odd.
  fileprivate var fails: Bool { kind != .verb }
}
