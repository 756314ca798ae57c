import Diagnostics
import Model
import Specs
import TestKit
import Testing

@Suite struct `A Template` {
  private static let path = "tenants/shop/checkout/file.yaml"

  @Test func `knows what it defines`() throws {
    let spec = try readSpec(
      .template, "text: |\n  {{ define \"b\" }}x{{ end }}\n  {{ define \"a.b\" }}{{ template \"b\" }}{{ end }}")
    guard case .template(let template) = spec else {
      Issue.record("another kind")
      return
    }
    #expect(template.definitions == ["a.b", "b"])
  }

  @Test(arguments: [
    Mistake("text: 1️⃣''", "missing-field", "an empty text stands where a template is expected"),
    Mistake("text: 1️⃣nothing at all", "no-effect", "the Template defines nothing"),
    Mistake(
      "text: |\n  {{ define \"x\" }}\n  {{ .Status | 1️⃣toUper }}\n  {{ end }}", "template-syntax",
      "the template of 'text' can't be read: no function is named 'toUper'; did you mean 'toUpper'?"),
    Mistake(
      "text: '{{ define 1️⃣\"x\" }}'", "template-syntax", "the template of 'text' can't be read: 'define' has no 'end'"),
    Mistake(
      "text: '{{ define \"x\" }}a{{ end }}{{ define 1️⃣\"x\" }}b{{ end }}'", "template-syntax",
      "the template of 'text' can't be read: 'x' is defined twice; a name has one definition"),
    Mistake(
      "text: '{{ define \"x\" }}{{ .Status }}{{ range .Alerts }}{{ 1️⃣.Annotation.summary }}{{ end }}{{ end }}'",
      "template-mistake",
      "the template of 'text' can't work: '.Annotation.summary': there is no field 'Annotation'; there are .Annotations, .Belfry, .EndsAt, .Fingerprint, .GeneratorURL, .Labels, .StartsAt, .Status, .Value"
    ),
    Mistake(
      "text: '{{ define \"x\" }}{{ 1️⃣.CommonLabel.job }}{{ .Alerts }}{{ end }}'", "template-mistake",
      "the template of 'text' can't work: '.CommonLabel.job': there is no field 'CommonLabel'; there are .Alerts, .Belfry, .CommonAnnotations, .CommonLabels, .ExternalURL, .GroupLabels, .NotificationReason, .Receiver, .RouteLabels, .Status"
    ),
    Mistake(
      "text: '{{ define \"x\" }}{{ 1️⃣join \" \" }}{{ end }}'", "template-mistake",
      "the template of 'text' can't work: 'join' has a wrong number of arguments: want 2 got 1"),
  ])
  func `tells what is wrong, and where`(mistake: Mistake) {
    mistake.check(path: Self.path) { document(.template, $0) }
  }

  @Test(arguments: [
    "{{ define \"x\" }}{{ .anything }}{{ range . }}{{ .Name }}{{ end }}{{ end }}",
    "{{ define \"x\" }}{{ range .Alerts.Firing }}{{ .Labels.job }} {{ .StartsAt.Format \"15:04\" }}{{ $.Receiver }}{{ end }}{{ end }}",
    "{{ define \"x\" }}{{ with .CommonLabels.Remove .GroupLabels.Names }}{{ .Values | join \" \" }}{{ .Names.Join \",\" }}{{ end }}{{ end }}",
    "{{ define \"x\" }}{{ .Belfry.Title }}{{ range .Belfry.Provenance }}{{ . }}{{ end }}{{ range .Alerts }}{{ printf \"%.2f\" .Value }}{{ .Belfry.File }}{{ end }}{{ end }}",
    "{{ define \"x\" }}{{ template \"__subject\" . }}{{ template \"slack.default.text\" . }}{{ end }}",
    "{{ define \"x\" }}{{ range .CommonLabels.SortedPairs }}{{ .Name }}{{ .Value }}{{ end }}{{ (index .Alerts 0).Labels.job }}{{ end }}",
    "{{ define \"x\" }}{{ template \"y\" (dict \"Alerts\" .Alerts \"colour\" \"red\") }}{{ end }}{{ define \"y\" }}{{ .Alerts }}{{ .colour }}{{ end }}",
    "{{ define \"slack.default.title\" }}mine{{ end }}",
  ])
  func `finds nothing in what works`(text: String) throws {
    _ = try readSpec(.template, "text: |\n  " + text)
  }
}

