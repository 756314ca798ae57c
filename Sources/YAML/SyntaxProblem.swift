import Diagnostics

/// An error as libyaml tells it; ``report(to:in:)`` says it in our words.
struct SyntaxProblem {
  /// libyaml's own words, which its sources keep constant: `did not find expected key`.
  var words: String
  var mark: SourcePosition
  /// What it was doing: `while parsing a block mapping`.
  var context: String
  /// Where that began.
  var contextMark: SourcePosition

  /// An error in our words.
  struct Explanation {
    var code: String
    var message: String
    var range: SourceRange
    var fix: String?
    var notes: [(text: String, range: SourceRange?)] = []
  }

  func report(to findings: inout Findings, in bytes: [UInt8]) {
    let source = findings.source(bytes)
    var held = self
    // libyaml ends an unfinished last line before it tells of the end.
    held.mark = source.held(mark)
    let explanation = held.explanation(in: source)
    // The braces of an unquoted template were told already, as a key.
    if explanation.code == "unquoted-template", findings.diagnostics.all.last?.code == explanation.code { return }
    findings.error(
      explanation.code, explanation.message, at: explanation.range, fix: explanation.fix, notes: explanation.notes)
  }

  private func explanation(in source: SourceText) -> Explanation {
    switch words {
    case "found character that cannot start any token": strangeStart(source)
    case "found a tab character where an indentation space is expected",
      "found a tab character that violates indentation":
      tab
    case "could not find expected ':'": keyWithoutColon(source)
    case "mapping values are not allowed in this context": colonInValue(source)
    case "did not find expected key": unexpectedInMapping(source)
    case "did not find expected '-' indicator": unexpectedInSequence(source)
    case "did not find expected ',' or ']'": unclosed("[", "]", source)
    case "did not find expected ',' or '}'": unclosed("{", "}", source)
    case "found unexpected end of stream", "found unexpected document indicator": unclosedQuote(source)
    case "found unknown escape character", "did not find expected hexdecimal number",
      "found invalid Unicode character escape code":
      badEscape(source)
    default: other(source)
    }
  }

  private func other(_ source: SourceText) -> Explanation {
    if let rule = Self.rules[words] {
      return Explanation(code: "yaml-syntax", message: rule.message, range: mark.extended(), fix: rule.fix)
    }
    if let rule = Self.rules[context] {
      return Explanation(code: "yaml-syntax", message: rule.message, range: contextMark.extended(), fix: rule.fix)
    }
    return Explanation(
      code: "yaml-syntax", message: "the text can't be read as YAML here (\(words))", range: mark.extended())
  }

  /// The plain cases: libyaml's words, or its context, to ours.
  private static let rules: [String: (message: String, fix: String?)] = [
    "block sequence entries are not allowed in this context": (
      "a list can't begin on the line of its key", "begin it on the next line"
    ),
    "mapping keys are not allowed in this context": (
      "'?' can't begin a key here", "put text that begins with '?' in quotes"
    ),
    "did not find expected node content": ("a value is missing here", "write one, or '' for none"),
    "did not find expected <document start>": (
      "something follows the end of the document", "put '---' on a line of its own before another document"
    ),
    "did not find expected comment or line break": (
      "something else stands on this line; the text of '|' and '>' begins on the next", nil
    ),
    "found an indentation indicator equal to 0": (
      "the indentation given behind '|' or '>' is 0; it goes from 1 to 9", nil
    ),
    "found undefined tag handle": ("the tag's handle is not declared", "put text that begins with '!' in quotes"),
    "found incompatible YAML document": ("the '%YAML' line names a version other than 1.1 and 1.2", nil),
    "found duplicate %YAML directive": ("a second '%YAML' line stands before the same document", nil),
    "found duplicate %TAG directive": ("a second '%TAG' line declares the same handle", nil),
    "while scanning an anchor": (
      "'&' begins an anchor, whose name is missing", "put text that begins with '&' in quotes"
    ),
    "while scanning an alias": (
      "'*' begins an alias, whose name is missing", "put text that begins with '*' in quotes"
    ),
    "while scanning a tag": (
      "'!' begins a tag, which does not end as tags do", "put text that begins with '!' in quotes"
    ),
    "while parsing a tag": (
      "'!' begins a tag, which does not end as tags do", "put text that begins with '!' in quotes"
    ),
    "while scanning a directive": ("'%' at the start of a line begins a directive, which is not complete", nil),
    "while scanning a %YAML directive": ("the '%YAML' line is not complete", "write %YAML 1.2"),
    "while scanning a %TAG directive": ("the '%TAG' line is not complete", nil),
  ]
}

