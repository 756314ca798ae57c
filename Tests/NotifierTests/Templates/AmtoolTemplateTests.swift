import Foundation
import Model
import Notifier
import Specs
import TestKit
import Templates
import Testing

/// Templates given to the real Alertmanager's `amtool` and to ours, with the same data.
@Suite struct `Templates as Alertmanager expands them` {
  static let amtool = "/usr/bin/amtool"
  static let isInstalled = FileManager.default.isExecutableFile(atPath: amtool)

  /// Names that our own defaults define and that take the whole data.
  static let names = TemplateLibrary.notificationDefaults.names.filter {
    // Its text uses functions that Alertmanager 0.25 doesn't have yet.
    !$0.hasPrefix("jira.") && !$0.hasPrefix("__text") && !$0.hasPrefix("__belfry_") && !$0.hasSuffix(".instances")
  }

  @Test(.enabled(if: isInstalled, "amtool isn't installed"), arguments: [false, true])
  func `give the same text for each named default`(isHTML: Bool) throws {
    let text = Self.names.map { "== \($0)\n{{ template \"\($0)\" . }}\n" }.joined()
    try compare(text, isHTML: isHTML)
  }

  @Test(
    .enabled(if: isInstalled, "amtool isn't installed"),
    arguments: [
      "{{ range .Alerts }}{{ .Labels.SortedPairs.Values | join \" \" }} {{ .Annotations.summary }}\n{{ end }}",
      "{{ range $i, $a := .Alerts }}{{ $i }}{{ with $a.Annotations.description }}{{ . }}{{ else }}none{{ end }}{{ end }}",
      "{{ .CommonLabels.Remove (stringSlice \"job\" \"severity\") | len }}{{ .GroupLabels.Names }}{{ .Status | title }}",
      "{{ range .Alerts }}{{ .StartsAt }} {{ .EndsAt }} {{ .StartsAt.Format \"Jan 2 15:04\" }} {{ .EndsAt.Sub .StartsAt }}\n{{ end }}",
      "{{ if gt (len .Alerts.Firing) 0 }}{{ reReplaceAll \"(.*):.*\" \"$1\" (index .Alerts 0).Labels.instance }}{{ end }}",
      "{{ if match \"^High\" .GroupLabels.alertname }}{{ printf \"%-10s|%q\" .Status .ExternalURL }}{{ end }}",
      "{{ (index .Alerts 0).Labels.nope }}|{{ .CommonAnnotations.nope }}|{{ index .GroupLabels \"nope\" }}",
      "{{ range .Alerts.Resolved }}{{ .GeneratorURL }} {{ .Fingerprint }}{{ end }}{{ len .CommonLabels.SortedPairs }}",
    ])
  func `give the same text`(template: String) throws {
    try compare(template, isHTML: false)
    try compare(template, isHTML: true)
  }

  @Test(
    .enabled(if: isInstalled, "amtool isn't installed"),
    arguments: [
      "<p>{{ .X }}</p>", "<p title=\"{{ .X }}\">", "<p title='{{ .X }}'>", "<p title={{ .X }}>",
      "<a href=\"{{ .X }}\">", "<a href=\"/p/{{ .X }}\">", "<a href=\"/?q={{ .X }}\">", "<a href=\"/#{{ .X }}\">",
      "<a href=\"/?q={{ .X | urlquery }}\">", "<p>{{ .X | html }}</p>",
      "<p>{{ .X | safeHtml }}</p>", "<title>{{ .X }}</title>{{ .X }}", "<textarea>{{ .X }}</textarea>",
      "<p style=\"color: {{ .X }}\">", "<p data-href=\"{{ .X }}\">", "<img src=\"{{ .X }}\"/>{{ .X }}",
      "<style>p {color: {{ .X }}}</style>{{ .X }}", "<table border=1 width=\"{{ .X }}\"><tr><td>{{ .X }}",
      "{{ if .X }}<p title=\"{{ else }}<i title=\"{{ end }}{{ .X }}\">{{ .X }}", "<br/>a {{ .X }} &amp; {{ .X }}",
      "<p title = {{ .X }} id=\"{{ .X }}\">",
    ])
  func `escape in HTML alike`(template: String) throws {
    for value in [
      "plain", "a b&c=d", "<b>\"x\" + 'y'</b>", "https://e.example/a?b=c&d=é%20%zz#f(g)", "javascript:alert(1)", "/a:b",
      "",
      "#fff", "10%", "red;x", "`=\t\u{2028}",
    ] {
      // Newer Go refuses an empty value without quotes, as ours does; that of this amtool lets the next word slip in.
      if value.isEmpty, template.contains("={{") || template.contains("= {{") { continue }
      var sample = twoAlerts
      sample.groupLabels = Labels([Label("x", value)])
      try compare(template.replacing(".X", with: ".GroupLabels.x"), isHTML: true, sample)
    }
  }

  private func compare(_ template: String, isHTML: Bool, _ message: Message = twoAlerts) throws {
    let ours = try ours(template, message, isHTML: isHTML)
    // Where Go writes a word of its own for what it refuses, ours has another.
    let theirs = try ask(template, message, isHTML: isHTML)
      .replacing("#ZgotmplZ", with: "#unsafe").replacing("ZgotmplZ", with: "unsafe")
    #expect(ours == theirs, "\(template)")
  }

  private func ours(_ template: String, _ message: Message, isHTML: Bool) throws -> String {
    guard isHTML else { return try expansion(template, of: message).get() }
    let content = MessageContent(Post([message]), style(html: template))
    if let trouble = content.trouble { Issue.record("\(trouble)") }
    return content.html ?? ""
  }

  private func ask(_ template: String, _ message: Message, isHTML: Bool) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "belfry-template-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let data = try expansion("{{ toJson . }}", of: message).get()
    try Data(data.utf8).write(to: folder.appending(path: "data.json"))
    let texts = NotificationDefaults.texts.filter { !$0.contains("jira.") }
    try Data(texts.joined().utf8).write(to: folder.appending(path: "defaults.tmpl"))
    let outcome = try Program.run(
      Self.amtool,
      [
        "template", "render", "--template.glob=" + folder.path + "/defaults.tmpl",
        "--template.data=" + folder.path + "/data.json", "--template.type=" + (isHTML ? "html" : "text"),
        "--template.text=" + template, "--no-version-check",
      ])
    if outcome.code != 0 { Issue.record("amtool: \(outcome.complaint)") }
    return outcome.text
  }
}
