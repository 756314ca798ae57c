import Model
import Templates
import Testing

@Suite struct `The language of templates` {
  private let data = TemplateData(
    name: "__alert_A", labels: ["a": "1", "b": "2", "job": "api"], value: 95.5,
    externalLabels: ["region": "eu"], externalURL: "https://mon.example.com/prom/",
    now: Timestamp(millisecondsSinceEpoch: 1_353_755_652_500),
    answers: [
      "up": .samples([
        TemplateSample(["instance": "b", "__value__": "v1"], 1), TemplateSample(["instance": "a"], 0.5),
      ]),
      "none": .samples([]), #"up{job="api"}"#: .samples([TemplateSample(["instance": "c"], 3)]),
    ])

  private func check(_ template: String, _ text: String) throws {
    let result = try Template(parsing: template).render(data)
    #expect(result.error == nil)
    #expect(result.text == text)
  }

  @Test(arguments: [
    ("{{ if $labels.a }}yes{{ else }}no{{ end }}", "yes"),
    ("{{ if $labels.nope }}yes{{ else }}no{{ end }}", "no"),
    ("{{ if eq 1 2 }}a{{ else if eq 2 2 }}b{{ else }}c{{ end }}", "b"),
    ("{{ if eq 1 2 }}a{{ else if eq 2 3 }}b{{ else }}c{{ end }}", "c"),
    ("{{ if eq 1 2 }}a{{ end }}|", "|"),
    ("{{ if 0 }}a{{ end }}{{ if 0.0 }}b{{ end }}{{ if \"\" }}c{{ end }}{{ if false }}d{{ end }}", ""),
    ("{{ if parseDuration \"1s\" }}a{{ end }}{{ if -1 }}b{{ end }}{{ if $labels }}c{{ end }}", "abc"),
    ("{{ with $labels.job -}} in {{ . }} {{- end }}", "in api"),
    ("{{ with $labels.nope }}a{{ else }}{{ .Value }}{{ end }}", "95.5"),
    ("{{ with $labels.nope }}a{{ else with $labels.a }}{{ . }}{{ $.Value }}{{ else }}c{{ end }}", "195.5"),
    ("{{ with $x := 5 }}{{ $x }}{{ . }}{{ end }}", "55"),
    ("{{ if $x := $labels.nope }}{{ else if $y := 7 }}{{ $x }}{{ $y }}{{ end }}", "7"),
    ("{{ if and (gt $value 90.0) (lt $value 100.0) }}hot{{ end }}", "hot"),
  ])
  func branches(template: String, text: String) throws { try check(template, text) }

