import JSON
import Model

extension OpenAPIDocument {
  /// What is live.
  static var liveOperations: [APIOperation] {
    [
      APIOperation(
        path: "/api/v1/status", id: "getStatus", tag: .live, summary: "The whole at a glance",
        body: .json(.named("Status")), refusals: [.notModified])
    ] + scopeOperations + resourceOperations + alertOperations
  }

  private static var scopeOperations: [APIOperation] {
    [
      APIOperation(
        path: "/api/v1/platform", id: "getPlatform", tag: .live, summary: "The platform",
        description: "For readers who may see everything.", body: .json(.named("Project")),
        refusals: [.notModified, .notFound]),
      APIOperation(
        path: "/api/v1/tenants", id: "listTenants", tag: .live, summary: "Every tenant with its projects",
        description: "Without pages.", body: .json(.named("TenantList")), refusals: [.notModified]),
      APIOperation(
        path: "/api/v1/tenants/{tenant}", id: "getTenant", tag: .live, summary: "One tenant",
        parameters: [.path(tenant: "Its name.")], body: .json(.named("Tenant")), refusals: [.notModified, .notFound]),
      APIOperation(
        path: "/api/v1/tenants/{tenant}/projects/{project}", id: "getProject", tag: .live, summary: "One project",
        parameters: [.path(tenant: "Its tenant."), .path(project: "Its name.")], body: .json(.named("Project")),
        refusals: [.notModified, .notFound]),
    ]
  }

  private static var resourceOperations: [APIOperation] {
    [
      APIOperation(
        path: "/api/v1/resources", id: "listResources", tag: .live, summary: "What is applied",
        parameters: [
          .tenant, .project, .query("kind", .words(of: Kind.self), "Only this kind."), .limit, .cursor("resources"),
        ], body: .json(.named("ResourceList")), refusals: [.notModified]),
      APIOperation(
        path: "/api/v1/resource", id: "getResource", tag: .live, summary: "One resource in full",
        parameters: [
          .query("id", .text(format: "belfry-resource"), "As `/api/v1/resources` lists it.", required: true)
        ], body: .json(.named("Resource")), refusals: [.notModified, .notFound]),
    ]
  }

  private static var alertOperations: [APIOperation] {
    [
      APIOperation(
        path: "/api/v1/alerts", id: "listAlerts", tag: .live, summary: "Live alerts",
        parameters: [
          .query(
            "state", .list(of: .words(["pending", "firing"])), "Only these states; both unless given."),
          .tenant, .project, .matcher, .limit, .cursor("alerts"),
        ], body: .json(.named("AlertList")), refusals: [.notModified]),
      APIOperation(
        path: "/api/v1/alerts/{fingerprint}", id: "explainAlert", tag: .live, summary: "One alert explained",
        description: "From its rule to what was sent. `tenant` and `project` tell alerts of one fingerprint apart.",
        parameters: [
          .path(
            "fingerprint", APIParameter.fingerprintSchema, "The alert's, in hexadecimal.", example: "682a41a4b645c8f8"),
          .tenant, .project,
        ], body: .json(.named("AlertExplanation")), refusals: [.notFound, .ambiguous, .unavailable]),
      APIOperation(
        path: "/api/v1/groups", id: "listGroups", tag: .live, summary: "The groups in which alerts are told",
        parameters: [.tenant, .limit, .cursor("groups")], body: .json(.named("GroupList"))),
      APIOperation(
        path: "/api/v1/silences", id: "listSilences", tag: .live, summary: "Silences, whether or not git has them",
        parameters: [.tenant, .project, .limit, .cursor("silences")], body: .json(.named("SilenceList")),
        refusals: [.notModified]),
    ]
  }
}
