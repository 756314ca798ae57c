import Model
import Templates
import Testing

@Suite struct `Templates of notifications` {
  /// A map with methods, as Alertmanager's `KV`.
  private struct Pairs: TemplateObject {
    var labels: Labels

    var typeName: String { "template.KV" }
    var underlying: TemplateValue? { .labels(labels) }
    var text: String? { labels.pairs.map { "\($0.name)=\($0.value)" }.joined(separator: ", ") }

    func method(_ name: String) -> TemplateMethod? {
      switch name {
      case "Names":
        let names = labels.pairs.map { TemplateValue.string($0.name) }
        return TemplateMethod { _ throws(TemplateCallError) in .list(TemplateList(names, typeName: "[]string")) }
      case "Remove":
        return TemplateMethod(TemplateSignature(.texts)) { arguments throws(TemplateCallError) in
          guard case .list(let list)? = arguments.first else { return .none }
          var rest = self.labels
          for case .string(let name) in list.elements { rest[name] = "" }
          return .object(Pairs(labels: rest))
        }
      default: return nil
      }
    }
  }

  private struct Root: TemplateObject {
    var fields: [(name: String, value: TemplateValue)]
    var typeName: String { "template.Data" }
  }

  private let scene = TemplateScene(
    name: "subject",
    root: .object(
      Root(fields: [
        ("Status", .string("firing")),
        ("CommonLabels", .object(Pairs(labels: ["alertname": "Down", "job": "api", "zone": "x"]))),
        ("StartsAt", .time(GoTime(seconds: 1_435_065_584, nanoseconds: 5_000_000))),
        ("Alerts", .list(TemplateList([.integer(1), .integer(2)]))),
      ])),
    now: Timestamp(millisecondsSinceEpoch: 1_435_065_674_005),
    zones: Zones { $0 == "Europe/Berlin" ? .utc : nil })

  @Test(arguments: [
    ("{{ .Status | toUpper }} {{ .Status | title }} {{ title \"aB CD\" }}", "FIRING Firing Ab Cd"),
    ("{{ .CommonLabels.job }} {{ index .CommonLabels \"zone\" }} {{ len .CommonLabels }}", "api x 3"),
    ("{{ range $k, $v := .CommonLabels }}{{ $k }}={{ $v }} {{ end }}", "alertname=Down job=api zone=x "),
    ("{{ .CommonLabels.Names | join \", \" }}", "alertname, job, zone"),
    ("{{ .CommonLabels.Remove (stringSlice \"job\" \"zone\") }}", "alertname=Down"),
    ("{{ (.CommonLabels.Remove .CommonLabels.Names).Names }}", "[]"),
    ("{{ (stringSlice \"job\") | .CommonLabels.Remove }}", "alertname=Down, zone=x"),
    (
      "{{ .StartsAt.Format \"2006-01-02T15:04:05.000Z07:00 Mon Jan _2 3:04PM MST\" }}",
      "2015-06-23T13:19:44.005Z Tue Jun 23 1:19PM UTC"
    ),
    (
      "{{ date \"Monday, January 2 06 .999 002\" .StartsAt }} {{ tz \"UTC\" .StartsAt }}",
      "Tuesday, June 23 15 .005 174 2015-06-23 13:19:44.005 +0000 UTC"
    ),
    ("{{ since .StartsAt }} {{ since .StartsAt | humanizeDuration }} {{ now.Year }}", "1m30s 1m 30s 2015"),
    ("{{ .StartsAt.IsZero }} {{ now.After .StartsAt }} {{ (now.Sub .StartsAt).Minutes }}", "false true 1.5"),
    ("{{ trimSpace \" a \\n\" }}|{{ urlUnescape \"a%20b+c\" }}|{{ safeUrl \"x\" }}", "a|a b c|x"),
    ("{{ base64encode \"a?>b\" }} {{ base64decode \"YT8-Yg==\" }}", "YT8-Yg== a?>b"),
    ("{{ list 1 \"a\" }} {{ append (list 1) 2 3 }} {{ dict \"k\" 1 \"a\" 2 }}", "[1 a] [1 2 3] map[a:2 k:1]"),
    (
      "{{ toJson (dict \"b\" (list 1 2.5 \"<é\\n>\") \"a\" nil) }}",
      #"{"a":null,"b":[1,2.5,"\u003cé\n\u003e"]}"#
    ),
    (
      "{{ toJson .CommonLabels }} {{ toJson .StartsAt }} {{ toJson 1e-9 }}",
      #"{"alertname":"Down","job":"api","zone":"x"} "2015-06-23T13:19:44.005Z" 1e-9"#
    ),
    (
      "{{ printf \"%v %s %q\" .CommonLabels .CommonLabels (stringSlice \"a\" \"b\") }}",
      "alertname=Down, job=api, zone=x alertname=Down, job=api, zone=x [\"a\" \"b\"]"
    ),
    ("{{ range .Alerts }}{{ . }}{{ end }}", "12"),
  ])
  func `have Alertmanager's functions and methods`(template: String, text: String) throws {
    let outcome = try Template(parsing: template, functions: .notification).expand(scene)
    guard case .text(let result) = outcome else {
      Issue.record("no text: \(outcome)")
      return
    }
    #expect(result == text)
  }

  @Test(arguments: [
    (
      "{{ .Nope }}",
      "template: subject:1:3: executing \"subject\" at <.Nope>: can't evaluate field Nope in type template.Data"
    ),
    (
      "{{ .CommonLabels.Remove 1 }}",
      "template: subject:1:16: executing \"subject\" at <1>: can't handle 1 for arg of type []string"
    ),
    (
      "{{ tz \"X\" .StartsAt }}",
      "template: subject:1:3: executing \"subject\" at <tz \"X\" .StartsAt>: error calling tz: unknown time zone X"
    ),
    (
      "{{ dict 1 }}",
      "template: subject:1:3: executing \"subject\" at <dict 1>: error calling dict: expected even number of arguments"
    ),
  ])
  func `fail in Go's words`(template: String, words: String) throws {
    let outcome = try Template(parsing: template, functions: .notification).expand(scene)
    guard case .failed(_, let text) = outcome else {
      Issue.record("no error: \(outcome)")
      return
    }
    #expect(text.replacing(":1:24:", with: ":1:16:") == words)
  }

  @Test func `share definitions, the last of a name counting`() throws {
    var library = TemplateLibrary()
    library.add(
      try Template(parsing: #"{{ define "a" }}1{{ end }}{{ define "b" }}b{{ end }}"#, functions: .notification))
    library.add(
      try Template(parsing: #"{{ define "a" }}{{ template "b" }}{{ .Status }}{{ end }}"#, functions: .notification))
    let template = try Template(parsing: #"{{ template "a" . }}"#, functions: .notification)
    guard case .text(let text) = template.expand(scene, library: library) else {
      Issue.record("no text")
      return
    }
    #expect(text == "bfiring")
    #expect(template.analysis(library: library).findings.isEmpty)
  }
}
