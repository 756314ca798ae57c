import Embedded
import Forge
import Git
import Importer
import Model
import PromQL
import Specs
import StatusAPI
import Templates
import Webhook

/// What takes input from outside.
enum FuzzTarget: String, CaseIterable {
  /// PromQL: reading, printing, reading again, analysis.
  case expression
  /// PromQL: evaluating over a few series.
  case evaluation
  case template
  /// The text that scrape targets send.
  case exposition
  /// The notation of series in tests.
  case series
  /// Whole spec files.
  case spec
  /// Commit objects with their signatures.
  case signature
  /// What a forge answers, and what a comment is made of.
  case forge
  /// Push webhooks: headers, then an empty line, then the body.
  case webhook
  /// Requests to the status API: the target, then a header's value on a line of its own.
  case request
  /// Configurations of Alertmanager and Prometheus, and rule files, on their way to specs.
  case arrival

  /// Tries one input; what matters is that it returns.
  func attempt(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    switch self {
    case .expression: Self.readExpression(text)
    case .evaluation: Self.evaluate(text)
    case .template: Self.render(text)
    case .exposition: Self.scrape(input)
    case .series: _ = try? SeriesNotation.parse(text, limit: 10_000)
    case .spec: Self.readSpecs(input)
    case .signature: _ = CommitSignature.standing(ofCommit: input)
    case .forge: Self.readForge(input, text)
    case .webhook: Self.readWebhook(input)
    case .request: Self.readRequest(text)
    case .arrival: Self.arrive(input)
    }
  }

  private static func readForge(_ input: [UInt8], _ text: String) {
    let commit = ObjectID(String(repeating: "ab", count: 20))
    for status in [200, 400, 403] {
      let response = HTTPResponse(
        status: status, headers: [Label("Link", text), Label("Retry-After", text)], body: input)
      _ = ForgeAnswers.hasNextPage(response)
      guard let value = try? ForgeAnswers.document(response, "it", at: .epoch) else { continue }
      _ = try? ForgeAnswers.comments(value)
      _ = try? ForgeAnswers.login(value)
      _ = commit.flatMap { ForgeAnswers.merged(value, $0) }
    }
    guard let marker = CommentMarker("fuzz") else { return }
    for limit in [60, 1000] {
      guard let body = try? CommentBody(text, marker: marker, limit: limit) else { continue }
      precondition(body.text.unicodeScalars.count <= limit, "a comment is longer than its limit")
      precondition(marker.marks(body.text), "a comment has lost its marker")
    }
  }

  /// As a file of a project and as one of the platform, where other kinds may stand; then what the tree says of both.
  private static func readSpecs(_ input: [UInt8]) {
    var tree = SpecTree()
    for path in ["platform/platform.yaml", "tenants/shop/checkout/rules.yaml"] {
      tree.update([(path, SpecFile.parse(path: path, bytes: input))])
    }
    _ = tree.problems
    tree.update([("platform/platform.yaml", nil)])
    _ = tree.isSound(.project(tenant: "shop", project: "checkout"))
  }

  private static func readRequest(_ text: String) {
    let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    RequestTrial.read(target: String(lines[0]), header: lines.count > 1 ? String(lines[1]) : "")
  }

  private static func readWebhook(_ input: [UInt8]) {
    let request = WebhookRequest(message: input)
    guard let secrets = try? WebhookSecrets(parsing: input.count % 2 == 0 ? Array("secret".utf8) : input) else {
      return
    }
    _ = try? request.verified(by: secrets, at: Timestamp(millisecondsSinceEpoch: 1_700_000_000_000))
    // As if its signature fitted.
    for provider in WebhookProvider.allCases { _ = try? request.changes(as: provider) }
  }

  /// What is made of an Alertmanager's configuration has no error.
  private static func arrive(_ input: [UInt8]) {
    let imported = AlertmanagerImport(file: "a.yml", bytes: input)
      .result(templates: [.init(path: "t.tmpl", bytes: input)])
    var tree = SpecTree()
    tree.update(imported.files.map { ($0.path, SpecFile.parse(path: $0.path, bytes: $0.bytes)) })
    precondition(tree.scopes.allSatisfy { tree.isSound($0) }, "what is imported has errors")
    for text in ["label:team", "path:(.*)/(.*)"] {
      guard let placement = try? TenantPlacement(parsing: text) else { continue }
      let files = [ImportedFile(path: "a/b.yml", bytes: input), ImportedFile(path: "a/c/d.yml", bytes: input)]
      _ = PrometheusImport(files, placement: placement).result()
    }
  }

  private static func readExpression(_ text: String) {
    guard let expr = Expr.parse(text).expr else { return }
    let printed = expr.description
    precondition(Expr.parse(printed).expr == expr, "what is printed reads differently")
    precondition(Expr.parse(expr.pretty(width: 20)).expr == expr, "what is printed over lines reads differently")
    _ = expr.meaning
    _ = expr.labelFacts
    _ = ExpressionFacts(expr)
    _ = try? expr.bound(label: "tenant", to: "shop")
  }

  private static let known = FuzzSeries()

  private static func evaluate(_ text: String) {
    guard let expr = Expr.parse(text).expr else { return }
    var settings = EngineSettings()
    settings.sampleLimit = 100_000
    let instant = Timestamp(millisecondsSinceEpoch: 600_000)
    for times in [
      QueryTimes(at: instant), QueryTimes(from: .epoch, through: instant, step: .seconds(60)),
    ] {
      do throws(EvaluationError) {
        _ = try PreparedQuery(expr, times: times, settings: settings).evaluate(known)
      } catch {}
    }
  }

  private static func render(_ text: String) {
    renderNotification(text)
    guard let template = try? Template(parsing: text) else { return }
    let data = TemplateData(name: "__alert_a", labels: ["instance": "a:1", "job": "j"], value: 1.5)
    _ = template.render(data)
  }

  private static func renderNotification(_ text: String) {
    guard let template = try? Template(parsing: text, functions: .notification) else { return }
    _ = template.analysis(library: .notificationDefaults)
    let labels = TemplateValue.labels(["instance": "a:1", "job": "<b>\"'"])
    let root = TemplateMap([("Status", .string("firing")), ("GroupLabels", labels), ("CommonLabels", labels)])
    var scene = TemplateScene(name: "text", root: .map(root))
    for markup in [TemplateScene.Markup.none, .html] {
      scene.markup = markup
      _ = template.expand(scene, library: .notificationDefaults)
    }
  }

  private static func scrape(_ input: [UInt8]) {
    for type in [nil, "application/openmetrics-text"] {
      _ = try? Exposition.series(in: input, contentType: type, now: .epoch)
    }
  }
}

/// A few series of each sort, with gaps, resets, infinities and an end.
private struct FuzzSeries: SeriesSource {
  private let all: [SampleSeries]

  init() {
    let texts = [
      #"http_requests_total{job="a", code="200"} 0+10x5 0+3x10"#,
      #"http_requests_total{job="b", code="500"} _ 1 2 _ 4x4"#,
      #"up{job="a"} 1 0 1 stale _ 1x8"#, #"up{job="b"} NaN Inf -Inf 0 1e308x6"#,
      #"x_bucket{le="0.1"} 0+1x12"#, #"x_bucket{le="1"} 0+3x12"#, #"x_bucket{le="+Inf"} 0+4x12"#,
      #"target_info{job="a", version="2"} 1x12"#,
    ]
    all = texts.compactMap { try? SeriesNotation.parse($0).samples(step: .seconds(60)) }
  }

  func series(for selection: Selection) -> [SampleSeries] {
    all.filter { selection.matchers.accept($0.labels) }
  }
}
