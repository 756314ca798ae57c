import Diagnostics
import Foundation
import Specs
import TestKit
import Testing
import YAML

@testable import Importer

@Suite struct `Importing an Alertmanager` {
  @Test func `one of everything`() throws {
    let template = AlertmanagerImport.TemplateFile(
      path: "t/x.tmpl", bytes: Array("{{ define \"x\" }}{{ .CommonLabels.a }}{{ end }}".utf8))
    let imported = AlertmanagerImport(file: "alertmanager.yml", bytes: try seed("alertmanager.yaml"))
      .result(templates: [template])
    #expect(imported.problems == [])
    let page = imported.files.sorted { $0.path < $1.path }
      .map { "=== \($0.path)\n" + String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: "\n")
    #expect(goldenDifference(page, "alertmanager.txt") == nil)
  }

  @Test func `no secret is in the tree or in a finding`() throws {
    let imported = AlertmanagerImport(file: "alertmanager.yml", bytes: try seed("alertmanager.yaml")).result()
    for number in 1...8 {
      let planted = "planted-\(number)"
      #expect(imported.secrets.contains { $0.value?.contains(planted) ?? false }, "\(planted)")
    }
    for file in imported.files {
      #expect(!String(decoding: file.bytes, as: UTF8.self).contains("planted"), "\(file.path)")
    }
    #expect(!"\(imported.diagnostics)".contains("planted"))
    #expect(!"\(imported.secrets)".contains("planted"))
  }

  @Test func `a field of HTTP that may hold a credential is a secret`() {
    let imported = alertmanager(
      """
      route: {receiver: a}
      receivers:
        - name: a
          webhook_configs:
            - url: 'http://hook/x'
              http_config: {http_headers: {X-Api-Key: {values: [planted]}, X-Team: {values: [shop]}}}
            - url: 'https://user:planted@hook.example.com/'
            - url: 'http://hook.svc/0123456789planted'
      """)
    #expect(imported.problems == [])
    #expect(!imported.files.contains { String(decoding: $0.bytes, as: UTF8.self).contains("planted") })
    #expect(imported.secrets.count == 3)
    #expect(imported.text("platform/channels.yaml")?.contains("X-Team: shop") ?? false)
  }

  /// What is wrong, and what is said.
  static let refused: [(String, [String])] = [
    ("route: {receiver: a}\nreceivers: [{name: b}]", ["undefined-name"]),
    ("route: {receiver: a}\nreceivers: [{name: a}, {name: a}]", ["duplicate-name"]),
    ("route: {receiver: a, recevier: b}\nreceivers: [{name: a}]", ["unknown-field"]),
    ("route: {receiver: a, routes: [{match_re: {x: '('}}]}\nreceivers: [{name: a}]", ["malformed-matcher"]),
    ("route: {receiver: a, routes: [{matchers: ['x=~\"(\"']}]}\nreceivers: [{name: a}]", ["malformed-matcher"]),
    ("route: {receiver: a, group_interval: 0s}\nreceivers: [{name: a}]", ["out-of-range"]),
    ("route: {receiver: a, matchers: ['a=b']}\nreceivers: [{name: a}]", ["conflicting-fields"]),
    ("route: {receiver: a, routes: [{mute_time_intervals: [x]}]}\nreceivers: [{name: a}]", ["undefined-name"]),
    (
      "route: {receiver: a}\nreceivers: [{name: a}]\ntime_intervals: [{name: x, time_intervals: [{weekdays: [mon]}]}]",
      ["malformed-time"]
    ),
    ("receivers: [{name: a}]", ["missing-field"]),
    ("groups: []", ["other-file"]), ("just text", ["other-file"]), ("[1, 2]", ["other-file"]), ("", ["other-file"]),
    ("apiVersion: monitoring.coreos.com/v1alpha1\nkind: AlertmanagerConfig\nspec: {}", ["other-file"]),
    ("apiVersion: v1\nkind: Secret\ndata: {x: eA==}", ["other-file"]),
    (
      "global: {slack_app_token: x, slack_api_url_file: y, nope: 1}\nroute: {receiver: a}\n"
        + "receivers: [{name: b, email_configs: [{}], wechat_configs: [{}]}]",
      ["conflicting-fields", "missing-field", "missing-field", "missing-field", "undefined-name", "unknown-field"]
    ),
  ]