// MARK: - Indentation

extension SyntaxProblem {
  private var tab: Explanation {
    Explanation(
      code: "tab-indentation", message: "a tab stands where indentation is expected", range: mark.extended(),
      fix: "indent with spaces")
  }

  private func strangeStart(_ source: SourceText) -> Explanation {
    let character = source.character(at: mark)
    if character == "\t" { return tab }
    return Explanation(
      code: "unquoted-text", message: "a value can't begin with '\(character.map(String.init) ?? "")'",
      range: mark.extended(), fix: "put the value in quotes")
  }

  private func unexpectedInMapping(_ source: SourceText) -> Explanation {
    if let explanation = textBehindValue(source) { return explanation }
    return misaligned(source, "a key of the mapping", "the mapping begins here")
  }

  private func unexpectedInSequence(_ source: SourceText) -> Explanation {
    if let explanation = textBehindValue(source) { return explanation }
    return misaligned(source, "a '-' of the list", "the list begins here")
  }

  /// A line that stands neither beside the keys or items above nor below one of them.
  private func misaligned(_ source: SourceText, _ expected: String, _ note: String) -> Explanation {
    let notes: [(text: String, range: SourceRange?)] = [(note, contextMark.extended())]
    if source.character(at: mark) == ":" {
      return Explanation(
        code: "missing-key", message: "no key stands before ':'", range: mark.extended(), notes: notes)
    }
    guard mark.column != contextMark.column, source.isFirstOnLine(mark) else {
      let text = source.lineText(mark, fromColumn: true).shortened
      return Explanation(
        code: "misplaced-line", message: "expected \(expected), found '\(text)'", range: mark.extended(), notes: notes)
    }
    let above = source.columnOfTextAbove(mark)
    let wanted = above == mark.column ? contextMark.column : above ?? contextMark.column
    let beside = wanted == contextMark.column ? "what is around it" : "the line above"
    return Explanation(
      code: "misaligned", message: "the line begins in column \(mark.column), \(beside) in column \(wanted)",
      range: mark.extended(), fix: "indent it by \(wanted - 1) space\(wanted == 2 ? "" : "s")", notes: notes)
  }

  /// Something behind a value that has ended: behind a closing quote, or behind the braces of an unquoted template.
  private func textBehindValue(_ source: SourceText) -> Explanation? {
    switch source.characterBefore(mark) {
    case "\"", "'":
      return Explanation(
        code: "text-behind-value", message: "something follows the closing quote", range: mark.extended(),
        fix: "put the whole value in quotes")
    case "}" where source.lineText(mark).contains("{{"):
      return unquotedTemplate
    case "}", "]":
      return Explanation(
        code: "text-behind-value", message: "something follows the closing bracket", range: mark.extended(),
        fix: "put the whole value in quotes")
    default: return nil
    }
  }

  private var unquotedTemplate: Explanation {
    Explanation(
      code: "unquoted-template", message: "a value that begins with '{{' is read as a mapping", range: mark.extended(),
      fix: "put the whole value in quotes")
  }
}

// MARK: - Keys, quotes and brackets

extension SyntaxProblem {
  private func keyWithoutColon(_ source: SourceText) -> Explanation {
    let text = source.lineText(contextMark, fromColumn: true)
    return Explanation(
      code: "key-without-colon", message: "'\(text.shortened)' stands where a key is expected and has no ':'",
      range: contextMark.extended(by: max(1, text.unicodeScalars.count)))
  }

  private func colonInValue(_ source: SourceText) -> Explanation {
    let before = source.lineText(mark).unicodeScalars.prefix(max(0, Int(mark.column) - 1))
    if String(String.UnicodeScalarView(before)).contains(": ") {
      return Explanation(
        code: "unquoted-text", message: "': ' stands in a value that is not in quotes", range: mark.extended(),
        fix: "put the whole value in quotes")
    }
    return Explanation(
      code: "misplaced-line", message: "a key stands below a value that has ended or is plain text",
      range: mark.extended(), fix: "indent it like the keys that it belongs to")
  }

