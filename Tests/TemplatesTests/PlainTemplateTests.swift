import Model
import Templates
import Testing

/// Templates of texts, labels, values and single functions are expanded without a run; one action more makes it a run.
@Suite struct `A plain template` {
  private static let templates = [
    "{{ $value }}", "{{ .Value | humanize }}", "{{ humanize $value }}!", "{{ $value | humanize1024 }}B",
    "{{ $value | humanizePercentage }}", "{{ $value | humanizeDuration }}", "{{ $value | humanizeTimestamp }}",
    "{{ $value | humanize | toUpper }}", #"{{ printf "%.2f" $value }}"#, #"{{ $value | printf "<%g>" }}"#,
    #"{{ printf "%.3g s" .Value }}"#, #"{{ printf "%e" $.Value }}"#, #"{{ printf "%v" $value | title }}"#,
    #"{{ printf "%.f %%" $value }}"#, #"{{ printf "%5.1f" $value }}"#, #"{{ printf "%d" $value }}"#,
    #"{{ printf "%.2f" $labels.job }}"#, #"{{ printf "%.2f%s" $value }}"#, #"{{ printf "ä%fö" $value }}"#,
    "{{ $labels.instance }} of {{ .Labels.job }}", "{{ $labels.instance | stripPort | toUpper }}",
    "{{ stripDomain $labels.instance }} {{ $labels.none | title }}", "{{ $labels.job | humanize }}",
    "{{ $externalLabels.region | toUpper }} {{ $externalURL }} {{ urlQueryEscape $externalURL }}",
    "{{ $labels.instance | safeHtml }}", "{{ toUpper $value }}", "{{ $value | toLower }}", "{{ $value.x }}",
    "{{ humanize }}", "{{ humanize $value $value }}", "{{ $value $value }}", "{{ $labels.job | $value }}",
  ]
  private static let values = [
    0, -0.0, 0.5, 1, 2.675, -1234.5, 95.5, 1e6, 123_456_789, 1.7e9, 1e-7, -3e-5, 1e300, .infinity, -.infinity, .nan,
  ]

  @Test(arguments: templates)
  func `gives what a run gives`(text: String) throws {
    let plain = try? Template(parsing: text)
    let run = try? Template(parsing: text + "{{ `` }}")
    #expect((plain == nil) == (run == nil))
    for value in Self.values {
      let data = TemplateData(
        name: "__alert_A", labels: ["__name__": "up", "instance": "web-1.example.com:9100", "job": "api server"],
        value: value, externalLabels: ["region": "eu"], externalURL: "https://mon.example.com/a b/")
      #expect(plain?.render(data).text == run?.render(data).text)
      #expect(plain?.dependencies == run?.dependencies)
    }
  }

  @Test func `holds the limits`() throws {
    var data = TemplateData(name: "__alert_A", labels: ["job": String(repeating: "long ", count: 20)], value: 1)
    data.limits.bytes = 99
    for text in ["{{ $labels.job }}", "{{ $labels.job | toUpper }}", "{{ toUpper $labels.job }}{{ $value }}"] {
      #expect(try Template(parsing: text).render(data).error != nil)
    }
  }
}