  @Test(arguments: refused)
  func `refuses, all at once`(text: String, codes: [String]) {
    let imported = alertmanager(text)
    #expect(imported.isRefused)
    #expect(imported.errors.map(\.code).sorted() == codes, "\(imported.errors.map(\.message))")
    #expect(imported.errors.allSatisfy { $0.span.file == "am.yml" && $0.span.range.start.line > 0 })
  }

  @Test func `a line that can't be read isn't shown, since it may be a secret`() {
    let imported = alertmanager("global:\n  smtp_auth_password planted\n  x: y\nroute: {receiver: a}\n")
    #expect(imported.isRefused)
    #expect(!"\(imported.diagnostics)".contains("planted"))
  }

  @Test func `a kind that isn't there has a stand-in, and the route its place`() {
    let imported = alertmanager(
      """
      route: {receiver: a}
      receivers: [{name: a, pushover_configs: [{user_key: planted, token: planted}], webhook_configs: [{url: 'http://x/'}]}]
      """)
    #expect(imported.problems == [])
    #expect(imported.errors.map(\.code) == ["no-such-channel"])
    #expect(imported.receivers.first?.channels == ["a-pushover", "a-webhook"])
    #expect(imported.receivers.first?.hasPlaceholder ?? false)
    #expect(imported.text("platform/channels.yaml")?.contains("x-missing") ?? false)
    #expect(imported.text("IMPORT.md")?.contains("pushover") ?? false)
  }

  @Test func `a template that Belfry can't use is left out and told`() {
    let imported = alertmanager(
      """
      route: {receiver: a}
      receivers: [{name: a, slack_configs: [{api_url: 'https://x/y', text: '{{ template "gone" . }}'}]}]
      """)
    #expect(imported.problems == [])
    #expect(imported.errors.map(\.code) == ["template-left"])
  }

  @Test func `names become valid and stay apart`() {
    let imported = alertmanager(
      "route: {receiver: 'Ops/DB'}\nreceivers: [{name: 'Ops/DB'}, {name: ops db}, {name: 告警}, {name: ../../etc}]")
    #expect(imported.receivers.map(\.channels) == [["ops-db"], ["ops-db-2"], ["receiver"], ["etc"]])
    #expect(imported.problems == [])
  }

  @Test func `an inhibit rule without matchers takes every alert`() {
    let imported = alertmanager(
      "route: {receiver: a}\nreceivers: [{name: a}]\ninhibit_rules: [{source_matchers: ['a=b']}]")
    #expect(imported.problems == [])
    #expect(imported.text("platform/inhibition.yaml")?.contains("(?s:.*)") ?? false)
  }

  @Test func `a Secret of the operator, with the places of the outer file`() {
    let imported = alertmanager(
      "apiVersion: v1\nkind: Secret\nstringData:\n  alertmanager.yaml: |\n    route:\n      receiver: nobody\n    receivers: []\n"
    )
    #expect(imported.errors.map(\.span.range.start.line) == [6])
  }
}

@Suite struct `Written YAML` {
  @Test func `reads as what it was`() throws {
    var random = SplitMix64(seed: 9)
    let pieces = [
      "a", "yes", "1", "0x1f", "1:30", "30s", " ", "\n", "'", "\"", ": ", "- ", "#", "é", "\u{202e}", "\u{7f}", "|",
      "{{ x }}", "~", "\\", "\t", "null",
    ]
    for _ in 0..<2000 {
      let text = (0..<Int.random(in: 0..<6, using: &random)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &random)]
      }.joined()
      let document = SpecDocument(
        kind: "Template", name: "x", comments: [text],
        spec: [
          SpecField("text", text),
          SpecField(
            "list", .list([.text(text), .map([SpecField(text, text), SpecField("b", text), SpecField("c", text)])])),
        ])
      let spec = try #require(RuleText.firstRoot(of: document.text)?["spec"], "\(document.text)")
      #expect(spec["text"]?.scalar?.text == text, "\(document.text)")
      #expect(spec["list"]?[0]?.scalar?.text == text, "\(document.text)")
      #expect(spec["list"]?[1]?.entry(text)?.value.scalar?.text == text, "\(document.text)")
      #expect(spec["text"]?.scalar?.tag == .string)
    }
  }
}
