import Hummingbird
import JSON
import Model
import StatusAPI
import Testing

@Suite struct `Requests` {
  @Test(arguments: [HTTPRequest.Method.post, .put, .delete, .patch, .options, .trace])
  func `with anything but GET and HEAD are refused`(method: HTTPRequest.Method) async throws {
    for path in ["/", "/livez", "/api/v1/status", "/nothing"] {
      let answer = try await Asking().send(path, method)
      #expect(answer.status == 405)
      #expect(answer.headers[.allow] == "GET, HEAD")
      #expect(try answer.errorCode == "method-not-allowed")
    }
  }

  @Test(arguments: ["/", "/livez", "/metrics", "/api/v1/status", "/api/v1/alerts", "/nothing"])
  func `with HEAD get the headers of GET and no body`(path: String) async throws {
    let get = try await Asking().send(path)
    let head = try await Asking().send(path, .head)
    #expect(head.status == get.status && head.text.isEmpty)
    #expect(head.headers[.contentLength] == String(get.text.utf8.count))
    #expect(head.headers[.contentType] == get.headers[.contentType])
  }

  @Test(arguments: [
    "/nothing", "/api", "/api/v1", "/api/v2/status", "/api/v1/status/", "/api/v1/tenants/",
    "/api/v1/tenants/shop/projects",
    "/api/v1/tenants/nobody", "/api/v1/tenants/shop/projects/nothing", "/api/v1/revisions/1234567",
    "/api/v1/syncs/99", "/api/v1/alerts/0000000000000000", "/api/v1//status",
    "/api/v1/resource?id=" + ResourceID(.tenant("shop"), .channel, "gone").opaque,
  ])
  func `for what isn't there get a 404`(path: String) async throws {
    let answer = try await Asking().send(path)
    #expect(answer.status == 404)
    #expect(try answer.errorCode == "not-found")
  }

  static let refused: [(path: String, message: String)] = [
    (
      "/api/v1/alerts?tennant=shop",
      "no parameter is named 'tennant' here; accepted are cursor, limit, matcher, project, state, tenant"
    ),
    ("/api/v1/status?x=1", "no parameter is named 'x' here; it takes none"),
    ("/api/v1/alerts?limit=0", "'limit' is '0'; accepted: 1 to 1000"),
    ("/api/v1/alerts?limit=1001", "'limit' is '1001'; accepted: 1 to 1000"),
    ("/api/v1/alerts?limit=9&limit=8", "'limit' is given twice; give it once"),
    ("/api/v1/alerts?state=red", "'state' is 'red'; accepted are pending, firing"),
    ("/api/v1/alerts?state=resolved", "'state' is 'resolved', and only live alerts are here; see /api/v1/history"),
    (
      "/api/v1/alerts?project=checkout",
      "'project' stands without 'tenant'; two tenants may have a project of one name, so give both"
    ),
    (
      "/api/v1/alerts?cursor=xyz",
      "'cursor' is 'xyz'; accepted: what 'next' of the page before says, unchanged, for the same list"
    ),
    (
      "/api/v1/alerts?matcher=severity",
      "'matcher' is 'severity': expected one of =, !=, =~ and !~ after the label name, at byte 8"
    ),
    ("/api/v1/alerts?tenant=%zz", "the query's 'tenant=%zz' is not percent-encoded UTF-8"),
    ("/api/v1/alerts?tenant=%ff", "the query's 'tenant=%ff' is not percent-encoded UTF-8"),
    (
      "/api/v1/resources?kind=Rule",
      "'kind' is 'Rule'; accepted: " + Kind.allCases.map(\.rawValue).joined(separator: ", ")
    ),
    ("/api/v1/resource", "'id' is missing; give an id that /api/v1/resources lists"),
    ("/api/v1/resource?id=b2", "'id' is 'b2'; accepted: an id as /api/v1/resources lists it, unchanged"),
    ("/api/v1/revisions/9f2c", "'9f2c' is no commit; accepted: its hexadecimal digits, at least the first 7"),
    ("/api/v1/revisions/9f2cxyz", "'9f2cxyz' is no commit; accepted: its hexadecimal digits, at least the first 7"),
    ("/api/v1/syncs/x", "'x' is no sync; accepted: a number that /api/v1/syncs lists"),
    ("/api/v1/alerts/12", "'12' is no fingerprint; accepted: 16 hexadecimal digits, as /api/v1/alerts lists them"),
    (
      "/api/v1/history?since=yesterday",
      "'since' is 'yesterday'; accepted: a time in RFC 3339 such as 2026-11-20T08:00:00Z, a '+' in it written as %2B"
    ),
    (
      "/api/v1/deliveries?outcome=lost",
      "'outcome' is 'lost'; accepted: delivered, rejected, throttled, unreachable, observed, held"
    ),
  ]

  @Test(arguments: refused)
  func `that can't be understood are told why`(path: String, message: String) async throws {
    let answer = try await Asking().send(path)
    #expect(answer.status == 400)
    #expect(try answer.errorMessage == message)
  }

  @Test func `for a commit of which there are several are asked for more digits`() async throws {
    let answer = try await Asking().send("/api/v1/revisions/ABCDEFA")
    #expect(answer.status == 409)
    #expect(try answer.errorCode == "ambiguous")
  }

  @Test func `with a body are refused`() async throws {
    let answer = try await Asking().send("/api/v1/status", body: ByteBuffer(string: "{}"))
    #expect(answer.status == 413 && answer.headers[.connection] == "close")
    let chunked = try await Asking().send("/api/v1/status", headers: [.transferEncoding: "chunked"])
    #expect(chunked.status == 413)
  }

  @Test func `longer than the limit are refused`() async throws {
    let answer = try await Asking().send("/api/v1/alerts?matcher=" + String(repeating: "a", count: 9000))
    #expect(answer.status == 414)
  }

