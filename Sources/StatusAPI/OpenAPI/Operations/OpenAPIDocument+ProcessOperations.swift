import JSON

extension OpenAPIDocument {
  /// The process itself.
  static var processOperations: [APIOperation] {
    [
      probe("/livez", "isAlive", "Whether the process answers at all"),
      probe("/healthz", "isHealthy", "The same by its older name"),
      probe("/readyz", "isReady", "Whether the first sync attempt has ended", [.unavailable]),
      APIOperation(
        path: "/version", id: "getVersion", tag: .process, summary: "What was built", body: .json(.named("Version"))),
      APIOperation(
        path: "/metrics", id: "getMetrics", tag: .process, summary: "The process's metrics",
        description: "For readers who may see everything.",
        body: .text(.metrics, "Prometheus's text format 0.0.4."), refusals: [.forbidden]),
      APIOperation(
        path: "/openapi.json", id: "getOpenAPI", tag: .process, summary: "This document",
        body: .json(Schema.map(to: Schema([]))), refusals: [.notModified]),
    ]
  }

  private static func probe(
    _ path: String, _ id: String, _ summary: String, _ refusals: [APIOperation.Refusal] = []
  ) -> APIOperation {
    APIOperation(
      path: path, id: id, tag: .process, summary: summary,
      description: "Asks for no credentials; why a check fails is told only to those who may read.",
      parameters: [
        .query("verbose", .text, "Given, and not `false` or `0`: a line for each check."),
        .query("exclude", .list(of: .text), "Checks to leave out."),
      ], body: .text(.text, "`ok`, behind a line for each check where asked for."), refusals: refusals, isOpen: true)
  }
}