@Suite struct `Templates of channels` {
  private static let path = "tenants/shop/checkout/file.yaml"

  @Test(arguments: [
    Mistake(
      "title: '{{ 1️⃣.Staus }}'", "template-mistake",
      "the template of 'title' fails on every message: '.Staus': there is no field 'Staus'; there are .Alerts, .Belfry, .CommonAnnotations, .CommonLabels, .ExternalURL, .GroupLabels, .NotificationReason, .Receiver, .RouteLabels, .Status"
    ),
    Mistake(
      "text: |\n    first\n    {{ .Alerts | 1️⃣nope }}", "template-syntax",
      "the template of 'text' can't be read: no function is named 'nope'"),
    Mistake(
      "text: '{{ if .Alerts.Firing }}{{ .Alerts1️⃣.Firin }}{{ end }}'", "template-mistake",
      "the template of 'text' can't work: '.Alerts.Firin': there is no field 'Firin'; there are .Firing, .Resolved"),
    Mistake(
      "title: 1️⃣\"a\\nb\"", "template-mistake", "'title' is shown in one line, and its template has several"),
    Mistake(
      "html: '{{ match 1️⃣\"[\" .Status }}'", "template-mistake",
      "the template of 'html' fails on every message: '[' is not a pattern that RE2 accepts"),
  ])
  func `tell what is wrong, and where`(mistake: Mistake) {
    mistake.check(path: Self.path) {
      document(
        .channel,
        "email: {to: a@example.com, smarthost: 'mail.example.com:25', from: b@example.com}\ntemplate:\n  " + $0)
    }
  }

  @Test func `are errors without lints too, where messages would fail`() {
    let text = document(
      .channel, "console: {}\ntemplate: {title: '{{ .Staus }}', text: '{{ if .Status }}{{ .Staus }}{{ end }}'}")
    let file = SpecFile.parse(path: Self.path, bytes: Array(text.utf8), options: SpecOptions(lints: false))
    #expect(file.diagnostics.all.map(\.severity) == [.error])
  }

  @Test func `may be the name of a definition alone`() throws {
    guard case .channel(let spec) = try readSpec(.channel, "console: {}\ntemplate: slack.default.title") else { return }
    #expect(spec.template.text == #"{{ template "slack.default.title" . }}"#)
    let file = read(document(.channel, "console: {}\ntemplate: '{{ .Status }}'"))
    #expect(file.diagnostics.all.map(\.code) == ["wrong-type"])
  }
}

@Suite struct `Templates across documents` {
  private static func file(_ path: String, _ kind: Kind, _ name: String, _ spec: String) -> (String, SpecFile?) {
    let text = "apiVersion: belfry/v1\nkind: \(kind.rawValue)\nmetadata: {name: \(name)}\nspec: \(spec)\n"
    return (path, SpecFile.parse(path: path, bytes: Array(text.utf8)))
  }

  private static func template(_ path: String, _ name: String = "t", _ text: String) -> (String, SpecFile?) {
    file(path, .template, name, "{text: '\(text)'}")
  }

  private static let channel = file(
    "tenants/shop/checkout/c.yaml", .channel, "c", "{console: {}, template: {text: 'x {{ template \"line\" . }}'}}")
  private let project = Scope.project(tenant: "shop", project: "checkout")
  private let tenant = Scope.tenant("shop")

