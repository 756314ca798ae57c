import Foundation
import JSON
import Model
import PromQL
import TestKit
import Testing

@testable import Controller

/// The root of this repository.
private let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

@Suite struct `What clients make of answers` {
  private static let strange: [(LoopbackAnswer, code: Int32, says: String)] = [
    (
      LoopbackAnswer(status: 200, headers: [Label("Content-Type", "text/html")], body: "<html>log in</html>"), 1,
      "answered 200 without JSON, but a page for browsers; is it a belfry, or a proxy's login page?"
    ),
    (
      .json(#"{"error":{"code":"unauthorised","message":"no token"}}"#, status: 401), 5,
      "give --token or set BELFRY_TOKEN"
    ),
    (.json(#"{"error":{"code":"forbidden","message":"metrics tell of all"}}"#, status: 403), 5, "metrics tell of all"),
    (LoopbackAnswer(status: 403, body: "denied"), 5, "a proxy in front asks for something of its own"),
    (
      LoopbackAnswer(status: 302, headers: [Label("Location", "https://login.example.com/?back=secret")]), 1,
      "redirects to https://login.example.com/ (302); give the address behind it as --url"
    ),
    (.json(#"{"items": [{"state": "fir"#), 1, "answered JSON that is cut off or damaged"),
    (
      LoopbackAnswer(
        headers: [Label("Content-Type", "application/json")], body: #"{"items": []}"#, delivery: .cut(afterBytes: 5)),
      6,
      "can't be reached"
    ),
    (LoopbackAnswer(status: 429, headers: [Label("Retry-After", "7")], body: "{}"), 6, "asked again in 7 s"),
    (
      .json(#"{"error":{"code":"unavailable","message":"the ledger can't be read"}}"#, status: 503), 6,
      "the ledger can't be read"
    ),
    (LoopbackAnswer(status: 502, body: "bad gateway"), 6, "answered 502 without JSON"),
    (.json(#"{"title":"Bad","detail":"'limit' is 5000"}"#, status: 400), 1, "'limit' is 5000"),
  ]

  @Test(arguments: strange.indices) func `a strange answer gets clear words and the right code`(_ index: Int)
    async throws
  {
    let (answer, code, words) = Self.strange[index]
    try await inWorld { world in
      let server = try LoopbackHTTPServer { _ in answer }
      defer { server.stop() }
      let finished = try await world.belfry("alerts", "--url", server.url + "/belfry/")
      #expect(finished.code == code, "\(finished.errors)")
      #expect(finished.errors.contains(words), "\(finished.errors)")
      #expect(!finished.errors.contains("secret"))
      #expect(server.requests.first?.target.hasPrefix("/belfry/api/v1/alerts") == true)
    }
  }

  @Test(arguments: [
    ["--url", "belfry.example.com"], ["--url", "http://ana:pw@127.0.0.1:1"], ["--url", "http://127.0.0.1:1/?a=b"],
    ["--token-file", "nowhere"], ["--cert-file", "a.pem"], ["--limit", "0"], ["--project", "api"],
  ]) func `what can't be asked is a matter of usage`(_ arguments: [String]) async throws {
    try await inWorld { world in
      let finished = try await world.run(World.belfry, ["alerts"] + arguments)
      #expect(finished.code == 64, "\(finished.errors)")
      #expect(!finished.errors.contains("pw@"))
    }
  }

  @Test func `pages are joined, and the token comes from a file`() async throws {
    try await inWorld { world in
      let server = try LoopbackHTTPServer { request in
        guard request.header("Authorization") == "Bearer letmein" else { return .json("{}", status: 401) }
        if request.query.contains("cursor=two") {
          return .json(#"{"items": [{"state": "firing", "n": 2}], "next": null}"#)
        }
        return .json(#"{"items": [{"state": "pending", "n": 1}], "next": "two"}"#)
      }
      defer { server.stop() }
      try world.write("letmein\n", to: "token")
      let base = ["alerts", "--url", server.url, "--token-file", world.path("token"), "--format", "json"]
      let all = try await world.run(World.belfry, base + ["--fail-on", "firing"])
      #expect(all.code == 3, "\(all.errors)")
      let document = try JSONValue(parsing: all.output)
      #expect(document["items"]?.array?.compactMap { $0["n"]?.int } == [1, 2])
      #expect(document["next"]?.isNull == true)
      let one = try await world.run(World.belfry, base + ["--limit", "1", "--fail-on", "firing"])
      #expect(one.code == 0)
      #expect(try JSONValue(parsing: one.output)["next"]?.string == "two")
    }
  }

  @Test func `an alert is explained by fingerprint, by its beginning and by its name`() async throws {
    try await inWorld { world in
      let alerts = """
        {"items": [{"fingerprint": "682a41a4b645c8f8", "scope": "shop/checkout", "tenant": "shop", "project": "checkout",
        "state": "firing", "labels": {"alertname": "Down", "instance": "a"}, "value": "1"},
        {"fingerprint": "682b000000000000", "scope": "shop", "tenant": "shop", "project": null,
        "state": "firing", "labels": {"alertname": "Down", "instance": "b"}, "value": "1"}], "next": null}
        """
      let explanation = try String(
        contentsOfFile: root + "/Tests/Golden/ControllerTests/explanation.json", encoding: .utf8)
      let server = try LoopbackHTTPServer { request in
        if request.path == "/api/v1/alerts/682a41a4b645c8f8" { return .json(explanation) }
        guard request.path == "/api/v1/alerts" else { return .json("{}", status: 404) }
        let first = alerts.replacing(/(?s),\s*\{"fingerprint": "682b.*\}\]/, with: "]")
        return .json(request.query.contains("instance") ? first : alerts)
      }
      defer { server.stop() }
      let whole = try await world.belfry("explain", "--url", server.url, "682A41a4b645c8f8")
      #expect(whole.code == 0, "\(whole.errors)")
      #expect(try await world.belfry("explain", "--url", server.url, "682a").output == whole.output)
      #expect(try await world.belfry("explain", "--url", server.url, "Down", "instance=a").output == whole.output)
      // How long ago things were depends on when the test runs.
      let text = whole.output.replacing(/, [0-9dhm]+ ago/, with: ", AGO")
      #expect(goldenDifference(text, "explain.txt") == nil, "\(goldenDifference(text, "explain.txt") ?? "")")
      let several = try await world.belfry("explain", "--url", server.url, "682")
      #expect(several.code == 1)
      let ambiguous = try await world.belfry("explain", "--url", server.url, "Down")
      #expect(ambiguous.code == 1 && ambiguous.errors.contains("2 alerts fit"), "\(ambiguous.errors)")
      let none = try await world.belfry("explain", "--url", server.url, "ffff")
      #expect(none.code == 1 && none.errors.contains("no live alert's fingerprint begins with 'ffff'"))
    }
  }

  @Test func `what is watched is told as it changes, and Ctrl-C ends it with 0`() async throws {
    try await inWorld { world in
      world.prometheus.set("up == 0", [["instance": "a"]])
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      let watch = try world.start(World.belfry, ["alerts", "--watch", "--url", controller.url])
      try await controller.eventually("the alert is told") { watch.output.contains(" firing  Down  shop/api") }
      world.prometheus.set("up == 0", [])
      try await controller.eventually("its end is told") { watch.output.contains(" gone  Down  shop/api") }
      watch.signal(SIGINT)
      #expect(await watch.ended() == 0)
      #expect(watch.output.split(separator: "\n").count <= 4, "\(watch.output)")
    }
  }

  @Test func `bash completes verbs and flags`() async throws {
    try await inWorld { world in
      try world.write(
        """
        PATH=\(URL(fileURLWithPath: World.belfry).deletingLastPathComponent().path):$PATH
        source <(belfry completions bash) || exit 9
        complete_line() {
          COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
          _belfry "$1" "${@: -1}" "${@: -2:1}" 2>/dev/null; echo "${COMPREPLY[*]}"
        }
        complete_line belfry sta
        complete_line belfry alerts --sev
        complete_line belfry alerts --format ""

        """, to: "complete.bash")
      let finished = try await world.run("/usr/bin/env", ["bash", world.path("complete.bash")])
      let lines = finished.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      try #require(lines.count >= 3, "\(finished.output)\(finished.errors)")
      #expect(lines[0].contains("status") && lines[0].contains("stats"), "\(lines)")
      #expect(lines[1].contains("--severity"), "\(lines)")
      #expect(lines[2].contains("text") && lines[2].contains("json"), "\(lines)")
      for shell in ["zsh", "fish"] {
        #expect(try await world.belfry("completions", shell).output.contains("alerts"))
      }
    }
  }

  @Test func `every verb's help has an example`() throws {
    let commands = root + "/Sources/Controller/Commands/"
    for file in try FileManager.default.contentsOfDirectory(atPath: commands) where file.hasSuffix(".swift") {
      let text = try String(contentsOfFile: commands + file, encoding: .utf8)
      for part in text.split(separator: "= CommandConfiguration(").dropFirst() {
        let head = part.split(separator: "func run()")[0]
        guard !head.contains("subcommands:"), !head.contains("shouldDisplay: false") else { continue }
        #expect(head.contains("Example: belfry") || head.contains("Examples:\n"), "\(file): \(head.prefix(80))")
      }
    }
  }
}

@Suite struct `Watching Belfry` {
  private let folder = root + "/examples/monitoring"

  @Test(.enabled(if: RealServer.isInstalled("/usr/bin/promtool"), "promtool is not installed"))
  func `promtool and belfry pass the example's tests`() async throws {
    try await inWorld { world in
      for command in [
        ["/usr/bin/promtool", "test", "rules", "belfry.test.yaml"], [World.belfry, "test", "belfry.test.yaml"],
      ] {
        let finished = try await world.run("/usr/bin/env", ["-C", folder] + command)
        #expect(finished.code == 0, "\(finished.output)\(finished.errors)")
      }
    }
  }

  @Test func `every metric of rules and dashboard exists, and every expression parses`() throws {
    let known = try MetricNames.documented().union(["up"])
    var expressions: [String] = []
    let dashboard = try JSONValue(
      parsing: try String(contentsOfFile: folder + "/grafana-dashboard.json", encoding: .utf8))
    for panel in dashboard["panels"]?.array ?? [] {
      #expect(panel["title"]?.string?.isEmpty == false && panel["gridPos"]?["w"]?.int ?? 0 > 0)
      expressions += (panel["targets"]?.array ?? []).compactMap { $0["expr"]?.string }
    }
    #expect(expressions.count > 30)
    let rules = try String(contentsOfFile: folder + "/belfry.rules.yaml", encoding: .utf8)
    for (line, text) in rules.split(separator: "\n").enumerated() where text.contains("runbook_url: ") {
      let anchor = text.split(separator: "#").last.map(String.init) ?? ""
      #expect(Self.anchors.contains(anchor), "line \(line): \(anchor)")
    }
    for name in rules.matches(of: /\b((?:belfry|process)_[a-z_]+)\b/).map({ String($0.1) }) {
      #expect(known.contains(name), "\(name)")
    }
    for expression in expressions {
      let text = expression.replacing("$__rate_interval", with: "5m").replacing("$job", with: "belfry")
      #expect(Expr.parse(text).problems.isEmpty, "\(text)")
      for match in text.matches(of: /\b((?:belfry|process)_[a-z_]+)\b/) {
        let name = String(match.1)
        let family =
          ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) } ?? name
        #expect(known.contains(family), "\(name)")
      }
    }
  }

  private static var anchors: Set<String> {
    let text = (try? String(contentsOfFile: root + "/docs/operating.md", encoding: .utf8)) ?? ""
    return Set(
      text.split(separator: "\n").filter { $0.hasPrefix("## ") }.map {
        $0.dropFirst(3).lowercased().replacing(" ", with: "-").replacing("'", with: "")
      })
  }
}
