import Foundation
import Testing

@Suite struct `The description of the API, asked of a controller,` {
  /// The folders of `PATH`.
  private static func has(_ program: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: $0 + "/" + program)
    }
  }

  @Test(.enabled(if: has("openapi-spec-validator"), "openapi-spec-validator isn't installed: make deps-test"))
  func `is OpenAPI 3.1`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try await world.run("/usr/bin/curl", ["-sf", "-o", world.path("openapi.json"), controller.url + "/openapi.json"])
      let judged = try await world.run(
        "/usr/bin/env", ["openapi-spec-validator", "--errors", "all", world.path("openapi.json")])
      #expect(judged.code == 0, "\(judged.output)\(judged.errors)")
    }
  }

  @Test(.enabled(if: has("schemathesis"), "schemathesis isn't installed: make deps-test"))
  func `holds for whatever schemathesis thinks of`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [
        "tenants/shop/silences.yaml": World.silence("window", "instance=\"web-2\""),
        "tenants/shop/api/more.yaml": World.rules([("Slow", "slow > 1")], group: "more", hold: "1h"),
        "tenants/billing/tenant.yaml": World.tenant("billing", hook: world.pages.url + "/billing"),
        "tenants/billing/rules.yaml": World.rules([("Broken", "up ==")]),
      ])
      world.prometheus.set("up == 0", [["instance": "web-1", "severity": "critical"], ["instance": "web-2"]])
      world.prometheus.set("slow > 1", [["instance": "web-1"]])
      let controller = try await world.controller()
      try await controller.alert("Down", is: "firing")
      try await controller.alert("Slow", is: "pending")
      try await controller.eventually("a delivery is recorded") {
        !(try await controller.items("deliveries")).isEmpty
      }
      try world.write(hooks, to: "hooks.py")
      try world.write(settings, to: "schemathesis.toml")
      let run = try await world.run(
        "/usr/bin/env",
        [
          "schemathesis", "--config-file", world.path("schemathesis.toml"), "--no-color", "run",
          controller.url + "/openapi.json",
        ], environment: ["PYTHONPATH": world.folder])
      if run.code != 0 {
        Issue.record("schemathesis found something:\n\(run.output.suffix(20_000))\n\(run.errors.suffix(2000))")
      } else if ProcessInfo.processInfo.environment["BELFRY_SHOW"] == "1" {
        print(run.output.suffix(3000))
      }
      #expect(controller.process.isRunning && !controller.log.contains("level=error"))
    }
  }
}

/// How schemathesis is to ask: everything but the stream of events, which has no end.
private let settings = """
  seed = 20261120
  hooks = "hooks"
  workers = 2
  warnings = false

  [generation]
  database = "none"
  max-examples = 20
  deterministic = true

  [phases.stateful]
  enabled = false

  [[operations]]
  include-path = "/api/v1/events"
  enabled = false

  # A number is a text in a query, and tokens of the wrong form are dropped below.
  [[operations]]
  include-path-regex = "/prometheus/api/v1/rules"
  [operations.checks.negative_data_rejection]
  enabled = false

  [[operations]]
  include-path-regex = "/prometheus/api/v1/query"
  [operations.checks.positive_data_acceptance]
  expected-statuses = ["2xx", "404", "422", "429"]

  """

/// The forms that no pattern tells, and what one parameter asks of another.
private let hooks = #"""
  import base64

  import schemathesis
  from hypothesis import strategies as st


  def key(*parts):
      return base64.urlsafe_b64encode("\0".join(parts).encode()).decode().rstrip("=")


  names = st.sampled_from(["hook", "rules.yaml:group", "default", "é", "a/b"])
  kinds = st.sampled_from(["Channel", "RuleGroup", "Silence", "Route"])
  resources = st.builds(lambda kind, name: key("r1", "shop", "", kind, name), kinds, names)
  numbers = st.integers(0, 2**62).map(lambda number: key("n1", str(number)))
  examples = {
      "belfry-matchers": [
          'severity="critical"', 'severity=~"crit.*",instance!=""', '{alertname!~"Down"}', "a=b", '"é"="ü"', "{}"
      ],
      "belfry-selector": ["up", '{severity="critical"}', 'up{job=~"a|b"}'],
      "belfry-pattern": ["shop/hook", ".*", "shop.+"],
      "belfry-moment": ["8h", "30d", "1d12h", "2026-11-20T08:00:00Z", "2026-11-20T08:00:00.5+02:00", "0s"],
  }
  forms = {
      **{name: st.sampled_from(texts) for name, texts in examples.items()},
      "belfry-resource": resources,
      "belfry-cursor-resources": resources,
      "belfry-cursor-silences": resources,
      "belfry-cursor-channels": resources,
      "belfry-cursor-records": numbers,
      "belfry-cursor-groups": names.map(lambda name: key("g1", "shop", name)),
      "belfry-cursor-rules": st.builds(lambda group, place: key("u1", group, str(place)), resources, st.integers(0, 9)),
      "belfry-cursor-alerts": resources.map(lambda group: key("a1", "682a41a4b645c8f8", group, "Down")),
      "belfry-event": st.builds(lambda a, b: f"{a:x}-{b:x}", st.integers(0, 2**60), st.integers(0, 2**60)),
      "belfry-group-token": st.just(""),
  }
  for name, strategy in forms.items():
      schemathesis.openapi.format(name, strategy)


  def is_key(text):
      try:
          tag = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).split(b"\0")[0]
      except ValueError:
          return False
      return tag in (b"r1", b"n1", b"a1", b"u1", b"g1")


  # What a form takes. A judge who doesn't know the forms thinks any text good.
  takes = {
      "cursor": is_key,
      "matcher": examples["belfry-matchers"].__contains__,
      "filter": examples["belfry-matchers"].__contains__,
      "match[]": examples["belfry-selector"].__contains__,
      "receiver": examples["belfry-pattern"].__contains__,
      "group_next_token": lambda text: False,
  }
  windows = {"since": examples["belfry-moment"].__contains__, "until": examples["belfry-moment"].__contains__}


  @schemathesis.hook
  def before_call(context, case, kwargs):
      query = case.query or {}
      has_window = case.operation.path in ("/api/v1/stats", "/api/v1/changes")
      for name, takes_it in {**takes, **(windows if has_window else {})}.items():
          if isinstance(query.get(name), list):
              query[name] = [text for text in query[name] if takes_it(text)]
          elif name in query and not takes_it(str(query[name])):
              query.pop(name)
      # These two are taken only with another beside them, which OpenAPI has no word for.
      if "project" in query and not query.get("tenant"):
          query.pop("project")
      if case.meta is not None and case.meta.generation.mode.is_negative:
          # Nothing between '=' and '&' counts as not given, which no word of a schema says.
          for name, value in list(query.items()):
              if value == "" or value == [""]:
                  if name == "id":
                      query.pop(name)
                  else:
                      query[name] = "?"
      # The window must begin before it ends.
      if case.operation.path == "/api/v1/stats" and query.get("since") and query.get("until"):
          query.pop("until")

  """#