  @Test(arguments: [
    "", "*", "http:", "http://", "http:///", "x:y", "//", "///", "/?", "/?&&", "/?=", "/%", "/%0", "/#",
    "/api/v1/alerts?a%00=b",
    "/api/v1/tenants/%00", "/api/v1/tenants/..%2f..", "/api/v1/resource?id=AAAA", "/api/v1/syncs/9223372036854775808",
    "https://example.com", "http://example.com/livez?verbose",
  ])
  func `of any shape get an answer`(target: String) async throws {
    let answer = try await Asking().send(target)
    #expect((200..<500).contains(answer.status))
  }

  @Test func `find alerts by matchers, states and scope`() async throws {
    func names(_ query: String) async throws -> [String] {
      let answer = try await Asking().send("/api/v1/alerts?" + query)
      return (try answer.json["items"]?.array ?? []).compactMap { $0["labels"]?["alertname"]?.string }.sorted()
    }
    #expect(try await names("state=pending") == ["CheckoutErrors"])
    #expect(try await names("tenant=shop&state=firing") == ["CheckoutErrors", "Lost"])
    #expect(try await names("tenant=shop&project=checkout").count == 2)
    #expect(try await names("matcher=severity%3D%22critical%22&matcher=instance%3D~%22web-.*%22").count == 2)
    #expect(try await names("matcher=%7Bseverity%3Dinfo%7D") == ["Lost"])
    #expect(try await names("tenant=nobody").isEmpty)
  }

  @Test(arguments: [
    "/api/v1/resources", "/api/v1/alerts", "/api/v1/history", "/api/v1/audit", "/api/v1/syncs", "/api/v1/deliveries",
    "/api/v1/groups",
  ])
  func `for one page after the other see each element once`(path: String) async throws {
    func items(_ answer: Answer) throws -> [JSONValue] { try answer.json["items"]?.array ?? [] }
    let whole = try items(try await Asking().send(path))
    #expect(!whole.isEmpty)
    var collected: [JSONValue] = []
    var query = "?limit=1"
    for _ in 0...whole.count {
      let answer = try await Asking().send(path + query)
      collected += try items(answer)
      guard let next = try answer.json["next"]?.string else { break }
      query = "?limit=1&cursor=" + next
    }
    #expect(collected == whole)
  }

  @Test func `with a cursor of another list are refused`() async throws {
    let next = try #require(try await Asking().send("/api/v1/resources?limit=1").json["next"]?.string)
    #expect(try await Asking().send("/api/v1/alerts?cursor=" + next).status == 400)
    #expect(try await Asking().send("/api/v1/history?cursor=" + next).status == 400)
  }

  @Test func `carry the headers of a page that nothing may be embedded in`() async throws {
    for path in ["/", "/livez", "/api/v1/status", "/nothing", "/assets/style.css"] {
      let headers = try await Asking().send(path).headers
      #expect(headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
      #expect(headers[.contentSecurityPolicy]?.contains("unsafe") == false)
      #expect(headers[.xContentTypeOptions] == "nosniff")
      #expect(headers.contains { $0.name.canonicalName == "referrer-policy" && $0.value == "no-referrer" })
      #expect(headers[.cacheControl] == (path.hasSuffix(".css") ? "private, no-cache" : "no-store"))
    }
  }
}

@Suite struct `Probes` {
  @Test func `answer ok while the process lives`() async throws {
    for path in ["/livez", "/healthz", "/readyz"] {
      let answer = try await Asking(host: "0.0.0.0").send(path)
      #expect(answer.status == 200 && answer.text == "ok\n")
    }
  }

  @Test func `list their checks when asked`() async throws {
    let answer = try await Asking().send("/readyz?verbose")
    #expect(answer.text == "[+]first-sync ok\n[+]ledger ok\nok\n")
  }

  @Test func `tell why only to those who may read`() async throws {
    let source = ScriptedSource(checks: [
      .init(name: "first-sync", failure: "the first sync has not ended"), .init(name: "ledger"),
    ])
    let near = try await Asking(source: source).send("/readyz")
    #expect(near.status == 503)
    #expect(near.text == "[-]first-sync failed: the first sync has not ended\n[+]ledger ok\nnot ready\n")
    let far = try await Asking(source: source, host: "0.0.0.0").send("/readyz?verbose")
    #expect(far.status == 503)
    #expect(far.text == "[-]first-sync failed: reason withheld\n[+]ledger ok\nnot ready\n")
    #expect(try await Asking(source: source).send("/readyz?exclude=first-sync").status == 200)
    #expect(try await Asking(source: source).send("/livez").status == 200)
  }
}

@Suite struct `Metrics` {
  @Test func `are in Prometheus's text format`() async throws {
    let answer = try await Asking().send("/metrics")
    #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
    #expect(
      answer.text == #"""
        # HELP belfry_up_seconds How long it runs.\nIn seconds, with a \\.
        # TYPE belfry_up_seconds gauge
        belfry_up_seconds 42.5
        # HELP belfry_alerts Live alerts.
        # TYPE belfry_alerts gauge
        belfry_alerts{tenant="a\"b\\c\nd",state="firing"} 3
        belfry_alerts{tenant="x",state="pending"} +Inf
        belfry_alerts{tenant="shop",state="firing"} 2
        # HELP belfry_sync_duration_seconds Syncs.
        # TYPE belfry_sync_duration_seconds histogram
        belfry_sync_duration_seconds_bucket{le="0.1"} 1
        belfry_sync_duration_seconds_bucket{le="+Inf"} 2
        belfry_sync_duration_seconds_sum 0.25
        belfry_sync_duration_seconds_count 2

        """#)
  }
}
