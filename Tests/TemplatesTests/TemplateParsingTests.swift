import Model
import Templates
import TestKit
import Testing

@Suite struct `Parsing a template` {
  @Test(arguments: [
    ("{{ $value", TemplateSyntaxError.Problem.unclosedAction, 2),
    ("a {{/* x }}", .unclosedComment, 4),
    ("a {{/* x */ 1 }}", .commentWithinAction, 4),
    ("{{ 1 /* x */ }}", .commentWithinAction, 5),
    ("{{ \"abc }}", .unclosedString, 3),
    ("{{ `abc }}", .unclosedString, 3),
    (#"{{ "\y" }}"#, .malformedString, 4),
    ("{{ $labels.foo-bar }}", .unexpectedCharacter("-"), 14),
    ("{{\u{A0}$value }}", .unexpectedCharacter("\u{A0}"), 2),
    ("{{ & }}", .unexpectedCharacter("&"), 3),
    ("{{ 1x }}", .malformedNumber("1x"), 3),
    ("{{ }}", .emptyAction, 0),
    ("{{ $value | }}", .nothingAfterPipe, 10),
    ("{{ | humanize }}", .unexpected("|"), 3),
    ("{{ $value | 1 }}", .notAFunction("1"), 12),
    ("{{ (humanize 1 }}", .unclosedParenthesis, 3),
    ("{{ humanize 1) }}", .unexpectedParenthesis, 13),
    ("{{ humanise $value }}", .unknownFunction("humanise"), 3),
    ("{{ $labls.x }}", .undefinedVariable("$labls"), 3),
    ("{{ if eq $x 1.0 }}{{ end }}", .undefinedVariable("$x"), 9),
    ("{{ end }}", .withoutBlock("end"), 3),
    ("{{ else }}", .withoutBlock("else"), 3),
    ("{{ if $value }}", .unclosedBlock("if"), 3),
    ("{{ $value := }}", .emptyAction, 13),
    ("{{ 1 2 := }}", .unexpected(":="), 7),
    ("{{ \"a\".b }}", .unexpected(".b"), 6),
    ("{{ if }}{{ end }}", .emptyAction, 6),
    (String(repeating: "{{ ((((((((((((((((((((((((((((((((((((((((", count: 1), .tooDeep(limit: 32), 35),
  ])
  func `says what is wrong and where`(text: String, problem: TemplateSyntaxError.Problem, offset: Int) {
    let text = problem == .tooDeep(limit: 32) ? text + "}}" : text
    #expect(throws: TemplateSyntaxError(problem, at: offset)) { try Template(parsing: text) }
  }

  @Test(arguments: [
    ("{{ if gt $value 90.0 }}hot {{ $value }}{{ else }}cold{{ end }}!", [("if", 0)]),
    ("{{ with $labels.cluster -}} in {{ . }} {{- end }}", [("with", 0)]),
    (#"{{ range query "up" }}{{ .Labels.instance }}{{ end }}"#, [("range", 0)]),
    (#"x {{ query "up" | first | value | humanize }}"#, [("query", 2)]),
    ("{{ $x := 1 }}{{ $x }}", [("$x", 0), ("$x", 13)]),
    ("{{ range $k, $v := $labels }}{{ $k }}{{ end }}", [("range", 0)]),
    ("{{ . }}", [(".", 0)]),
    ("{{ len $labels.job }}", [("len", 0)]),
    (#"{{ define "x" }}a{{ end }}{{ template "x" . }}"#, [("define", 0), ("template", 26)]),
  ])
  func `keeps what needs the full language as it is written`(text: String, unsupported: [(String, Int)]) throws {
    let template = try Template(parsing: text)
    #expect(template.unsupported.map(\.construct) == unsupported.map(\.0))
    #expect(template.unsupported.map(\.offset) == unsupported.map(\.1))
    let rendered = template.render(TemplateData(name: "__alert_A", labels: ["job": "api"], value: 1))
    #expect(rendered.error == nil)
    #expect(rendered.text == text.replacing(" in {{ . }} {{- end }}", with: "in {{ . }}{{- end }}"))
  }

  @Test func `knows whether the value plays a part`() throws {
    #expect(try Template(parsing: "{{ $labels.x }}").usesValue == false)
    #expect(try Template(parsing: "{{ (humanize .Value) | printf \"%s\" }}").usesValue)
    #expect(try Template(parsing: "static").isStatic)
    #expect(try Template(parsing: "{{/* only a comment */}}").isStatic == false)
  }

  @Test(arguments: fuzzSeeds(200))
  func `whatever the text, it is read or refused`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let pieces = [
      "{{", "}}", "{{-", "-}}", " ", "\n", "$labels", ".x", "$value", "|", "(", ")", "\"", "`", "'a'", "humanize",
      "printf", "\"%5.2d\"", "if", "end", "range", ":=", "$x", "/*", "*/", "é", "\\", "1.5e", "0x", "text", "index",
      ",",
    ]
    for _ in 0..<50 {
      let count = Int.random(in: 0...20, using: &random)
      let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      do throws(TemplateSyntaxError) {
        let template = try Template(parsing: text)
        _ = template.render(TemplateData(name: "__alert_A", labels: ["x": "y"], value: 0.1))
      } catch {
        #expect(0...text.utf8.count ~= error.offset)
        #expect(!error.description.isEmpty)
      }
    }
  }
}