  private func unclosed(_ opening: Character, _ closing: Character, _ source: SourceText) -> Explanation {
    if source.lineText(contextMark, fromColumn: true).hasPrefix("{{") { return unquotedTemplate }
    return Explanation(
      code: "unclosed-bracket", message: "expected ',' or '\(closing)'", range: mark.extended(),
      notes: [("'\(opening)' is opened here", contextMark.extended())])
  }

  private func unclosedQuote(_ source: SourceText) -> Explanation {
    let quote = source.character(at: contextMark) == "'" ? "'" : "\""
    return Explanation(
      code: "unclosed-quote", message: "the text that begins with this quote has no end",
      range: contextMark.extended(), fix: "close it with \(quote)")
  }

  private func badEscape(_ source: SourceText) -> Explanation {
    var mark = mark
    // Of an escape with digits libyaml has read the backslash and the letter.
    if words != "found unknown escape character" { mark.column = max(1, mark.column - 2) }
    let escape = String(source.lineText(mark, fromColumn: true).prefix(2))
    let range = mark.extended(by: 2)
    let asText = "write '\\\(escape)', or use single quotes, in which nothing is an escape"
    switch words {
    case "found unknown escape character":
      return Explanation(code: "unknown-escape", message: "'\(escape)' is not an escape", range: range, fix: asText)
    case "did not find expected hexdecimal number":
      let digits = escape == #"\x"# ? 2 : escape == #"\u"# ? 4 : 8
      return Explanation(
        code: "unknown-escape", message: "'\(escape)' takes \(digits) hexadecimal digits", range: range, fix: asText)
    default:
      let written = source.lineText(mark, fromColumn: true).prefix(escape == #"\u"# ? 6 : 10)
      return Explanation(
        code: "unknown-escape", message: "'\(written)' names no character", range: range,
        fix: #"write characters beyond U+FFFF like \U0001F600"#)
    }
  }
}

extension String {
  /// At most forty characters of this text.
  fileprivate var shortened: String { count > 40 ? prefix(40) + "…" : self }
}

extension SourceText {
  /// The text of a place's line, from its first character or from the place, without white space at its end.
  fileprivate func lineText(_ place: SourcePosition, fromColumn: Bool = false) -> String {
    guard let line = line(Int(place.line)) else { return "" }
    var end = line.upperBound
    let start = fromColumn ? offset(of: place) : line.lowerBound
    // What is quoted is short, and a line may be the whole file.
    end = min(end, start + 4096)
    while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  fileprivate func character(at place: SourcePosition) -> Unicode.Scalar? {
    let offset = offset(of: place)
    return offset < bytes.count ? Self.scalar(in: bytes, at: offset).value : nil
  }

  /// The last character before a place on its line that is no white space.
  fileprivate func characterBefore(_ place: SourcePosition) -> Unicode.Scalar? {
    guard let line = line(Int(place.line)) else { return nil }
    let before = bytes[line.lowerBound..<offset(of: place)]
    return before.last { $0 != 0x20 && $0 != 0x09 }.map { $0 < 0x80 ? Unicode.Scalar($0) : "\u{fffd}" }
  }

  fileprivate func isFirstOnLine(_ place: SourcePosition) -> Bool { characterBefore(place) == nil }

  /// Where the nearest line above that isn't blank begins.
  fileprivate func columnOfTextAbove(_ place: SourcePosition) -> Int32? {
    var number = Int(place.line) - 1
    while let line = line(number) {
      if let first = bytes[line].firstIndex(where: { $0 != 0x20 && $0 != 0x09 }) {
        return Int32(clamping: first - line.lowerBound + 1)
      }
      number -= 1
    }
    return nil
  }

  /// The place itself, or behind the last text for one at the end of the file.
  fileprivate func held(_ place: SourcePosition) -> SourcePosition {
    guard offset(of: place) >= bytes.count else { return place }
    let end = bytes.lastIndex { ![0x20, 0x09, 0x0a, 0x0d].contains($0) } ?? -1
    return position(ofOffset: end + 1)
  }
}
