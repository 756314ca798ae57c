import Hummingbird
import JSON
import Model
import StatusAPI
import TestKit
import Testing

@Suite struct `The dialects` {
  static let documents: [(path: String, golden: String)] = [
    ("/prometheus/api/v1/rules", "prometheus-rules.json"),
    ("/tenants/shop/prometheus/api/v1/rules?type=record", "prometheus-rules-recording.json"),
    ("/prometheus/api/v1/rules?exclude_alerts=true&group_limit=1", "prometheus-rules-page.json"),
    ("/tenants/shop/prometheus/api/v1/alerts", "prometheus-alerts.json"),
    ("/prometheus/api/v1/status/buildinfo", "prometheus-buildinfo.json"),
    ("/alertmanager/api/v2/alerts", "alertmanager-alerts.json"),
    ("/tenants/shop/alertmanager/api/v2/alerts/groups", "alertmanager-groups.json"),
    ("/alertmanager/api/v2/silences", "alertmanager-silences.json"),
    ("/alertmanager/api/v2/receivers", "alertmanager-receivers.json"),
    ("/alertmanager/api/v2/status", "alertmanager-status.json"),
  ]

  @Test(arguments: documents)
  func `have the shape of their golden file`(path: String, golden: String) async throws {
    let answer = try await Asking().send(path)
    #expect(answer.status == 200)
    #expect(answer.headers[.contentType] == "application/json; charset=utf-8")
    #expect(goldenDifference(try answer.pretty, golden) == nil)
  }

  @Test func `give a configuration of the routes that has its golden file`() async throws {
    let answer = try await Asking().send("/alertmanager/api/v2/status")
    let yaml = try #require(try answer.json["config"]?["original"]?.string)
    #expect(goldenDifference(yaml, "alertmanager-configuration.yaml") == nil)
    let tenant = try await Asking().send("/tenants/billing/alertmanager/api/v2/status")
    let own = try #require(try tenant.json["config"]?["original"]?.string)
    #expect(own.contains("billing/oncall") && !own.contains("shop") && !own.contains("platform"))
  }

  /// What Grafana's two data sources, karma, amtool and promtool send, with the answer's status.
  static let requests: [(path: String, status: Int)] = [
    // Grafana's Prometheus data source: its health check with GET, what it asks when it is opened, the alert list.
    ("/prometheus/api/v1/query?query=1%2B1&time=4", 200),
    ("/prometheus/api/v1/status/buildinfo", 200),
    ("/prometheus/api/v1/rules", 200),
    ("/prometheus/api/v1/rules?dashboard_uid=x&panel_id=1", 200),
    ("/prometheus/api/v1/alerts", 200),
    ("/prometheus/api/v1/labels?start=1&end=2&match%5B%5D=%7Ba%3D%22b%22%7D", 200),
    ("/prometheus/api/v1/label/alertname/values?start=1&end=2", 200),
    ("/prometheus/api/v1/label/__name__/values", 200),
    ("/prometheus/api/v1/metadata?limit=1000", 200), ("/prometheus/api/v1/metadata", 200),
    ("/prometheus/api/v1/series?match%5B%5D=up&start=1&end=2", 200),
    ("/prometheus/api/v1/query_exemplars?query=up&start=1&end=2", 422),
    ("/prometheus/api/v1/query_range?query=up&start=1&end=2&step=15", 422),
    ("/prometheus/api/v1/query?query=up&time=4", 422),
    // Whether it is Mimir's ruler.
    ("/prometheus/api/v1/rules/test/test", 404), ("/prometheus/config/v1/rules", 404),
    ("/prometheus/config/v1/rules/test/test", 404), ("/prometheus/rules/test/test", 404),
    // promtool and others.
    ("/prometheus/api/v1/status/flags", 200), ("/prometheus/api/v1/status/config", 200),
    ("/prometheus/api/v1/status/runtimeinfo", 200), ("/prometheus/api/v1/alertmanagers", 200),
    ("/prometheus/api/v1/targets?state=active", 200), ("/prometheus/-/healthy", 200), ("/prometheus/-/ready", 200),
    // Grafana's Alertmanager data source.
    ("/alertmanager/api/v2/status", 200), ("/alertmanager/api/v2/receivers", 200),
    ("/alertmanager/api/v2/alerts?silenced=true&active=true&inhibited=true", 200),
    ("/alertmanager/api/v2/alerts?silenced=true&active=true&inhibited=truefilter=alertname%3D%22x%22", 200),
    ("/alertmanager/api/v2/alerts/groups", 200), ("/alertmanager/api/v2/silences", 200),
    ("/alertmanager/api/v2/silences?filter=instance%3D%22web-1%22", 200),
    ("/alertmanager/config/api/v1/alerts", 404), ("/alertmanager/api/v1/alerts", 404),
    // karma.
    ("/alertmanager/metrics", 200), ("/alertmanager/-/healthy", 200), ("/alertmanager/-/ready", 200),
    // amtool.
    ("/alertmanager/api/v2/alerts?active=true&inhibited=false&silenced=false&unprocessed=false", 200),
    ("/alertmanager/api/v2/alerts?filter=alertname%3D~%22B.*%22&receiver=shop%2F.*", 200),
  ]