  @Test func `resolve upwards, and follow what comes and goes`() {
    var tree = SpecTree()
    tree.update([Self.channel])
    #expect(!tree.isSound(project))
    let problem = tree.problems(in: project).first
    #expect(problem?.code == "unknown-reference")
    #expect(problem?.message == "no template is named 'line' in shop/checkout, shop, platform")
    #expect(problem?.span.range.start == SourcePosition(line: 4, column: 53))
    // Beside it, above it, at the top; a sibling doesn't count.
    for path in ["tenants/shop/checkout/t.yaml", "tenants/shop/t.yaml", "platform/t.yaml"] {
      var change = tree.update([Self.template(path, "t", "{{ define \"line\" }}{{ end }}")])
      #expect(tree.isSound(project) && change.scopes.contains(project))
      change = tree.update([(path, nil)])
      #expect(!tree.isSound(project) && change.scopes.contains(project))
    }
    tree.update([Self.template("tenants/shop/other/t.yaml", "t", "{{ define \"line\" }}{{ end }}")])
    #expect(!tree.isSound(project))
  }

  @Test func `are looked at again only where a name came or went`() {
    var tree = SpecTree()
    tree.update([Self.channel, Self.template("platform/t.yaml", "t", "{{ define \"line\" }}1{{ end }}")])
    var change = tree.update([Self.template("platform/t.yaml", "t", "{{ define \"line\" }}2{{ end }}")])
    #expect(change.scopes == [.platform] && tree.isSound(project))
    change = tree.update([Self.template("platform/t.yaml", "t", "{{ define \"lines\" }}2{{ end }}")])
    #expect(change.scopes == [.platform, project] && !tree.isSound(project) && tree.isSound(.platform))
    #expect(tree.problems(in: project).first?.message.hasSuffix("; did you mean 'lines'?") ?? false)
    // The name moves up: it is there before and after.
    tree.update([Self.template("tenants/shop/t.yaml", "t", "{{ define \"line\" }}{{ end }}")])
    tree.update([("tenants/shop/t.yaml", nil), Self.template("platform/t.yaml", "t", "{{ define \"line\" }}{{ end }}")])
    #expect(tree.isSound(project))
  }

  @Test func `blame nobody for a document that can't be read`() {
    var tree = SpecTree()
    tree.update([Self.channel, Self.template("platform/t.yaml", "t", "{{ define \"line\" }}1{{ end }}")])
    tree.update([Self.template("platform/t.yaml", "t", "{{ define \"line\" }}{{ nope }}{{ end }}")])
    #expect(tree.isSound(project) && !tree.isSound(.platform))
    tree.update([Self.template("platform/t.yaml", "t", "{{ define \"other\" }}{{ end }}")])
    #expect(!tree.isSound(project) && tree.isSound(.platform))
  }

  @Test func `are defined once in a scope`() {
    var tree = SpecTree()
    tree.update([
      Self.template("tenants/shop/a.yaml", "a", "{{ define \"line\" }}1{{ end }}"),
      Self.template("tenants/shop/b.yaml", "b", "{{ define \"line\" }}2{{ end }}{{ define \"x\" }}{{ end }}"),
      Self.template("tenants/shop/checkout/c.yaml", "c", "{{ define \"line\" }}3{{ end }}"),
      Self.template("platform/d.yaml", "d", "{{ define \"line\" }}{{ end }}{{ define \"__subject\" }}{{ end }}"),
    ])
    #expect(!tree.isSound(tenant) && tree.isSound(project) && tree.isSound(.platform))
    let problems = tree.problems
    #expect(problems.map(\.code) == ["duplicate-resource"])
    #expect(problems.first?.message == "the template 'line' is already defined in shop")
    #expect(problems.first?.span.file == "tenants/shop/b.yaml")
    tree.update([Self.template("tenants/shop/b.yaml", "b", "{{ define \"x\" }}{{ end }}")])
    #expect(tree.isSound(tenant) && tree.problems.isEmpty)
  }

  @Test func `may call what their own document defines, and the defaults`() {
    var tree = SpecTree()
    tree.update([
      Self.template(
        "platform/t.yaml", "t",
        "{{ define \"a\" }}{{ template \"b\" . }}{{ template \"__subject\" . }}{{ end }}{{ define \"b\" }}{{ end }}")
    ])
    #expect(tree.problems.isEmpty)
    tree.update([Self.template("platform/t.yaml", "t", "{{ define \"a\" }}{{ template \"c\" . }}{{ end }}")])
    #expect(tree.problems.map(\.code) == ["unknown-reference"])
  }
}
