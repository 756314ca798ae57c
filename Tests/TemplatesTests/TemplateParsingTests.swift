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
    ("{{ humanise $value }}", .unknownFunction("humanise", hint: "did you mean 'humanize'?"), 3),
    ("{{ trimSpace $value }}", .unknownFunction("trimSpace", hint: "it belongs to templates of notifications"), 3),
    ("{{ xyzzy }}", .unknownFunction("xyzzy", hint: ""), 3),
    ("{{ $labls.x }}", .undefinedVariable("$labls", suggestion: "$labels"), 3),
    ("{{ if eq $x 1.0 }}{{ end }}", .undefinedVariable("$x", suggestion: nil), 9),
    ("{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}", .undefinedVariable("$x", suggestion: nil), 38),
    (#"{{ define "a" }}{{ $labels.x }}{{ end }}"#, .hiddenVariable("$labels"), 19),
    ("{{ end }}", .withoutBlock("end"), 3),
    ("{{ else }}", .withoutBlock("else"), 3),
    ("{{ if true }}{{ else }}{{ else }}{{ end }}", .withoutBlock("else"), 26),
    (#"{{ define "a" }}{{ else }}{{ end }}"#, .withoutBlock("else"), 19),
    ("{{ with 1 }}{{ else if 2 }}{{ end }}", .unexpected("if"), 20),
    ("{{ range 1 }}{{ else if 2 }}{{ end }}", .unexpected("if"), 21),
    ("{{ if $value }}", .unclosedBlock("if"), 3),
    ("{{ $value := }}", .emptyAction, 13),
    ("{{ $x, $y := 1 }}", .tooManyVariables(isRange: false), 7),
    ("{{ range $a, $b, $c := 1 }}{{ end }}", .tooManyVariables(isRange: true), 17),
    ("{{ 1 2 := }}", .unexpected(":="), 7),
    ("{{ \"a\".b }}", .unexpected(".b"), 6),
    ("{{ if }}{{ end }}", .emptyAction, 6),
    ("{{ break }}", .outsideRange("break"), 3),
    ("{{ range 1 }}{{ else }}{{ continue }}{{ end }}", .outsideRange("continue"), 26),
    (#"{{ range 1 }}{{ block "x" . }}{{ break }}{{ end }}{{ end }}"#, .outsideRange("break"), 33),
    (#"{{ if true }}{{ define "x" }}{{ end }}{{ end }}"#, .nestedDefinition, 16),
    (#"{{ define "x" }}a{{ end }}{{ define "x" }}b{{ end }}"#, .definedTwice("x"), 36),
    ("{{ template x }}", .missingName, 12),
    ("{{ template }}", .missingName, 12),
    ("{{ printf(\"a\") }}", .unexpected("("), 9),
    ("{{$x=1}}", .unexpectedCharacter("="), 4),
    ("{{ $value | . }}", .notAFunction("."), 12),
    ("{{ 1i }}", .malformedNumber("1i"), 3),
    ("{{ 1__0 }}", .malformedNumber("1__0"), 3),
    ("{{ 99999999999999999999 }}", .malformedNumber("99999999999999999999"), 3),
    ("{{ 09 }}", .malformedNumber("09"), 3),
    ("{{ 'ab' }}", .malformedNumber("'ab'"), 3),
    (String(repeating: "{{ ((((((((((((((((((((((((((((((((((((((((", count: 1), .tooDeep(limit: 32), 35),
    (String(repeating: "{{if 1}}", count: 101), .blocksTooDeep(limit: 100), 802),
  ])
  func `says what is wrong and where`(text: String, problem: TemplateSyntaxError.Problem, offset: Int) {
    let text = problem == .tooDeep(limit: 32) ? text + "}}" : text
    #expect(throws: TemplateSyntaxError(problem, at: offset)) { try Template(parsing: text) }
    #expect(!TemplateSyntaxError(problem, at: offset).description.isEmpty)
  }

  @Test func `tells every problem, one for each action`() {
    let text = "{{ if humanise 1 }}{{ $x }}{{ else }}{{ 1x }} {{ end }}{{ end }}{{ .Labels.a }}"
    #expect(
      Template.problems(in: text) == [
        TemplateSyntaxError(.unknownFunction("humanise", hint: "did you mean 'humanize'?"), at: 6),
        TemplateSyntaxError(.undefinedVariable("$x", suggestion: nil), at: 22),
        TemplateSyntaxError(.malformedNumber("1x"), at: 40), TemplateSyntaxError(.withoutBlock("end"), at: 58),
      ])
    #expect(Template.problems(in: String(repeating: "{{ x }}", count: 100)).count == 20)
    #expect(Template.problems(in: "{{ .Labels.a }}").isEmpty)
  }

  @Test(arguments: [
    "{{ if eq 1 1 }}a{{ else if eq 1 2 }}b{{ else }}c{{ end }}",
    "{{ with $labels.x }}{{ . }}{{ else with 1 }}{{ . }}{{ else }}c{{ end }}",
    "{{ range $k, $v := $labels }}{{ if $k }}{{ break }}{{ else }}{{ continue }}{{ end }}{{ else }}none{{ end }}",
    #"{{ define "a" }}{{ . }}{{ end }}{{ template "a" }}{{ template `a` $labels }}{{ block "b" . }}{{ end }}"#,
    "{{ (index $labels \"x\").y }}", "{{ $x := 1 }}{{ $x = 2 }}{{ range $x = 3 }}{{ end }}", "{{- 1 -}}",
    "{{ 0x1F }}{{ 1_000 }}{{ 0b11 }}{{ 0o17 }}{{ 0x1p-2 }}{{ .5 }}{{ +1 }}", "{{\n$value\n}}",
    "{{ externalURL.x }}", "{{ if (and .Value true) }}{{ end }}", "{{ if $x := 1 }}{{ else if $x }}{{ $x }}{{ end }}",
    #"{{ define "a" }} {{ end }}{{ define "a" }}b{{ end }}"#,
    "{{ if 1 }}" + String(repeating: "{{ else if 1 }}", count: 2000) + "{{ end }}",
  ])
  func `takes the whole language`(text: String) {
    #expect(Template.problems(in: text).isEmpty)
  }

  @Test func `knows what the text depends on`() throws {
    #expect(try Template(parsing: "{{ $labels.x }}").usesValue == false)
    #expect(try Template(parsing: "{{ (humanize .Value) | printf \"%s\" }}").usesValue)
    #expect(try Template(parsing: "{{ $value }}").usesValue)
    #expect(try Template(parsing: "{{ . }}").usesValue)
    #expect(try Template(parsing: "{{ with $labels.x }}{{ . }}{{ $.Labels.y }}{{ end }}").dependencies == [])
    #expect(try Template(parsing: #"{{ define "v" }}{{ .Value }}{{ end }}{{ template "v" . }}"#).usesValue)
    #expect(try Template(parsing: #"{{ query "up" | first | value }}"#).dependencies == .queries)
    #expect(try Template(parsing: "{{ now | humanizeTimestamp }}").dependencies == .time)
    #expect(try Template(parsing: "static").isStatic)
    #expect(try Template(parsing: "{{/* only a comment */}}").isStatic == false)
  }
}
