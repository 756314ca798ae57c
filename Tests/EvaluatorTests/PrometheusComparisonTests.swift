import Evaluator
import JSON
import Model
import PromQL
import Specs
import TestKit
import Testing

@Suite(
  .enabled(if: RealServer.isInstalled(RealServer.prometheus), "prometheus is not installed"), .timeLimit(.minutes(1)))
struct `Compared with Prometheus` {
  /// Annotation texts; each is expanded by both.
  private static let templates = [
    "{{ $value }}", "{{ .Value }}", "{{ $labels }}", "{{ $labels.instance }}{{ .Labels.job }}", "{{ $labels.nope }}|",
    "{{ $value | humanize }}", "{{ humanize1024 $value }}", "{{ humanizeDuration $value }}",
    "{{ humanizePercentage $value }}", "{{ humanizeTimestamp $value }}", "{{ $externalLabels.region }}",
    "{{ .ExternalURL }} {{ $externalURL }} {{ externalURL }} {{ pathPrefix }}", #"{{ index $labels "job" }}"#,
    #"{{ printf "%.2f" $value }}"#, #"{{ $value | printf "%d" }}"#, #"{{ printf "%s %q" $value $labels.job }}"#,
    #"{{ printf "%e %g %x %08.1f|%-12.3f|%+v" $value $value $value $value $value $value }}"#,
    #"{{ printf "%v %v" $value }}"#, #"{{ printf "%v" $value 1 "x" }}"#, #"{{ printf "100%" }}"#,
    #"{{ printf "%d %x %o %c %q %U %03d %+d|%-5d|" 65 65 65 65 65 65 65 65 65 }}"#, #"{{ printf "%z %!" 1 }}"#,
    #"{{ printf "%5d" $value }}"#, #"{{ printf "%.3s|%5s|%-5s|" "abcdef" "a" "b" }}"#,
    #"{{ printf "%t %v" true false }}"#,
    #"{{ printf "%T %T %T" $value $labels 1 }}"#, #"{{ printf "%v %s %d" $labels $labels $labels }}"#,
    #"{{ printf "%x %X" "hi" "hi" }}"#, #"{{ printf "%*d" 5 42 }}"#, #"{{ print 1 2 "a" "b" 3 }}"#,
    #"{{ println 1 "a" }}"#, "{{ 1.50 }} {{ 1e6 }} {{ 0x1F }} {{ 'a' }} {{ 017 }} {{ -1.5e-7 }} {{ 1_000 }}",
    #"{{ $labels.instance | reReplaceAll "(.*):.*" "$1" }}"#, #"{{ reReplaceAll "[aeiou]" "" "banana" }}"#,
    #"{{ match "^web" $labels.instance }} {{ match "x" "y" }}"#, "{{ stripPort $labels.instance }}",
    "{{ stripDomain $labels.instance }}", #"{{ stripDomain "10.1.2.3:80" }} {{ stripPort "[::1]:80" }}"#,
    #"{{ title "aa bB CC d-e" }} {{ toUpper "äb" }} {{ toLower "ÄB" }}"#, #"{{ parseDuration "1h2m10ms" }}"#,
    #"{{ graphLink "up == 0" }} {{ tableLink "a b" }}"#, #"a  {{- 1 -}}  b {{/* c */}} {{- /* d */ -}} e"#,
    #"{{ "\u00e9\x41\n\101" }} {{ `raw "x"` }} {{ "{{" }}"#, #"{{ (printf "%s" $labels.job) | toUpper }}"#,
    "{{ $.Labels.job }}", #"{{ humanize "12345.678" }} {{ humanize 12 }}"#, #"{{ humanizeDuration 899.99 }}"#,
    "{{ humanizeDuration 1.2345 }} {{ humanizeDuration 0.0001 }} {{ humanizeDuration -183845 }}",
    "{{ humanize 999999 }} {{ humanize1024 1048576 }} {{ humanize 1e30 }} {{ humanize 0.000123456 }}",
    "{{ humanizePercentage 0.99995 }} {{ humanizePercentage 2.675 }} {{ humanizeTimestamp 1435065584.128 }}",
    // Errors, word for word.
    "{{ humanize $labels.job }}", "{{ $labels.job.x }}", "a\n b {{ humanize $labels }}", "{{ humanize }}",
    "{{ humanizeTimestamp 1e15 }}", "{{ title 1 2 }}", "{{ title $value }}", "{{ title 1 }}", "{{ $value | title }}",
    "{{ printf 1 }}", "{{ title true }}",
    "{{ $value 1 }}", "{{ .Value 1 }}", "{{ $labels.job 1 }}", "{{ .Labels.job 1 }}", "{{ 1 2 }}",
    "{{ .Labels.job.x.y }}", "{{ index $labels 1 }}", "{{ index $value 1 }}", "{{ index 1 }}",
    "{{ parseDuration \"5\" }}", "{{ title (humanize) }}", "{{ title nil }}",
    "{{ printf \"%v %d\" nil nil }}", "{{ title \"a\" | humanize }}", "{{ index $labels.job 1 }}", "{{ print nil }}",
    "{{ humanize nil }}",
    "{{ printf \"%#v %#v %+q\" 1.5 \"x\" \"é\" }}", "{{ index $labels \"a\" \"b\" }}", "{{ true 1 }}",
    "{{ humanize $value | title 1 }}",
  ]