  @Test(arguments: requests)
  func `answer what clients send, whole and for one tenant`(path: String, status: Int) async throws {
    for front in ["", "/tenants/shop"] {
      let answer = try await Asking().send(front + path)
      #expect(answer.status == status, "\(answer.text)")
    }
    #expect(try await Asking().send("/tenants/nobody" + path).status == 404)
    let behind = Asking(externalURL: "https://example.com/belfry")
    #expect(try await behind.send("/belfry" + path).status == status)
  }

  /// Requests for alerts, and the names of those that are found.
  static let filters: [(query: String, found: [String])] = [
    ("", ["BelfryChannelFailing", "BillingDown", "CheckoutErrors", "Lost"]),
    ("filter=severity%3D%22critical%22", ["BillingDown", "CheckoutErrors"]),
    ("filter=severity=critical&filter=tenantless=", ["BillingDown", "CheckoutErrors"]),
    ("filter=%7Bseverity%3D%22critical%22,instance=~%22web.*%22%7D", ["CheckoutErrors"]),
    ("filter=instance!~%22web.*%7Cpay.*%22", ["BelfryChannelFailing"]),
    ("active=false", []),
    ("active=maybe", []),
    ("silenced=false&inhibited=false&unprocessed=false", ["BelfryChannelFailing", "BillingDown", "CheckoutErrors", "Lost"]),
    ("receiver=shop/oncall", ["BelfryChannelFailing", "BillingDown", "CheckoutErrors"]),
    ("receiver=oncall", []),
    ("receiver=.*/on.*&filter=severity%3D%22warning%22", ["BelfryChannelFailing"]),
    ("nonsense=1&filter=", ["BelfryChannelFailing", "BillingDown", "CheckoutErrors", "Lost"]),
  ]

  @Test(arguments: filters)
  func `find the alerts that Alertmanager's filters mean`(query: String, found: [String]) async throws {
    let answer = try await Asking().send("/alertmanager/api/v2/alerts?" + query)
    let names = try answer.json.array?.compactMap { $0["labels"]?["alertname"]?.string }.sorted()
    #expect(names == found, "\(answer.text)")
  }

