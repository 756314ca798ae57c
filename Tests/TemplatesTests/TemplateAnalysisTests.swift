import Model
import Templates
import Testing

@Suite struct `Analysing a template` {
  private func uses(_ uses: [TemplateAnalysis.Use]) -> [String] { uses.map { "\($0.name)@\($0.offset)" } }

  @Test(arguments: [
    ("{{ $labels.a }}{{ .Labels.b }}{{ $.Labels.c }}", ["a@10", "b@25", "c@34"]),
    (#"{{ index $labels "a.b" }}{{ index .Labels "c" | title }}"#, ["a.b@17", "c@42"]),
    ("{{ $x := $labels }}{{ $x.a }}{{ with $x }}{{ .b }}{{ end }}", ["a@24", "b@45"]),
    ("{{ with .Labels.a }}{{ .b }}{{ $labels.c }}{{ end }}", ["a@15", "c@38"]),
    (#"{{ range query "up" }}{{ .Labels.instance }}{{ $labels.job }}{{ end }}"#, ["job@54"]),
    (#"{{ define "t" }}{{ .Labels.a }}{{ end }}{{ template "t" . }}"#, ["a@26"]),
    (#"{{ define "t" }}{{ .arg0.a }}{{ end }}{{ template "t" (args $labels) }}"#, ["a@24"]),
    ("{{ $externalLabels.a }}{{ .ExternalLabels.b }}", []),
    ("{{ if $labels.a }}{{ else if $labels.b }}{{ end }}{{ $labels.a }}", ["a@13", "b@36", "a@60"]),
    ("{{ range 3 }}{{ $labels.a }}{{ end }}", ["a@23"]),
    ("{{ humanize (printf \"%s\" $labels.a) }}", ["a@32"]),
    ("{{ $x := $labels }}{{ if true }}{{ $x = $externalLabels }}{{ end }}{{ $x.a }}", []),
  ])
  func `finds the labels that it takes`(text: String, labels: [String]) throws {
    #expect(uses(try Template(parsing: text).analysis().labelUses) == labels)
  }

  @Test func `finds external labels and queries`() throws {
    let text = #"{{ $externalLabels.a }}{{ query "up" | first }}{{ "down" | query }}{{ printf "x" | query }}"#
    let analysis = try Template(parsing: text).analysis()
    #expect(uses(analysis.externalLabelUses) == ["a@18"])
    #expect(analysis.queries.map(\.name) == ["up", "down"])
    #expect(analysis.queries[0].offset == 32)
    #expect(analysis.dependencies == .queries)
  }

  @Test(arguments: [
    (
      "{{ .Foo }}",
      "unknownField@3: '.Foo': there is no field 'Foo'; there are .Labels, .Value, .ExternalLabels, .ExternalURL; labels are .Labels.Foo or $labels.Foo"
    ),
    (
      "{{ .Lables.a }}",
      "unknownField@3: '.Lables.a': there is no field 'Lables'; there are .Labels, .Value, .ExternalLabels, .ExternalURL; write .Labels"
    ),
    ("{{ $value.x }}", "unknownField@9: '$value.x' asks for the field 'x' of a float64, which has none"),
    (
      #"{{ range query "up" }}{{ .instance }}{{ end }}"#,
      "unknownField@25: '.instance': there is no field 'instance'; there are .Labels, .Value"
    ),
    ("{{ humanize 1 2 }}", "argumentCount@3: 'humanize' has a wrong number of arguments: want 1 got 2"),
    ("{{ $value 1 }}", "argumentCount@3: '$value' is no function, so it takes no arguments"),
    (
      "{{ title $value }}",
      "argumentType@9: 'title' takes a string, and $value is a float64; make it a text: printf \"%v\" …"
    ),
    (
      #"{{ query "up" | value }}"#,
      "argumentType@16: 'value' takes a *template.sample, and the value piped in is a template.queryResult; take one of them: … | first | value"
    ),
    ("{{ humanize $labels }}", "argumentType@12: 'humanize' takes a number, and $labels is a map[string]string"),
    (
      "{{ if gt $value 90 }}{{ end }}",
      "comparison@6: 'gt' compares a float64 with a int, which is an error; write 90.0"
    ),
    ("{{ eq $labels.a 1 }}", "comparison@3: 'eq' compares a string with a int, which is an error"),
    (
      #"{{ match "(" "a" }}"#,
      "pattern@9: '(' is not a pattern that RE2 accepts; see the syntax of RE2; it has no look-around and no back references"
    ),
    (#"{{ template "a" }}"#, "undefinedTemplate@12: no template is named \"a\""),
    (
      #"{{ define "abc" }}{{ end }}{{ template "abd" }}"#,
      "undefinedTemplate@39: no template is named \"abd\"; did you mean \"abc\"?"
    ),
    ("{{ $x = 1 }}", "undefinedVariable@3: '$x' is assigned but not declared; declare it with ':='"),
    (
      #"{{ printf "%d" $value }}"#,
      "verb@10: '%d' can't print $value, a float64: it prints '%!d(float64=…)'; use '%.0f', '%g' or '%v'"
    ),
    (
      #"{{ printf "%s" }}"#,
      "verb@10: the format has 1 verb for 0 values, and prints '%!s(MISSING)'; '%%' prints a percent sign"
    ),
    (
      "{{ range $value }}{{ end }}",
      "argumentType@9: 'range' can't go over a float64: '$value'; it takes lists, maps and whole numbers"
    ),
  ])
  func `finds what will fail`(text: String, finding: String) throws {
    let findings = try Template(parsing: text).analysis().findings.map { finding in
      "\(finding.kind.rawValue)@\(finding.offset): \(finding.message)" + (finding.fix.map { "; " + $0 } ?? "")
    }
    #expect(findings == [finding])
  }

  @Test(arguments: [
    "{{ $labels.a }}{{ $value | humanize }}", "{{ if gt $value 90.0 }}{{ end }}",
    #"{{ printf "%.2f%% %s" $value $labels.a }}"#,
    #"{{ printf "%*d" 5 6 }}"#, #"{{ range $i, $s := query "up" }}{{ $i }}{{ $s.Labels.x }}{{ $s.Value }}{{ end }}"#,
    "{{ ($value | toTime).Format \"15:04\" }}", "{{ (toDuration 5).Seconds | printf \"%d\" }}", "{{ $labels }} {{ . }}",
    #"{{ with query "up" }}{{ . | first | value | humanize }}{{ end }}"#, "{{ $x := $labels.a }}{{ len $x | eq 3 }}",
    "{{ range $k, $v := .Labels }}{{ $k | title }}{{ end }}", "{{ slice $labels.a 0 1 | toUpper }}",
  ])
  func `has nothing to say of good templates`(text: String) throws {
    #expect(try Template(parsing: text).analysis().findings.isEmpty)
  }
}