  private static let expression =
    #"label_replace(label_replace(vector(1234567.891), "instance", "web-1.example.com:9100", "", ""), "#
    + #""job", "api", "", "")"#

  private static var annotations: [Label] {
    templates.enumerated().map { Label("t\(padded($0.offset, to: 3))", $0.element) }
  }

  private static func start() throws -> RealServer {
    func quoted(_ text: String) -> String { JSONValue.string(text).text }
    let annotations = annotations.map { "      \($0.name): \(quoted($0.value))\n" }.joined()
    let rules = """
      groups:
      - name: g
        interval: 1s
        rules:
        - alert: Everything
          expr: \(quoted(expression))
          labels: {severity: "page {{ $labels.job }}", instance: "", gone: "{{ $labels.nope }}"}
          annotations:
      \(annotations)
        - alert: Scalar
          expr: "42"
          labels: {level: "{{ $value }}"}

      """
    return try RealServer.startPrometheus(
      rules: rules, global: "  external_labels: {region: eu}",
      arguments: ["--web.external-url=https://mon.example.com/prom/", "--web.route-prefix=/"])
  }

  /// The alerts that the server has, once it has them.
  private func alerts(of server: RealServer) async throws -> [JSONValue] {
    while true {
      let answer = try? await PlainHTTP().send(HTTPRequest(url: server.url + "/api/v1/alerts"))
      if let answer, answer.status == 200, let json = try? JSONValue(parsing: answer.body),
        case .array(let alerts)? = json["data"]?["alerts"], alerts.count == 2
      {
        return alerts
      }
      try await ContinuousClock().sleep(for: .milliseconds(20))
    }
  }

  private func labels(_ json: JSONValue?) -> Labels {
    guard case .object(let members)? = json else { return .empty }
    return Labels(members.map { Label($0.name, $0.value.string ?? "") })
  }

  @Test func `labels and annotations are the same`() async throws {
    let server = try Self.start()
    let theirs = try await alerts(of: server)
    var settings = ScopeSettings()
    settings.externalLabels = ["region": "eu"]
    let context = RuleContext(scope: .platform, settings: [settings], externalURL: "https://mon.example.com/prom")
    let severity = [
      Label("gone", "{{ $labels.nope }}"), Label("instance", ""), Label("severity", "page {{ $labels.job }}"),
    ]
    let rules = [
      rule("Everything", Self.expression, labels: severity, annotations: Self.annotations),
      rule("Scalar", "42", labels: [Label("level", "{{ $value }}")]),
    ]
    var state = RuleGroupState(group(rules, scope: .platform, context: context))
    let source = HTTPSampleSource(url: server.url, transport: PlainHTTP())
    for (index, rule) in rules.enumerated() {
      let answer = try await source.query(rule.expression.text, at: at(1_700_000_000), timeout: .seconds(5))
      _ = state.step(rule: index, .success(answer), at: at(1_700_000_000))
    }
    for ours in state.alerts {
      let match = theirs.first { labels($0["labels"])["alertname"] == ours.labels["alertname"] }
      var plain = ours.labels
      plain["region"] = ""
      #expect(labels(match?["labels"]) == plain)
      for (annotation, template) in zip(ours.annotations, Self.templates) {
        #expect(annotation.value == match?["annotations"]?[annotation.name]?.string, "\(template)")
      }
    }
  }

  @Test func `what the server refuses is told`() async throws {
    let server = try RealServer.startPrometheus()
    let source = HTTPSampleSource(url: server.url, transport: PlainHTTP())
    while (try? await source.query("1", at: at(1), timeout: .seconds(5))) == nil {
      try await ContinuousClock().sleep(for: .milliseconds(20))
    }
    func error(_ expression: String) async -> QueryError? {
      do throws(QueryError) {
        _ = try await source.query(expression, at: at(1_700_000_000), timeout: .seconds(5))
        return nil
      } catch {
        return error
      }
    }
    #expect(
      await error("up{")
        == .rejected(#"invalid parameter "query": 1:4: parse error: unexpected end of input inside braces"#))
    #expect(await error("up[5m]") == .wrongType("matrix"))
    #expect(await error(#""text""#) == .wrongType("string"))
    #expect(await error(#"label_replace(up, "a", "$1", "b", "(")"#) != nil)
    #expect(await error("vector(1) > 2") == nil)
    let elsewhere = HTTPSampleSource(url: server.url + "/nowhere", transport: PlainHTTP())
    await #expect(throws: QueryError.serverError(status: 404, words: "'404 page not found'")) {
      try await elsewhere.query("1", at: at(1), timeout: .seconds(1))
    }
  }
}