  @Test func `tell what silences, inhibits and mutes an alert, and hide it where a filter says so`() async throws {
    var source = ScriptedSource()
    source.firing = World.alerts.map { view in
      var view = view
      switch view.alert.rule.rule {
      case "CheckoutErrors": view.silencedBy = ["shop Silence migration", "platform Silence freeze"]
      case "BillingDown": view.inhibitedBy = [Fingerprint(value: 7)]
      case "Lost": view.mutedBy = ["nights"]
      default: break
      }
      return view
    }
    let asking = Asking(source: source)
    for (query, count) in [
      ("", 4), ("?silenced=false", 3), ("?inhibited=false", 3), ("?active=false", 3), ("?active=false&silenced=false", 2),
    ] {
      let answer = try await asking.send("/alertmanager/api/v2/alerts" + query)
      #expect(try answer.json.array?.count == count, "\(query)")
    }
    let all = try await asking.send("/alertmanager/api/v2/alerts?filter=alertname=CheckoutErrors").json[0]
    #expect(
      all?["status"]?["silencedBy"]?.array?.map(\.string) == [
        SilenceUUID(of: "shop Silence migration").text, SilenceUUID(of: "platform Silence freeze").text,
      ])
    #expect(all?["status"]?["state"]?.string == "suppressed")
    // A reader of the tenant sees that it is suppressed, and its own silence.
    var limited = try `Who may read`.asking(source)
    limited.host = "127.0.0.1"
    let own = try await limited.send(
      "/alertmanager/api/v2/alerts?filter=alertname=CheckoutErrors", headers: `Who may read`.shop
    ).json[0]
    #expect(
      own?["status"]?["silencedBy"]?.array?.map(\.string) == [SilenceUUID(of: "shop Silence migration").text])
    #expect(own?["status"]?["state"]?.string == "suppressed")
  }

  /// Requests that can't be read: the status and a part of what is said.
  static let troubles: [(path: String, status: Int, words: String)] = [
    ("/alertmanager/api/v2/alerts?filter=bad", 400, "bad matcher format: bad: expected one of"),
    ("/alertmanager/api/v2/alerts?filter=a%3D~%22(%22", 400, "not a pattern of RE2"),
    ("/alertmanager/api/v2/alerts?receiver=(", 400, "failed to parse receiver param"),
    ("/alertmanager/api/v2/alerts?filter=%ff", 400, "not percent-encoded UTF-8"),
    ("/alertmanager/api/v2/alerts/groups?filter=%7B", 400, "bad matcher format"),
    ("/alertmanager/api/v2/silences?filter=bad", 400, "bad matcher format"),
    ("/alertmanager/api/v2/silence/x", 400, "must be of type uuid: \\\"x\\\""),
    ("/alertmanager/api/v2/silence/00000000-0000-0000-0000-000000000000", 404, "no silence has the id"),
    ("/alertmanager/api/v2/nothing", 404, "nothing is served under '/api/v2/nothing'"),
    ("/alertmanager", 404, "nothing is served"), ("/alertmanager/api/v1/status", 404, "version 1 is not served"),
    ("/prometheus/api/v1/rules?type=x", 400, #"invalid parameter \"type\": not supported value \"x\""#),
    ("/prometheus/api/v1/rules?group_limit=0", 400, "group_limit needs to be greater than 0"),
    ("/prometheus/api/v1/rules?group_limit=many", 400, "group_limit needs to be a valid number"),
    ("/prometheus/api/v1/rules?group_next_token=x", 400, "group_limit needs to be present"),
    ("/prometheus/api/v1/rules?group_limit=1&group_next_token=x", 400, "were rule groups changed?"),
    ("/prometheus/api/v1/rules?exclude_alerts=perhaps", 400, "not a boolean"),
    ("/prometheus/api/v1/rules?match[]=%7Ba", 400, "is no selector"),
    ("/prometheus/api/v1/rules?match[]=%7B%7D", 400, "is no selector"),
    ("/prometheus/api/v1/query?query=up", 422, "Belfry stores no series"),
    ("/prometheus/api/v1/nothing", 404, "nothing is served under '/api/v1/nothing'"),
    ("/prometheus/api/v1/rules/a/b", 404, "they live in git"),
  ]

  @Test(arguments: troubles)
  func `say what is wrong in the shape of their system`(path: String, status: Int, words: String) async throws {
    let answer = try await Asking().send(path)
    #expect(answer.status == status)
    #expect(answer.text.contains(words), "\(answer.text)")
    if path.hasPrefix("/alertmanager") {
      #expect(try answer.json.string != nil)
    } else {
      #expect(try answer.json["status"]?.string == "error" && answer.json["errorType"]?.string != nil)
    }
  }

  static let writes: [(method: HTTPRequest.Method, path: String, words: String)] = [
    (.post, "/alertmanager/api/v2/silences", "belfry silence add"),
    (.delete, "/alertmanager/api/v2/silence/00000000-0000-0000-0000-000000000000", "removing its file ends it"),
    (.post, "/alertmanager/api/v2/alerts", "alerts come from the rules in git"),
    (.put, "/alertmanager/api/v2/status", "changed by commits"),
    (.post, "/prometheus/api/v1/query", "set the data source's HTTP method to GET"),
    (.post, "/prometheus/api/v1/query_range?query=up", "Belfry stores no series"),
    (.post, "/prometheus/api/v1/rules/a", "rules live in git"),
    (.delete, "/prometheus/config/v1/rules/a", "rules live in git"),
    (.post, "/prometheus/api/v1/admin/tsdb/delete_series", "changed by commits"),
  ]

  @Test(arguments: writes)
  func `refuse writes, and say how the same is done in git`(
    method: HTTPRequest.Method, path: String, words: String
  ) async throws {
    for front in ["", "/tenants/shop"] {
      let answer = try await Asking().send(front + path, method, body: ByteBuffer(string: #"{"matchers":[]}"#))
      #expect(answer.status == 405)
      #expect(answer.headers[.allow] == "GET, HEAD")
      #expect(answer.text.contains(words), "\(answer.text)")
      #expect(answer.headers[.contentLength].flatMap { Int($0) } == answer.text.utf8.count)
      let text = try path.hasPrefix("/alertmanager") ? answer.json.string : answer.json["error"]?.string
      #expect(text?.hasPrefix("'\(method.rawValue)' is not served") == true)
    }
  }

  @Test func `page rule groups until the end, each once`() async throws {
    var files: [String] = []
    var token: String?
    for page in 0..<10 {
      let path = "/prometheus/api/v1/rules?group_limit=1" + (token.map { "&group_next_token=" + $0 } ?? "")
      let data = try await Asking().send(path).json["data"]
      files += data?["groups"]?.array?.compactMap { $0["file"]?.string } ?? []
      token = data?["groupNextToken"]?.string
      if token == nil { break }
      #expect(page < 9)
    }
    #expect(files == World.ruleGroups.map(\.file))
    #expect(RuleQuery.token(file: "a", group: "b").utf8.count == 64)
  }

  static let ruleFilters: [(query: String, names: [String])] = [
    ("type=record", ["instance:errors:rate5m"]), ("type=Alert&rule_group[]=nix", []),
    ("rule_name[]=Lost&rule_name[]=BillingDown", ["BillingDown", "Lost"]),
    ("rule_name%5B%5D=Lost", ["Lost"]),
    ("file[]=tenants/shop/rules.yaml", ["Lost"]), ("rule_group[]=own&type=record", ["instance:errors:rate5m"]),
    ("match[]=%7Bteam=%22shop%22%7D", ["instance:errors:rate5m"]),
    ("match[]=%7Bteam=%22shop%22%7D&match[]=%7Bseverity=~%22c.*%22%7D", ["BillingDown", "CheckoutErrors", "Lost", "instance:errors:rate5m"]),
    // What a template fills is not known.
    ("match[]=%7Bdynamic!=%22%22%7D", []), ("match[]=up", []),
  ]

  @Test(arguments: ruleFilters)
  func `find the rules that Prometheus's filters mean`(query: String, names: [String]) async throws {
    let answer = try await Asking().send("/prometheus/api/v1/rules?" + query)
    let groups = try answer.json["data"]?["groups"]?.array ?? []
    let found = groups.flatMap { $0["rules"]?.array ?? [] }.compactMap { $0["name"]?.string }.sorted()
    #expect(found == names.sorted(), "\(answer.text)")
  }

  @Test(arguments: documents.map(\.path) + requests.filter { $0.status == 200 }.map(\.path))
  func `show a reader nothing of other tenants, nor of the platform`(path: String) async throws {
    var asking = try `Who may read`.asking(ScriptedSource(isCareless: true))
    asking.host = "127.0.0.1"
    let answer = try await asking.send(path, headers: `Who may read`.shop)
    #expect(answer.status == 200)
    #expect(!answer.text.contains("illing") && !answer.text.contains("BelfryChannelFailing"), "\(answer.text)")
    if !path.hasPrefix("/tenants") {
      #expect(try await asking.send("/tenants/billing" + path, headers: `Who may read`.shop).status == 404)
    }
  }

  @Test(arguments: [
    ("1+1", 2.0), (" 6 / 4 ", 1.5), ("7", 7), ("2*3", 6), ("1-3", -2), ("1/0", .infinity), ("", nil), ("up", nil),
    ("1+", nil), ("+1", nil), ("1+1+1", nil), ("vector(1)", nil), ("1e9", nil), ("9999999999999999", nil),
  ] as [(String, Double?)])
  func `count where no series is needed`(text: String, value: Double?) async throws {
    let path = "/prometheus/api/v1/query?query=" + text.replacing("+", with: "%2B").replacing(" ", with: "%20")
    let answer = try await Asking().send(path)
    #expect(answer.status == (value == nil ? 422 : 200))
    guard let value else { return }
    #expect(try answer.json["data"]?["result"]?[1]?.string == value.plainAsGo)
  }

  @Test func `give a silence one UUID for ever, by which it is found`() async throws {
    let uuid = SilenceUUID(of: "shop Silence migration")
    #expect(uuid.text == "611444b7-fd02-8183-91fe-a22130fddd45")
    #expect(SilenceUUID(uuid.text.uppercased()) == uuid)
    for text in ["", "x", uuid.text + "0", uuid.text.replacing("-", with: ""), "g" + uuid.text.dropFirst()] {
      #expect(SilenceUUID(text) == nil)
    }
    let listed = try await Asking().send("/tenants/shop/alertmanager/api/v2/silences").json[0]
    let id = try #require(listed?["id"]?.string)
    let one = try await Asking().send("/tenants/shop/alertmanager/api/v2/silence/" + id)
    #expect(try one.status == 200 && one.json == listed)
    #expect(try await Asking().send("/tenants/nobody/alertmanager/api/v2/silence/" + id).status == 404)
  }
}
