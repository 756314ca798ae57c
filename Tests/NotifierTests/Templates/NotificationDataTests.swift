import Model
import Notifier
import Specs
import Templates
import Testing

@Suite struct `What templates see of a message` {
  @Test(arguments: [
    (
      "{{ .Receiver }} {{ .Status }} {{ .ExternalURL }} {{ .NotificationReason }}",
      "oncall firing https://belfry.example new alerts added"
    ),
    ("{{ len .Alerts }} {{ .Alerts.Firing | len }} {{ len .Alerts.Resolved }}", "2 1 1"),
    (
      "{{ range .Alerts }}{{ .Status }} {{ .Labels.instance }} {{ .Value }};{{ end }}",
      "firing a:9100 0.953;resolved b:9100 2;"
    ),
    ("{{ range $i, $a := .Alerts.Firing }}{{ $i }} {{ $a.Annotations.summary }}{{ end }}", "0 CPU above 90%"),
    ("{{ (index .Alerts 1).Labels.job }} {{ (index .Alerts 0).Fingerprint | len }}", "node 16"),
    (
      "{{ .GroupLabels.alertname }} {{ .CommonLabels }} {{ .RouteLabels }}|",
      "HighCPU alertname=HighCPU, severity=critical |"
    ),
    (
      "{{ .CommonLabels.SortedPairs.Values | join \",\" }} {{ .CommonLabels.Names }}",
      "HighCPU,critical [alertname severity]"
    ),
    ("{{ range .CommonLabels.SortedPairs }}{{ .Name }}:{{ .Value }} {{ end }}", "alertname:HighCPU severity:critical "),
    (
      "{{ .CommonLabels.Remove .GroupLabels.Names }} {{ .CommonLabels.Names.Join \"/\" }}",
      "severity=critical alertname/severity"
    ),
    (
      "{{ with index .Alerts 0 }}{{ .StartsAt }} {{ .EndsAt.IsZero }} {{ .EndsAt }}{{ end }}",
      "2026-11-20 08:00:00 +0000 UTC true 0001-01-01 00:00:00 +0000 UTC"
    ),
    ("{{ (index .Alerts 1).EndsAt.Format \"15:04:05\" }} {{ since (index .Alerts 0).StartsAt }}", "08:01:30 30s"),
    ("{{ .CommonLabels.nope }}{{ .CommonAnnotations.nope }}|{{ index .Alerts 0 | printf \"%T\" }}", "|template.Alert"),
    (
      "{{ .Belfry.Severity }} {{ .Belfry.Level }} {{ .Belfry.Tenant }}/{{ .Belfry.Project }} {{ .Belfry.State }}",
      "critical critical shop/ partlyResolved"
    ),
    (
      "{{ with (index .Alerts 0).Belfry }}{{ .File }}:{{ .Line }} {{ .Author }} {{ .Commit }} {{ .Rule }}{{ end }}",
      "tenants/shop/rules.yaml:7 Ana <ana@example.com> 3f2a9c1d HighCPU"
    ),
    ("{{ routeLabels \"x\" }}|{{ .Belfry.GroupKey }}", "|{}:{alertname=\"HighCPU\"}"),
  ])
  func `is Alertmanager's data and more`(template: String, text: String) throws {
    #expect(try expansion(template, of: twoAlerts).get() == text)
  }

  @Test func `has the usual words`() throws {
    let content = MessageContent(Post([twoAlerts]), MessageStyle())
    let text =
      "{{ .Belfry.Title }}|{{ .Belfry.Source }}|{{ .Belfry.SilenceCommand }}|{{ .Belfry.Provenance.Join \";\" }}|{{ .Belfry.Text }}"
    let words = [
      content.title, content.source, content.silenceCommand ?? "", content.origins.joined(separator: ";"),
      content.text(in: PlainText.self),
    ]
    #expect(try expansion(text, of: twoAlerts).get() == words.joined(separator: "|"))
  }

  @Test func `becomes Alertmanager's JSON`() throws {
    let json = try expansion("{{ toJson . }}", of: twoAlerts).get()
    var webhook = String(decoding: WebhookPayload.body(of: twoAlerts), as: UTF8.self)
    // The webhook's document has three members more.
    let end = try #require(webhook.firstRange(of: #","version":"#))
    webhook = String(webhook[..<end.lowerBound]) + "}"
    #expect(json == webhook)
  }

  @Test func `is made once for ten thousand alerts`() throws {
    let alerts = (0..<10_000).map { number in
      alert(["alertname": "Down", "instance": "i\(number)", "job": "node"], firedAt: at(-number))
    }
    let text =
      "{{ range .Alerts }}{{ if eq $.CommonLabels.job .Labels.job }}{{ len $.Alerts.Firing }}{{ end }}{{ end }}"
    #expect(try expansion(text, of: message(alerts)).get() == String(repeating: "10000", count: 10_000))
    #expect(
      try expansion("{{ template \"__subject\" . }}", of: message(alerts)).get() == "[FIRING:10000] HighCPU (node)")
  }

  @Test(arguments: [
    ("{{ .Nope }}", "can't evaluate field Nope in type *template.Data"),
    ("{{ range .Alerts }}{{ .summary }}{{ end }}", "can't evaluate field summary in type template.Alert"),
    ("{{ template \"nope\" . }}", "template \"nope\" not defined"),
    ("{{ .CommonLabels.Remove \"x\" }}", "can't handle \"x\" for arg of type []string"),
    ("{{ .Alerts.Nope }}", "can't evaluate field Nope in type template.Alerts"),
  ])
  func `has nothing else`(template: String, why: String) throws {
    guard case .failure(let error) = try expansion(template, of: twoAlerts) else {
      Issue.record("no error")
      return
    }
    #expect(error.description.hasPrefix("template: text:1:"))
    #expect(error.description.hasSuffix(why))
  }
}