  @Test(arguments: [
    ("{{ range $k, $v := $labels }}{{ $k }}={{ $v }};{{ end }}", "a=1;b=2;job=api;"),
    ("{{ range $labels }}{{ . }},{{ end }}", "1,2,api,"),
    ("{{ range $v := $labels }}{{ $v }}{{ end }}", "12api"),
    ("{{ range 3 }}{{ . }}{{ end }}{{ range $i := 2 }}{{ $i }}{{ end }}", "01201"),
    ("{{ range 0 }}a{{ else }}none{{ end }}{{ range -5 }}a{{ else }}!{{ end }}", "none!"),
    (#"{{ range query "none" }}a{{ else }}{{ .Value }}{{ end }}"#, "95.5"),
    (#"{{ range query "up" }}{{ .Labels.instance }}: {{ .Value }} {{ end }}"#, "b: 1 a: 0.5 "),
    (#"{{ range $i, $s := query "up" }}{{ $i }}{{ $s.Labels.instance }}{{ end }}"#, "0b1a"),
    ("{{ range 10 }}{{ if eq . 2 }}{{ continue }}{{ end }}{{ if eq . 5 }}{{ break }}{{ end }}{{ . }}{{ end }}", "0134"),
    (
      "{{ range 2 }}{{ $x := . }}{{ range 2 }}{{ $x }}{{ . }} {{ if eq . 0 }}{{ break }}{{ end }}{{ end }}{{ end }}",
      "00 10 "
    ),
    ("{{ $x := 0 }}{{ range $x = 4 }}{{ end }}{{ $x }}", "3"),
    ("{{ $k := 0 }}{{ $v := 0 }}{{ range $k, $v = $labels }}{{ end }}{{ $k }}{{ $v }}", "jobapi"),
    ("{{ range $i, $e := args 1 \"a\" }}{{ $i }}={{ $e }} {{ end }}", "arg0=1 arg1=a "),
    ("{{ range (args).x }}a{{ else }}nothing{{ end }}", "nothing"),
  ])
  func loops(template: String, text: String) throws { try check(template, text) }

  @Test(arguments: [
    ("{{ $x := 1 }}{{ $x }}{{ $x = 2 }}{{ $x }}", "12"),
    ("{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}", "21"),
    ("{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}", "2"),
    ("{{ $x := $labels }}{{ $x.job }}{{ with $x }}{{ .a }}{{ end }}", "api1"),
    ("{{ $labels := 5 }}{{ $labels }}{{ .Labels.a }}", "51"),
    ("{{ $x := printf \"%d\" 3 | printf \"%s%s\" \"a\" }}{{ $x }}", "a3"),
    (#"{{ define "t" }}[{{ . }}{{ $ }}]{{ end }}{{ template "t" 5 }}{{ template "t" }}"#, "[55][<no value><no value>]"),
    (#"{{ define "t" }}{{ .arg0.job }}/{{ .arg1 }}{{ end }}{{ template "t" (args $labels $value) }}"#, "api/95.5"),
    (#"{{ block "b" $labels.a }}({{ . }}){{ end }}{{ template "b" 2 }}"#, "(1)(2)"),
    (#"{{ template "later" . }}{{ define "later" }}{{ .Value }}{{ end }}"#, "95.5"),
    (
      #"{{ define "f" }}{{ if . }}{{ . }}{{ template "f" slice . 1 }}{{ end }}{{ end }}{{ template "f" "abc" }}"#,
      "abcbcc"
    ),
    ("{{ (args 1).nope }} {{ printf \"%v\" (args 1).nope }}", "<no value> <nil>"),
    ("{{ $x := (args 1).a }}{{ $x }}{{ $x.b }}", "<no value><no value>"),
    ("{{ ($labels).job }} {{ (index $labels \"job\" | printf \"%s!\") }}", "api api!"),
  ])
  func `variables and templates`(template: String, text: String) throws { try check(template, text) }

  @Test(arguments: [
    ("{{ eq 1 2 3 1 }} {{ eq 1 2 }} {{ ne \"a\" \"b\" }} {{ eq true true }}", "true false true true"),
    ("{{ lt 1 2 }} {{ le 2 2 }} {{ gt 2.5 1.0 }} {{ ge \"b\" \"a\" }} {{ eq 'a' 97 }}", "true true true true true"),
    ("{{ eq (args).x nil }} {{ eq (args).x 1 }} {{ ne nil 1 }}", "true false true"),
    (
      "{{ and 1 0 2 }} {{ and 1 2 }} {{ or 0 \"\" 3 4 }} {{ or 0 \"\" }}| {{ not 0 }} {{ not 1 }}", "0 2 3 | true false"
    ),
    (#"{{ and false (index "a" 9) }} {{ or true (index "a" 9) }}"#, "false true"),
    ("{{ 5 | and 1 }} {{ 5 | or 0 }} {{ 5 | and 0 }}", "5 5 0"),
    ("{{ $labels.a | eq \"1\" }}", "true"),
    ("{{ len \"é\" }} {{ len $labels }} {{ len (query \"up\") }} {{ len (args 1 2) }}", "2 3 2 2"),
    (
      #"{{ slice "abcdef" 1 3 }} {{ slice "abc" }} {{ slice "abc" 1 }} {{ len (slice (query "up") 1) }}"#, "bc abc bc 1"
    ),
    (#"{{ index "abc" 1 }} {{ (index (query "up") 1).Value }} {{ index (args $labels) "arg0" "job" }}"#, "98 0.5 api"),
    (#"{{ html "<a href='x'>\"&" }}"#, "&lt;a href=&#39;x&#39;&gt;&#34;&amp;"),
    (#"{{ js "it's <b>\n=\"é\\" }}"#, #"it\'s \u003Cb\u003E\u000A\u003D\"é\\"#),
    (#"{{ urlquery "a b&" 1 2 }} {{ html 1 true }}"#, "a+b%261+2 1 true"),
    (#"{{ print "a" 1 2 true "b" }} {{ println "a" 1 }}"#, "a1 2 trueb a 1\n"),
    ("{{ args 1 \"b\" }} {{ print nil }}", "map[arg0:1 arg1:b] <nil>"),
  ])
  func `functions of Go`(template: String, text: String) throws { try check(template, text) }

  @Test(arguments: [
    (#"{{ query "up" | first | value }} {{ query "up" | first | label "instance" }}"#, "1 b"),
    (#"{{ query "up" | first | strvalue }} {{ (query "up" | first).Labels.instance }}"#, "v1 b"),
    (#"{{ printf "up{job=%q}" $labels.job | query | first | value | humanize }}"#, "3"),
    (#"{{ range query "up" | sortByLabel "instance" }}{{ .Labels.instance }}{{ end }}"#, "ab"),
    (#"{{ with query "up" }}{{ . | first | value }}{{ end }}"#, "1"),
    (#"{{ if gt (query "up" | first | value) 0.0 }}up{{ end }}"#, "up"),
    (#"{{ query "up" | first }} {{ len (query "none") }}"#, "{map[__value__:v1 instance:b] 1} 0"),
    (
      #"{{ (1435065584.128 | toTime).Format "15:04" }} {{ toTime 1435065584.128 }}"#,
      "13:19 2015-06-23 13:19:44.128 +0000 UTC"
    ),
    (
      #"{{ ($value | toDuration).Seconds }} {{ toDuration 5400 }} {{ toDuration $value | humanizeDuration }}"#,
      "95.5 1h30m0s 1m 35s"
    ),
    (#"{{ now }} {{ now | humanizeTimestamp }}"#, "1.3537556525e+09 2012-11-24 11:14:12.5 +0000 UTC"),
    (
      #"{{ (now | toTime).Month }} {{ (now | toTime).Weekday }} {{ (now | toTime).Unix }}"#,
      "November Saturday 1353755652"
    ),
    (#"{{ printf "%d %s %v" (toTime 0).Month (toTime 0).Month (toDuration 1.5) }}"#, "1 January 1.5s"),
    (
      #"{{ (toTime 0).Add (toDuration 90) }} {{ (toTime 90).Sub (toTime 0) }}"#,
      "1970-01-01 00:01:30 +0000 UTC 1m30s"
    ),
    (#"{{ safeHtml "<b>" }} {{ reReplaceAll "(a)" "$01x" "banana" }}"#, "<b> bnn"),
    (#"{{ tableLink "up" }} {{ pathPrefix }}"#, "/graph?g0.expr=up&g0.tab=1 /prom"),
  ])
  func `functions of Prometheus`(template: String, text: String) throws { try check(template, text) }

  @Test func `a query without an answer is asked for`() throws {
    let template = try Template(
      parsing: #"a{{ range query "up" }}{{ query .Labels.instance | first | value }}{{ end }}"#)
    var data = data
    data.answers = [:]
    var asked: [String] = []
    while case .needs(let query) = template.expand(data), asked.count < 10 {
      asked.append(query)
      data.answers[query] = .samples([TemplateSample(["instance": query == "up" ? "b" : ""], 7)])
    }
    #expect(asked == ["up", "b"])
    guard case .text(let text) = template.expand(data) else {
      Issue.record("the template has no text")
      return
    }
    #expect(text == "a7")
  }

  @Test(arguments: [
    ("{{ range 2000000 }}{{ end }}", "the template takes more than 20000 steps; loop over less"),
    (
      "{{ range 100000 }}{{ $x := printf \"%1000d\" . }}{{ end }}",
      "the template takes more than 20000 steps; loop over less"
    ),
    ("{{ range 100000 }}0123456789abcdef{{ end }}", "the text is longer than 50000 bytes"),
    (
      "{{ $x := \"ab\" }}{{ range 100 }}{{ $x = print $x $x }}{{ end }}",
      "error calling print: the text is longer than 50000 bytes"
    ),
    ("{{ printf \"%900000d%900000d\" 1 2 }}", "error calling printf: the text is longer than 50000 bytes"),
    (
      "{{ $x := printf \"%10000s\" \"\" }}{{ reReplaceAll \"\" $x $x }}",
      "error calling reReplaceAll: the text is longer than 50000 bytes"
    ),
    (
      "{{ $x := 1 }}{{ range 200 }}{{ $x = args $x }}{{ end }}",
      "error calling args: lists and maps nest deeper than 100"
    ),
    (
      "{{ $x := 1 }}{{ range 99 }}{{ $x = args $x $x }}{{ end }}{{ $x }}", "the text is longer than 50000 bytes"
    ),
    (
      "{{ range 100 }}{{ $x := match (printf \"a{1,9}%d\" .) \"b\" }}{{ end }}",
      "the template takes more than 20000 steps; loop over less"
    ),
    (#"{{ define "r" }}{{ template "r" }}{{ end }}{{ template "r" }}"#, "exceeded maximum template depth (100)"),
    (
      #"{{ define "r" }}{{ if 1 }}{{ if 1 }}{{ if 1 }}{{ template "r" }}{{ end }}{{ end }}{{ end }}{{ end }}{{ template "r" }}"#,
      "blocks, templates and parentheses nest deeper than 300"
    ),
  ])
  func `limits end with an error`(template: String, message: String) throws {
    var data = data
    data.limits = TemplateLimits(steps: 20_000, bytes: 50_000)
    let result = try Template(parsing: template).render(data)
    #expect(result.error?.message == message)
    #expect(result.text.hasPrefix("<error expanding template: "))
  }

  @Test(arguments: [
    "{{if 1}}{{end}}", #"{{block "x" .}}{{end}}"#, "{{$x := 1}}{{$x}}", #"{{template "a" .}}"#, "{{ x }}", "{{ if x }}",
  ])
  func `many actions take time in proportion`(action: String) {
    let text = #"{{define "a"}}{{end}}"# + String(repeating: action, count: 20_000)
    #expect(Template.problems(in: text).count <= 20)
  }

  @Test func `errors in definitions name them`() throws {
    let result = try Template(parsing: "{{ define \"t\" }}\n{{ title 1 }}{{ end }}{{ template \"t\" }}").render(data)
    #expect(
      result.text
        == "<error expanding template: error executing template __alert_A: template: __alert_A:2:9: "
        + "executing \"t\" at <1>: expected string; found 1>")
  }
}
