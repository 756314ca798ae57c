import Model
import Templates
import Testing

@Suite struct `Rendering a template` {
  private let data = TemplateData(
    name: "__alert_A",
    labels: ["__name__": "up", "instance": "web-1.example.com:9100", "job": "api", "a.b": "dotted", "path": "/a b"],
    value: 95.5, externalLabels: ["region": "eu"], externalURL: "https://mon.example.com/prom/"
  )

  private static let root =
    "struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value interface {} }"

  @Test(arguments: [
    ("plain", "plain"),
    ("{{ $labels.instance }} of {{ .Labels.job }}", "web-1.example.com:9100 of api"),
    ("{{$labels.instance}}", "web-1.example.com:9100"),
    ("{{ $labels.nope }}|", "|"),
    ("{{ $value }} {{ .Value }}", "95.5 95.5"),
    ("{{ $externalLabels.region }} {{ .ExternalURL }}", "eu https://mon.example.com/prom/"),
    ("{{ $labels }}", "map[__name__:up a.b:dotted instance:web-1.example.com:9100 job:api path:/a b]"),
    (#"{{ index $labels "a.b" }}"#, "dotted"),
    (#"{{ index .Labels "nope" }}|"#, "|"),
    (#"{{ "{{" }}"#, "{{"),
    ("{{ `raw \"text\"` }}", "raw \"text\""),
    ("{{ 12 }} {{ 1.50 }} {{ true }} {{ 'a' }} {{ 0x1F }} {{ -3 }} {{ 1e3 }}", "12 1.5 true 97 31 -3 1000"),
    ("a  {{- 1 -}}  b", "a1b"),
    ("a {{ 1 -}} b", "a 1b"),
    ("a {{/* nothing */}} b", "a  b"),
    ("a {{- /* nothing */ -}} b", "ab"),
    ("{{ $value\n| humanize }}", "95.5"),
    (#"{{ $labels.instance | reReplaceAll "(.*):.*" "$1" }}"#, "web-1.example.com"),
    (#"{{ reReplaceAll "(?P<host>[^.]+).*" "${host}!" $labels.instance }}"#, "web-1!"),
    (#"{{ match "^web-[0-9]" $labels.instance }}"#, "true"),
    ("{{ $labels.instance | stripPort }}", "web-1.example.com"),
    ("{{ $labels.instance | stripDomain }}", "web-1:9100"),
    (#"{{ stripPort "[::1]:80" }} {{ stripPort "host" }} {{ stripPort "a:b:c" }}"#, "::1 host a:b:c"),
    (
      #"{{ stripDomain "10.1.2.3:80" }} {{ stripDomain "[fe80::1]:80" }} {{ stripDomain "a.b" }}"#,
      "10.1.2.3:80 [fe80::1]:80 a"
    ),
    (#"{{ "aa bB CC d-e" | title }} {{ toUpper "aß" }} {{ toLower "ÄB" }}"#, "Aa BB CC D-E Aß äb"),
    (#"{{ parseDuration "1h2m10ms" }} {{ parseDuration "-5m" }}"#, "3720.01 -300"),
    ("{{ urlQueryEscape $labels.path }}", "%2Fa+b"),
    (#"{{ graphLink "up == 0" }}"#, "/graph?g0.expr=up+%3D%3D+0&g0.tab=0"),
    ("{{ externalURL }}{{ pathPrefix }}", "https://mon.example.com/prom//prom"),
    (#"{{ printf "%s!" (printf "%.1f" $value) }}"#, "95.5!"),
    (#"{{ (printf "%s" $labels.job) | toUpper }}"#, "API"),
    ("{{ $.Labels.job }}", "api"),
    (#"{{ "\u00e9\x41\n\101" }}"#, "éA\nA"),
    ("{{ 1_000 }} {{ 0b11 }} {{ 0o17 }} {{ 017 }} {{ 0x1p-2 }} {{ .5 }} {{ +7 }}", "1000 3 15 15 0.25 0.5 7"),
    ("{{ $.Labels.nope }}|{{ $.Value }}", "|95.5"),
  ])
  func `gives the text`(template: String, text: String) throws {
    let result = try Template(parsing: template).render(data)
    #expect(result.error == nil)
    #expect(result.text == text)
  }

  @Test(arguments: [
    (
      "{{ humanize $labels.job }}", 115, "humanize $labels.job",
      #"error calling humanize: strconv.ParseFloat: parsing "api": invalid syntax"#
    ),
    ("ab{{ $labels.job.x }}", 124, "$labels.job.x", "can't evaluate field x in type string"),
    ("{{ title $value }}", 121, "$value", "wrong type for value; expected string; got float64"),
    ("{{ humanize }}", 115, "humanize", "wrong number of args for humanize: want 1 got 0"),
    ("{{ $value 1 }}", 115, "$value", "can't give argument to non-function $value"),
    (
      #"{{ parseDuration "5" }}"#, 115, #"parseDuration "5""#,
      #"error calling parseDuration: not a valid duration string: "5""#
    ),
    ("{{ title 1 }}", 121, "1", "expected string; found 1"),
    ("{{ title nil }}", 121, "nil", "cannot assign nil to string"),
    ("{{ nil }}", 115, "nil", "nil is not a command"),
    ("{{ $labels.job 1 }}", 122, "$labels.job", "job is not a method but has arguments"),
    ("{{ .Foo }}", 115, ".Foo", "can't evaluate field Foo in type " + Self.root),
    ("{{ .Value 1 }}", 115, ".Value", "Value has arguments but cannot be invoked as function"),
    ("{{ printf }}", 115, "printf", "wrong number of args for printf: want at least 1 got 0"),
    ("{{ gt $value 90 }}", 115, "gt $value 90", "error calling gt: incompatible types for comparison"),
    ("{{ if eq $value 1 }}{{ end }}", 118, "eq $value 1", "error calling eq: incompatible types for comparison"),
    ("{{ lt true false }}", 115, "lt true false", "error calling lt: invalid type for comparison"),
    ("{{ eq 1 }}", 115, "eq 1", "error calling eq: missing argument for comparison"),
    ("{{ eq $labels $labels }}", 115, "eq $labels $labels", "error calling eq: non-comparable type map[string]string"),
    ("{{ slice $labels.job 2 9 }}", 115, "slice $labels.job 2 9", "error calling slice: index out of range: 9"),
    ("{{ slice $labels.job 2 1 }}", 115, "slice $labels.job 2 1", "error calling slice: invalid slice index: 2 > 1"),
    ("{{ slice 5 }}", 115, "slice 5", "error calling slice: can't slice item of type int"),
    ("{{ index $labels 1 }}", 115, "index $labels 1", "error calling index: value has type int; should be string"),
    (
      #"{{ index "abc" 3 }}"#, 115, #"index "abc" 3"#, "error calling index: index out of range: 3"
    ),
    ("{{ len 3 }}", 115, "len 3", "error calling len: len of type int"),
    ("{{ range $value }}{{ end }}", 121, "$value", "range can't iterate over 95.5"),
    (
      "{{ range $i, $x := 3 }}{{ end }}", 131, "3", "can't use 3 to iterate over more than one variable"
    ),
    (#"{{ template "x" }}"#, 124, #"{{template "x"}}"#, #"template "x" not defined"#),
    ("{{ $x = 1 }}", 115, "$x", "undefined variable: $x"),
    ("{{ (args 1).a.b }}", 123, "(args 1).a.b", "nil pointer evaluating interface {}.b"),
    (
      #"{{ (query "none") | first }}"#, 132, "first", "error calling first: first() called on vector with no elements"
    ),
    (#"{{ query "bad" }}"#, 115, #"query "bad""#, "error calling query: no such metric"),
    (
      #"{{ query "up" | value }}"#, 128, "value",
      "wrong type for value; expected *template.sample; got template.queryResult"
    ),
    ("{{ call $value }}", 115, "call $value", "error calling call: non-function $value of type float64"),
    (
      "{{ toTime 1e300 }}", 115, "toTime 1e300",
      "error calling toTime: 1e+300 cannot be represented as a nanoseconds timestamp since it overflows int64"
    ),
    (
      "{{ humanize $labels }}", 115, "humanize $labels",
      "error calling humanize: can't convert map[string]string to float"
    ),
  ])
  func `puts the error in place of the text`(template: String, column: Int, context: String, message: String) throws {
    var data = data
    data.answers = [
      "none": .samples([]), "bad": .failed("no such metric"), "up": .samples([TemplateSample(["job": "a"], 1)]),
    ]
    let result = try Template(parsing: template).render(data)
    #expect(result.error?.message == message)
    #expect(
      result.text
        == "<error expanding template: error executing template __alert_A: template: __alert_A:1:\(column): "
        + "executing \"__alert_A\" at <\(context)>: \(message)>")
  }

  @Test func `a pattern that RE2 refuses is told`() throws {
    let result = try Template(parsing: #"{{ reReplaceAll "(" "" $labels.job }}"#).render(data)
    #expect(
      result.text.hasPrefix("<error expanding template: error executing template __alert_A: template: __alert_A:1:115"))
    #expect(result.error?.message.contains("'(' is not a pattern that RE2 accepts") == true)
  }

  @Test func `counts lines and columns as Go does`() throws {
    let result = try Template(parsing: "first\n  {{ title 1 }}").render(data)
    #expect(result.text.contains("__alert_A:2:11: executing"))
  }
}
